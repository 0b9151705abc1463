"""Everybody authorised falls in one cause, and each planted cause is the one named."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.candidates import with_fields
from staffing.roster.explaining.causes import count_causes
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.stretches import find_stretches
from staffing.roster.explaining.tables import Tables, unplanned
from staffing.roster.explaining.wording import CAUSES, cause_words, reason, sentence
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Lock, Past, Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span, Template
from staffing.roster.wanted import Ceiling, Demand
from tests.staffing.drawn_rosters import full_roster, full_week
from tests.staffing.roster_weeks import WEEK, moment, policy, rules, village_week

MORNING = Template(start=540, end=780)
LATER = Template(start=720, end=960)
LONG = Template(start=540, end=1050, break_start=720, break_end=750)
NEXT = WEEK + timedelta(days=1)


def monday(person: Person | None = None, **fields: object) -> Instance:
    """Monday 9 to 17.30: two on the phone at noon, one at the counter all day."""

    def demand(skill: str, quarter: int, required: int) -> Demand:
        return Demand(
            location="hall",
            skill=skill,
            start=moment(WEEK, 9 + quarter / 4),
            required=required,
            late=(3.0, 1.0, 0.25),
        )

    demands = [demand("phone", q, 2 if 12 <= q < 14 else 0) for q in range(34)]
    demands += [demand("counter", q, 1) for q in range(34)]
    asked = person or Person(
        code="A",
        location="hall",
        skills=("counter", "phone"),
        contract_hours=40,
        days=(WEEK,),
    )
    told = {
        "week": WEEK,
        "zone": "Europe/Amsterdam",
        "policy": policy(),
        "rules": rules(),
        "demands": tuple(demands),
        "templates": (MORNING, LATER, LONG),
        "people": (asked,),
    }
    return Instance.model_validate(told | fields)


def somebody(**fields: object) -> Person:
    return with_fields(monday().people[0], **fields)


def at_work(
    instance: Instance, shape: Template, *skills: str | None, place: str = "hall"
) -> Assignment:
    """A shift on one activity, or on none."""
    shift = unplanned(instance, instance.people[0], WEEK, place, shape)
    working = [
        None if any(p.start <= at < p.end for p in shift.breaks) else skill
        for skill in skills
        for at in [shift.shift.start + i * timedelta(minutes=15) for i in range(34)]
    ][: len(shift.activities)]
    return shift.model_copy(update={"activities": tuple(working)})


def cause(instance: Instance, *shifts: Assignment) -> str:
    """The cause of the one person at the phone's shortfall of noon."""
    tables = Tables(Standing(instance, shifts))
    noon = next(s for s in find_stretches(tables.standing) if s.skill == "phone")
    counts = count_causes(tables, noon)
    assert counts.total() == 1
    return next(iter(counts))


FULL = monday(somebody(contract_hours=3))
NIGHT = Span(start=moment(WEEK - timedelta(days=1), 20), end=moment(WEEK, 3))
TIRED = monday(somebody(past=Past(shifts=(NIGHT,))), templates=(MORNING,))
ELSEWHERE = monday(somebody(elsewhere=("annex",)))
FREE = {
    "off": monday(somebody(days=(NEXT,))),
    "absent": monday(somebody(away=(Away(day=WEEK, start=700, end=800),))),
    "settled": monday(somebody(locks=(Lock(day=WEEK),))),
    "pattern": monday(somebody(most=(2.0,))),
    "unfitting": monday(templates=(Template(start=540, end=660),)),
    "rule:contract_hours": FULL,
    "rule:daily_rest": TIRED,
    "seats": monday(
        ceilings=(Ceiling(location="hall", skills=("phone",), day=WEEK, people=0),)
    ),
    "free": monday(),
}


@pytest.mark.parametrize("expected", FREE)
def test_who_has_no_shift_is_kept_away_by_the_cause_planted(expected):
    assert cause(FREE[expected]) == expected


def test_a_shift_that_costs_more_than_it_saves_does_not_pay():
    cheap = policy().model_copy(
        update={
            "price_late_contact": 0.0,
            "price_short_quarter": 0.01,
            "price_hour": 0.0,
            "price_change": 50.0,
        }
    )
    week = monday(policy=cheap, known={"shifts": ()})
    assert cause(week) == "unpaying"


def test_who_has_a_shift_is_kept_away_by_what_is_done_then():
    week = monday()
    assert cause(week, at_work(week, LONG, "counter")) == "break"
    assert cause(week, at_work(week, MORNING, "phone")) == "here"
    assert cause(week, at_work(week, MORNING, None)) == "idle"
    assert cause(ELSEWHERE, at_work(ELSEWHERE, MORNING, None, place="annex")) == (
        "elsewhere"
    )
    apart = monday(somebody(set_apart=(Away(day=WEEK, start=720, end=750),)))
    assert cause(apart, at_work(apart, MORNING, None)) == "set_apart"


