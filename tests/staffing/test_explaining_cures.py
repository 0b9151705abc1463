"""A cure is told only if, made real, it costs less, breaks nothing and lifts the shortage."""

from datetime import timedelta

import pytest

from staffing.roster import verify
from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.cures import (
    KINDS,
    best_alternatives,
    find_cures,
    lifted,
)
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.stretches import find_stretches
from staffing.roster.explaining.tables import Tables, unplanned
from staffing.roster.instance import Instance
from staffing.roster.people import Lock, Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template
from staffing.roster.valuing import value
from staffing.roster.wanted import Ceiling, Demand
from tests.staffing.drawn_rosters import full_roster, full_week, stated
from tests.staffing.roster_weeks import WEEK, moment, policy, rules

DAY = Template(start=540, end=1050, break_start=720, break_end=750)
LATE_BREAK = DAY.model_copy(update={"break_start": 750, "break_end": 780})
SHORT_DAY = Template(start=540, end=780)
LATER_DAY = Template(start=570, end=810)
LONGER_DAY = Template(start=540, end=840)
BASE = {
    "week": WEEK,
    "zone": "Europe/Amsterdam",
    "policy": policy(),
    "rules": rules(),
}


def demands(skill: str, wanted: dict[int, int], until: int = 34) -> tuple[Demand, ...]:
    """One quarter-hour after another from 9 on; `wanted` at some, elsewhere nobody."""
    return tuple(
        Demand(
            location="hall",
            skill=skill,
            start=moment(WEEK, 9 + quarter / 4),
            required=wanted.get(quarter, 0),
            late=(2.0, 0.0) if wanted.get(quarter) else (0.0,),
        )
        for quarter in range(until)
    )


def person(code: str, *skills: str, hours: float = 8, **fields: object) -> Person:
    told = {
        "code": code,
        "location": "hall",
        "skills": skills,
        "contract_hours": hours,
        "days": (WEEK,),
    }
    return Person.model_validate(told | fields)


def week(
    asked: tuple[Demand, ...],
    people: tuple[Person, ...],
    templates: tuple[Template, ...],
    **fields: object,
) -> Instance:
    told = {"demands": asked, "people": people, "templates": templates}
    return Instance.model_validate(BASE | told | fields)


def doing(instance: Instance, code: str, shape: Template, skill: str | None):
    """A shift on one skill, its break left out."""
    shift = unplanned(instance, instance.person[code], WEEK, "hall", shape)
    at = [shift.shift.start + i * timedelta(minutes=15) for i in range(40)]
    pause = shift.breaks
    plan = [None if any(p.start <= t < p.end for p in pause) else skill for t in at]
    return shift.model_copy(update={"activities": tuple(plan[: len(shift.activities)])})


def proven(instance: Instance, shifts: tuple[Assignment, ...], skill: str):
    """The alternatives of the shortfall of a skill, each made real and looked at whole."""
    tables = Tables(Standing(instance, shifts))
    stretch = next(s for s in find_stretches(tables.standing) if s.skill == skill)
    found = best_alternatives(tables, stretch)
    for saves, candidate in found:
        _prove(tables, stretch, saves, candidate)
    return [candidate.text for _, candidate in found]


def _prove(tables, stretch, saves, candidate):
    instead = candidate.instead()
    instance = instead.instance(tables.instance)
    after = instead.assignments(tables.standing.assignments)
    before = value(tables.instance, tables.standing.assignments).total
    assert saves == pytest.approx(before - value(instance, after).total, abs=1e-6)
    assert saves > 0
    new = [v for v in verify(instance, stated(instance, after)) if v.hard]
    plain = stated(tables.instance, tables.standing.assignments)
    old = [v for v in verify(tables.instance, plain) if v.hard]
    assert {(v.rule, v.person, v.day) for v in new} <= {
        (v.rule, v.person, v.day) for v in old
    }
    heads = Standing(instance, after).heads
    if not stretch.worst.deferrable:
        left = sum(
            max(0, d.required - heads[p])
            for d, p in zip(stretch.demands, stretch.places, strict=True)
        )
        assert left == stretch.quarters - lifted(tables, stretch, candidate)
        assert left < stretch.quarters


@pytest.mark.parametrize("seed", [1])
def test_every_cure_of_a_drawn_week_holds_when_it_is_made_real(seed):
    instance, shifts = full_week(), full_roster(seed)
    tables = Tables(Standing(instance, shifts))
    kinds = 0
    for stretch in find_stretches(tables.standing)[:6]:
        found = best_alternatives(tables, stretch)
        kinds += len(found)
        assert len(found) <= 3
        order = [(candidate.hours, -saves) for saves, candidate in found]
        assert order == sorted(order)
        for saves, candidate in found:
            _prove(tables, stretch, saves, candidate)
    assert kinds > 3


