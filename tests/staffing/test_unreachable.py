"""Shortages nobody could have prevented, beside a count of everybody by hand."""

from dataclasses import dataclass

import pytest

from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.explaining.unreachable import Key, unpreventable
from staffing.roster.instance import Instance
from staffing.roster.options import options
from staffing.roster.result import Roster
from staffing.roster.wanted import Ceiling
from tests.staffing.drawn_rosters import drawn, full_week, stated
from tests.staffing.roster_weeks import village_week


@dataclass(frozen=True)
class Case:
    """A roster and what it is for."""

    instance: Instance
    roster: Roster


def case(instance: Instance, seed: int) -> Case:
    """A drawn roster with its shortfalls."""
    shifts = drawn(instance, seed)
    told = {"shortfalls": find_shortfalls(instance, shifts, cured=0)}
    return Case(instance, stated(instance, shifts).model_copy(update=told))


def by_hand(instance: Instance, key: Key, end) -> int:
    """Each open quarter-hour less everybody with a shift that could serve it."""
    place, skill, start = key
    left = 0
    for demand in instance.demands:
        here = (demand.location, demand.skill) == (place, skill)
        if not here or not start <= demand.start < end:
            continue
        day, quarter = instance.clock.quarter(demand.start)
        people = [
            person
            for person in instance.people
            if skill in person.skills
            and any(
                quarter in shift.quarters
                and not any(
                    apart.day == day
                    and apart.start < 15 * quarter + 15
                    and 15 * quarter < apart.end
                    for apart in person.set_apart
                )
                for shift in options(instance, person, day, place)
            )
        ]
        desks = [
            ceiling.people
            for ceiling in instance.ceilings
            if (ceiling.location, ceiling.day) == (place, day)
            and skill in ceiling.skills
        ]
        number = min([len(people), *desks])
        short = demand.required - number
        left += short if demand.deferrable else max(short, 0)
    return max(left, 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("week", [village_week, full_week])
def test_each_shortage_is_that_of_everybody_counted_by_hand(week, seed: int):
    """Also with desks, absence and protected time; never more than is short."""
    made = case(week(), seed)
    found = unpreventable(made.instance, made.roster)
    assert made.roster.shortfalls
    for one in made.roster.shortfalls:
        key = (one.location, one.skill, one.start)
        expected = by_hand(made.instance, key, one.end)
        assert found.get(key, 0) == expected <= one.quarters


def test_work_for_which_there_is_no_desk_is_beyond_everybody():
    """Without a single desk all that is short is unpreventable."""
    plain = village_week()
    shut = tuple(
        Ceiling(location="gemeentehuis", skills=("counter",), day=day, people=0)
        for day in plain.days
    )
    made = case(renewed(plain, ceilings=shut), 1)
    found = unpreventable(made.instance, made.roster)
    counter = [one for one in made.roster.shortfalls if one.skill == "counter"]
    assert counter
    for one in counter:
        assert found[one.location, one.skill, one.start] == one.quarters


def test_with_people_to_spare_nothing_is_beyond_everybody():
    """Five times the staff could have served whatever the drawn roster left."""
    made = case(village_week(30), 4)
    assert unpreventable(made.instance, made.roster) == {}