def test_a_shift_that_ends_before_can_move_or_not():
    early = Template(start=540, end=720)
    week = monday(templates=(early, Template(start=600, end=780)))
    assert cause(week, at_work(week, early, "counter")) == "outside"
    fixed = monday(templates=(early,))
    assert cause(fixed, at_work(fixed, early, "counter")) == "outside_fixed"
    locked = monday(somebody(locks=(Lock(day=WEEK, shift=early),)))
    assert cause(locked, at_work(locked, early, "counter")) == "settled"


def test_other_work_is_short_itself_or_needs_them_more_or_could_spare_them():
    week = monday()
    alone = at_work(week, MORNING, "counter")
    helper = somebody(code="B", skills=("counter",))
    two = renewed(week, people=(*week.people, helper))
    second = alone.model_copy(update={"person": "B"})
    assert cause(two, alone, second) == "busy"
    greedy = [
        d.model_copy(update={"late": (90.0, 60.0, 0.0)}) if d.skill == "counter" else d
        for d in two.demands
    ]
    assert cause(renewed(two, demands=tuple(greedy)), alone, second) == "busy_needed"
    short = [
        d.model_copy(update={"required": 3}) if d.skill == "counter" else d
        for d in two.demands
    ]
    assert cause(renewed(two, demands=tuple(short)), alone, second) == "busy_short"


@given(st.integers(0, 3))
@settings(max_examples=2, deadline=None)
def test_everybody_authorised_is_counted_once_in_every_shortfall(seed):
    instance = full_week()
    tables = Tables(Standing(instance, full_roster(seed)))
    for stretch in find_stretches(tables.standing):
        counts = count_causes(tables, stretch)
        able = [p for p in instance.people if stretch.skill in p.skills]
        assert counts.total() == len(able)
        here = sum(
            shift.activities[(stretch.worst.start - shift.shift.start) // QUARTER]
            == stretch.skill
            for shift in tables.standing.by_day[stretch.day]
            if shift.shift.start <= stretch.worst.start < shift.shift.end
        )
        assert counts["here"] == here
        names = {name.partition(":")[2] or name for name in counts}
        assert all(cause_words(name)[0] for name in names)


QUARTER = timedelta(minutes=15)


def test_shortfalls_add_up_to_all_that_is_missing():
    instance, shifts = full_week(), full_roster(2)
    found = find_shortfalls(instance, shifts, cured=0)
    heads = Standing(instance, shifts).heads
    left: Counter[date] = Counter()
    missing = 0
    for demand in instance.demands:
        there = heads[demand.location, demand.skill, demand.start]
        if demand.deferrable:
            left[demand.start.date()] += demand.required - there
        else:
            missing += max(0, demand.required - there)
    missing += sum(max(0, quarters) for quarters in left.values())
    assert sum(s.quarters for s in found) == missing
    assert [s.quarters for s in found] == sorted(s.quarters for s in found)[::-1]


def test_the_reason_counts_in_words_and_leaves_nobody_out():
    counts = Counter({"rule:contract_hours": 4, "break": 3})
    assert reason(counts) == (
        "all seven with this authorisation: four at their weekly maximum, "
        "three on a break",
        "alle zeven bevoegden: vier aan het weekmaximum, drie met pauze",
    )
    assert reason(Counter({"break": 1}))[0] == (
        "the only one with this authorisation is on a break"
    )
    assert reason(Counter({"off": 13}))[1] == (
        "alle 13 bevoegden zijn die dag niet beschikbaar"
    )
    assert reason(Counter())[0] == "nobody here has this authorisation"
    assert reason(Counter({"seats": 2}), 3)[0].startswith("all three desks are taken")


def test_a_rule_goes_by_its_label_and_every_cause_has_words_in_both_languages():
    assert cause_words("rule:daily_rest") == (
        "held back by the rule 'daily rest'",
        "tegengehouden door de regel 'dagelijkse rust'",
    )
    assert all(english and dutch for english, dutch in CAUSES.values())


def test_a_shortfall_is_one_sentence_in_the_words_of_a_planner():
    week = monday()
    found = next(s for s in find_shortfalls(week, ()) if s.skill == "phone")
    english, dutch = sentence(week.clock, found)
    assert english == (
        "Monday 12:00-12:30 two phone people short at hall: the only one with this "
        "authorisation is free with hours left"
    )
    assert dutch == (
        "maandag 12:00-12:30 twee te weinig voor telefoon op hall: de enige bevoegde is "
        "vrij met uren over"
    )


def test_no_reason_of_an_absence_can_be_told():
    fields = set(Away.model_fields) | set(Person.model_fields)
    assert not fields & {"reason", "kind", "cause", "why", "note"}
    assert village_week().people[0].away == ()
