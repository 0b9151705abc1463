"""What the labels call lawful and what the verifier does, over every tiny schedule.

Where the lawful are stricter than the verifier it is as documented in
`lawful/compiling.py` (rests, and the law's means by equal weeks).
"""

import numpy as np
import pytest

from staffing.roster import Roster, verify
from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import best_schedule
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span
from staffing.roster.valuing import value
from tests.staffing.lawful_cases import drawn, every_schedule

SCHEDULES = 40
"""Of each instance so many are looked at, evenly among all."""


def _roster(instance, compiled, schedule):
    clock, assignments = instance.clock, []
    for option in (compiled.options[o] for o in schedule if o >= 0):
        day = instance.days[option.day]
        assignments.append(
            Assignment(
                person=compiled.person.code,
                day=day,
                location=option.location,
                shift=Span(
                    start=clock.moment(day, option.shift.start),
                    end=clock.moment(day, option.shift.end),
                ),
                name=option.shift.name,
            )
        )
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=0,
        status="feasible",
        assignments=tuple(assignments),
        objective=value(instance, tuple(assignments)),
        bound=0.0,
        unavoidable=0.0,
        gap=None,
        shortfalls=(),
    )


def _ours(compiled, schedule):
    """Whether the labels let this very schedule through: all else is worth nothing."""
    worth = np.full(len(compiled.options), -1000.0)
    chosen = [o for o in schedule if o >= 0]
    worth[chosen] = 1.0
    off = np.array([0.0 if o < 0 else -1000.0 for o in schedule])
    found, path = best_schedule(compiled, worth, off)
    return found == len(chosen) and tuple(path.tolist()) == tuple(schedule)


def _hard(instance, compiled, schedule):
    roster = _roster(instance, compiled, schedule)
    hard = {found.rule for found in verify(instance, roster) if found.hard}
    return {rule for rule in hard if not rule.startswith("stated")}  # no solver's words


def _some(compiled):
    every = list(every_schedule(compiled))
    return every[:: max(1, len(every) // SCHEDULES)]


def _plain(seed):
    """An instance without what the lawful are stricter in."""
    instance = drawn(seed)
    rest = instance.rules.daily_rest_hours
    rules = instance.rules.model_copy(
        update={"weekly_rest_hours": 0, "short_rest_hours": rest}
    )
    return instance.model_copy(update={"rules": rules})


@pytest.mark.parametrize("seed", range(30))
def test_what_the_labels_call_lawful_breaks_no_rule(seed):
    instance = drawn(seed)
    compiled = compile_person(instance, instance.people[0])
    for schedule in _some(compiled):
        if _ours(compiled, schedule):
            assert _hard(instance, compiled, schedule) == set()


@pytest.mark.parametrize("seed", range(30))
def test_what_breaks_no_rule_the_labels_call_lawful(seed):
    instance = _plain(seed)
    compiled = compile_person(instance, instance.people[0])
    for schedule in _some(compiled):
        if not _hard(instance, compiled, schedule):
            assert _ours(compiled, schedule), schedule
