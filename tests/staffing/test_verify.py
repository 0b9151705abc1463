"""Every rule finds the breach made for it; without that rule, the breach goes unseen."""

from datetime import timedelta

import pytest

from staffing.roster import Roster, Violation, verify
from staffing.roster.instance import Instance
from staffing.roster.people import Away, Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span
from staffing.roster.valuing import value
from staffing.roster.verifying import RULES
from staffing.roster.wanted import Ceiling, Demand
from tests.staffing.roster_weeks import WEEK, moment, policy, rules

DAYS = tuple(WEEK + timedelta(days=i) for i in range(7))
OPEN = {"phone": (8, 20), "counter": (9, 17)}


def week() -> Instance:
    """Phone from 8 to 20 all days, counter from 9 to 17 on workdays; two people.

    A works at most 4 hours on Saturday and is away on Thursday from 13 to 15; on
    Wednesday there is one desk.
    """
    demands = [
        Demand(
            location=place,
            skill=skill,
            start=moment(day, first + quarter / 4),
            required=1,
            minimum=int(skill == "counter" and place == "hall"),
            late=(2.0, 0.5, 0.0),
        )
        for place in ("hall", "annex")
        for day in DAYS
        for skill, (first, last) in OPEN.items()
        if skill == "phone" or day.weekday() < 5
        for quarter in range(4 * (last - first))
    ]
    people = (
        Person(
            code="A",
            location="hall",
            skills=("phone",),
            contract_hours=40,
            days=DAYS[:6],
            most=(9.0,) * 5 + (4.0,),
            away=(Away(day=DAYS[3], start=13 * 60, end=15 * 60),),
        ),
        Person(
            code="B",
            location="hall",
            skills=("counter", "phone"),
            contract_hours=70,
            days=DAYS,
        ),
    )
    return Instance(
        week=WEEK,
        zone="Europe/Amsterdam",
        policy=policy(),
        rules=rules(),
        demands=tuple(demands),
        templates=(),
        people=people,
        ceilings=(
            Ceiling(
                location="hall", skills=("counter", "phone"), day=DAYS[2], people=1
            ),
        ),
    )


def shift(
    person: str = "A",
    day: int = 0,
    start: float = 9.0,
    end: float = 17.0,
    pause: tuple[float, float] | None = (12.0, 12.5),
    what: str = "phone",
    **more: object,
) -> Assignment:
    """A shift on one activity with a break."""
    date = DAYS[day]
    hours = [start + i / 4 for i in range(round(4 * (end - start)))]
    skills = [None if pause and pause[0] <= h < pause[1] else what for h in hours]
    pauses = [
        Span(start=moment(date, p[0]), end=moment(date, p[1])) for p in [pause] if p
    ]
    values = {
        "person": person,
        "day": date,
        "location": "hall",
        "shift": Span(start=moment(date, start), end=moment(date, end)),
        "breaks": tuple(pauses),
        "activities": tuple(skills),
    }
    return Assignment.model_validate(values | more)


def roster(*shifts: Assignment, **more: object) -> Roster:
    instance = week()
    values = {
        "instance": instance.hash,
        "week": WEEK,
        "seed": 0,
        "status": "feasible",
        "assignments": shifts,
        "objective": value(instance, shifts),
        "bound": 0.0,
        "unavoidable": 0.0,
        "gap": None,
        "shortfalls": (),
    }
    return Roster.model_validate(values | more)


SPLIT = ("counter",) * 2 + ("phone",) * 10 + (None,) * 2 + ("phone",) * 18
BREACHES = {
    "same_instance": roster(shift(), instance="another"),
    "known_person": roster(shift("Z")),
    "well_formed": roster(shift().model_copy(update={"day": DAYS[1]})),
    "one_shift_a_day": roster(
        shift(start=8, end=11, pause=None), shift(start=14, end=18, pause=None)
    ),
    "never_in_two_places": roster(shift(), shift(start=13, end=16, pause=None)),
    "available_day": roster(shift(day=6)),
    "present": roster(shift(day=3)),
    "hours_of_the_day": roster(shift(day=5, start=9, end=14, pause=None)),
    "enough_desks": roster(shift(day=2), shift("B", day=2, what="counter")),
    "authorised": roster(shift(what="counter")),
    "home_location": roster(shift(location="annex")),
    "within_opening": roster(shift(start=7, end=12, pause=None)),
    "within_day_window": roster(shift(start=6.5, end=11, pause=None)),
    "activity_open": roster(shift("B", start=8, end=16, what="counter")),
    "activities_in_shift": roster(shift(activities=("phone",) * 32)),
    "longest_shift": roster(shift(start=7.5, end=20, pause=(12, 13))),
    "enough_break": roster(shift(pause=(12.0, 12.25))),
    "break_inside": roster(shift(pause=(9.0, 9.5))),
    "daily_rest": roster(
        shift(start=11, end=20), shift(day=1, start=6.5, end=11, pause=None)
    ),
    "weekly_rest": roster(
        *(shift("B", day=d, start=12, end=16, pause=None) for d in range(7))
    ),
    "contract_hours": roster(*(shift(day=d, start=8, end=17) for d in range(5))),
    "longest_week": roster(*(shift("B", day=d, start=8, end=19) for d in range(6))),
    "stated_objective": roster(shift()).model_copy(
        update={"objective": value(week(), ())}
    ),
    "minimum_presence": roster(shift()),
    "blocks_of_an_hour": roster(shift("B", activities=SPLIT)),
}


def names(found: list[Violation]) -> set[str]:
    return {violation.rule for violation in found}


def test_every_rule_has_a_breach_in_this_file():
    assert {rule.name for rule in RULES} == set(BREACHES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_finds_its_breach_and_none_does_without_it(rule):
    bad = BREACHES[rule.name]
    assert rule.name in names(verify(week(), bad))
    rest = tuple(other for other in RULES if other is not rule)
    assert rule.name not in names(verify(week(), bad, rest))


def test_a_lawful_roster_breaks_no_hard_rule():
    good = roster(shift(), shift(day=1, start=8, end=16), shift("B", what="counter"))
    assert [v for v in verify(week(), good) if v.hard] == []


def test_every_rule_is_labelled_in_both_languages_and_names_its_source():
    for rule in RULES:
        assert rule.label_en
        assert rule.label_nl
        assert rule.check.__doc__


def test_the_objective_is_priced_from_the_true_table():
    instance = week()
    one = shift(start=9, end=10, pause=None)
    nobody = value(instance, ())
    somebody = value(instance, (one,))
    prices = instance.policy
    assert nobody.late_contacts - somebody.late_contacts == pytest.approx(
        4 * 1.5 * prices.price_late_contact
    )
    # One person required: without anybody all are missing, which counts twice.
    assert nobody.short_quarters - somebody.short_quarters == pytest.approx(
        4 * 2 * prices.price_short_quarter
    )
    assert nobody.unused_hours - somebody.unused_hours == pytest.approx(
        prices.price_hour
    )
