"""What a change of a fixed roster costs is told exactly, and law is asked as it stands."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.roster import verify
from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.candidates import with_fields
from staffing.roster.explaining.differing import differences, saving
from staffing.roster.explaining.lawfulness import OWN_RULES, Lawfulness
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.standing import Standing
from staffing.roster.options import options
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.valuing import value
from tests.staffing.drawn_rosters import (
    chance,
    drawn,
    drawn_shift,
    full_roster,
    full_week,
    stated,
)
from tests.staffing.roster_weeks import WEEK, village_week

SEEDS = st.integers(0, 10_000)


def changed(seed: int) -> tuple[Standing, Alternative]:
    """A roster of the full week and one to three days of it drawn anew."""
    instance, draw = full_week(), chance(seed)
    shifts = full_roster(seed % 4)
    days: dict[tuple[str, date], Assignment | None] = {}
    for _ in range(draw.randint(1, 3)):
        person = draw.choice(instance.people)
        day = draw.choice(person.days)
        free = draw.random() < 0.3
        days[person.code, day] = (
            None if free else drawn_shift(instance, shifts, person, day, draw)
        )
    return Standing(instance, shifts), Alternative(days)


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_each_term_of_a_difference_is_that_of_the_whole_objective(seed):
    standing, instead = changed(seed)
    before = value(standing.instance, standing.assignments).model_dump()
    after = value(
        standing.instance, instead.assignments(standing.assignments)
    ).model_dump()
    for term, euros in differences(standing, instead).items():
        assert euros == pytest.approx(after[term] - before[term], abs=1e-6), term
    told = differences(standing, instead)
    assert {t for t in after if abs(after[t] - before[t]) > 1e-9} <= told.keys()


@given(SEEDS)
@settings(max_examples=10, deadline=None)
def test_people_and_desks_that_differ_are_in_the_difference(seed):
    standing, instead = changed(seed)
    instance, draw = standing.instance, chance(seed)
    person = draw.choice(instance.people)
    longer = with_fields(person, contract_hours=person.contract_hours + 1.5)
    newcomer = Person(
        code="+1",
        location=person.location,
        skills=("phone",),
        contract_hours=4,
        days=(WEEK,),
    )
    shift = drawn_shift(instance, standing.assignments, newcomer, WEEK, draw)
    more = Alternative(
        {**instead.days, ("+1", WEEK): shift}, (longer, newcomer), instance.ceilings
    )
    before = value(instance, standing.assignments).total
    there = more.assignments(standing.assignments)
    after = value(more.instance(instance), there).total
    assert saving(standing, more) == pytest.approx(before - after, abs=1e-6)


@given(SEEDS)
@settings(max_examples=12, deadline=None)
def test_a_change_is_lawful_just_when_the_verifier_finds_nothing_new(seed):
    standing, instead = changed(seed)
    instance = standing.instance
    names = {rule.name for rule in OWN_RULES}
    after = stated(instance, instead.assignments(standing.assignments))
    whole = [v for v in verify(instance, after) if v.rule in names]
    touched = {code for code, _ in instead.days}
    theirs = {(v.rule, v.person, v.day) for v in whole if v.person in touched}
    found = Lawfulness(standing).breaches(instead)
    assert {(v.rule, v.person, v.day) for v in found if v.person} == theirs
    desks = any(v.rule == "enough_desks" for v in whole)
    before = verify(instance, stated(instance, standing.assignments))
    had = any(v.rule == "enough_desks" for v in before)
    assert any(v.rule == "enough_desks" for v in found) <= desks
    assert had or desks == any(v.rule == "enough_desks" for v in found)


def test_the_best_activities_are_those_of_trying_all():
    """Four hours of two skills: every plan of whole blocks and every odd one is tried."""
    instance = village_week()
    shifts = drawn(instance, 3)
    standing = Standing(instance, shifts)
    for shift in shifts[:6]:
        person = instance.person[shift.person]
        fitting = options(instance, person, shift.day, person.location)
        short = min(fitting, key=lambda t: (t.hours, t.start))
        planner = Planner(Desk(standing, person, person.location, shift.day))
        best = _saves(standing, planner.shift(short))
        moments = [q for q in short.quarters if planner.choices(q)]
        for cut in range(len(moments)):
            for first in person.skills:
                for second in person.skills:
                    plan = [first] * cut + [second] * (len(moments) - cut)
                    other = _planned(planner.shift(short), instance, moments, plan)
                    assert _saves(standing, other) <= best + 1e-6 or _waits(plan)


def _waits(plan: list[str]) -> bool:
    """Work that can wait is worth its price only until the day's is done."""
    return "back_office" in plan


def _saves(standing: Standing, shift: Assignment) -> float:
    return saving(standing, Alternative({(shift.person, shift.day): shift}))


def _planned(shift, instance, quarters, plan):
    start = instance.clock.quarter(shift.shift.start)[1]
    activities = list(shift.activities)
    for quarter, skill in zip(quarters, plan, strict=True):
        activities[quarter - start] = skill
    return shift.model_copy(update={"activities": tuple(activities)})


def test_a_day_beyond_the_alternative_stays_as_it_was():
    instance = village_week()
    shifts = drawn(instance, 5)
    first = shifts[0]
    instead = Alternative({(first.person, first.day): None})
    assert instead.assignments(shifts) == shifts[1:]
    moved = Standing(instance, shifts).shifts_of(first.person, instead)
    assert all(s.day != first.day for s in moved)