def test_a_break_half_an_hour_later_is_found():
    asked = demands("phone", dict.fromkeys((12, 13), 1))
    instance = week(asked, (person("A", "phone"),), (DAY, LATE_BREAK))
    texts = proven(instance, (doing(instance, "A", DAY, "phone"),), "phone")
    assert texts[0] == "the break of A half an hour later (12:30-13:00)"


def test_a_locked_day_is_not_moved():
    asked = demands("phone", dict.fromkeys((12, 13), 1))
    locked = person("A", "phone", locks=(Lock(day=WEEK, shift=DAY),))
    instance = week(asked, (locked,), (DAY, LATE_BREAK))
    texts = proven(instance, (doing(instance, "A", DAY, "phone"),), "phone")
    assert not any("break" in text for text in texts)


def test_a_shift_half_an_hour_later_is_found():
    asked = demands("phone", dict.fromkeys((16, 17), 1))
    instance = week(asked, (person("A", "phone", hours=4),), (SHORT_DAY, LATER_DAY))
    texts = proven(instance, (doing(instance, "A", SHORT_DAY, "phone"),), "phone")
    assert texts[0] == "the shift of A half an hour later (09:30-13:30)"


def test_a_contract_hour_more_is_found():
    asked = demands("phone", dict.fromkeys((16, 17, 18, 19), 1))
    instance = week(asked, (person("A", "phone", hours=4),), (SHORT_DAY, LONGER_DAY))
    texts = proven(instance, (doing(instance, "A", SHORT_DAY, "phone"),), "phone")
    assert texts[0] == "1 contract hour more for A, at work 09:00-14:00"


def test_an_authorisation_for_somebody_with_time_to_spare_is_found():
    asked = demands("phone", dict.fromkeys(range(16), 1)) + demands("counter", {})
    people = (person("A", "counter", hours=4), person("B", "phone", hours=4))
    instance = week(asked, people, (SHORT_DAY,))
    texts = proven(instance, (doing(instance, "A", SHORT_DAY, "counter"),), "phone")
    assert texts[0] == "an authorisation for phone for A, at work 09:00-13:00"


def test_one_more_desk_is_found_where_all_are_taken():
    asked = demands("phone", dict.fromkeys(range(16), 2))
    people = (person("A", "phone", hours=4), person("B", "phone", hours=4))
    one = Ceiling(location="hall", skills=("phone",), day=WEEK, people=1)
    instance = week(asked, people, (SHORT_DAY,), ceilings=(one,))
    shifts = (
        doing(instance, "A", SHORT_DAY, "phone"),
        doing(instance, "B", SHORT_DAY, None),
    )
    assert proven(instance, shifts, "phone")[0] == "one more desk at hall, for B"
    free = renewed(instance, ceilings=())
    assert not any("desk" in text for text in proven(free, shifts, "phone"))


def test_one_more_person_is_what_is_left_where_nobody_can_do_more():
    asked = demands("phone", dict.fromkeys(range(16), 2))
    instance = week(asked, (person("A", "phone", hours=4),), (SHORT_DAY,))
    shifts = (doing(instance, "A", SHORT_DAY, "phone"),)
    tables = Tables(Standing(instance, shifts))
    (stretch,) = find_stretches(tables.standing)
    (cure,) = find_cures(tables, stretch)
    assert cure.text == "one more person for phone at hall on Monday 09:00-13:00"
    assert cure.text_nl == "een persoon meer voor telefoon op hall, maandag 09:00-13:00"
    price = policy().price_short_quarter
    assert cure.saves == pytest.approx(16 * price * 1 * 1.5, abs=0.01)


def test_a_cure_tells_how_much_of_the_shortage_it_lifts():
    asked = demands("phone", dict.fromkeys(range(20), 1))
    instance = week(asked, (), (SHORT_DAY,))
    (found,) = find_shortfalls(instance, ())
    assert found.cures[0].text.endswith("(16 of 20 quarter-hours)")


def test_cures_are_worked_out_for_the_largest_shortfalls_alone():
    found = find_shortfalls(full_week(), full_roster(0), cured=2)
    assert all(not shortfall.cures for shortfall in found[2:])
    assert any(shortfall.cures for shortfall in found[:2])


def test_each_kind_of_cure_is_asked_for():
    assert {kind.__name__ for kind in KINDS} == {
        "moved_breaks",
        "moved_shifts",
        "authorised",
        "more_desks",
        "longer",
        "one_more",
    }
