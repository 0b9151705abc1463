"""Changes taken back one by one, where the roster that people know costs no more."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.explaining.differing import saving
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.tables import Tables
from staffing.roster.gap import CLOSE
from staffing.roster.instance import Instance
from staffing.roster.replanning.applying import known_on
from staffing.roster.result import Assignment
from staffing.roster.shapes import template_of


def undo(
    instance: Instance, assignments: tuple[Assignment, ...]
) -> tuple[Assignment, ...]:
    """The shifts after every change is taken back that does not pay for itself.

    Single days, all days of a person, and the days of two people on one date: what is
    left of them costs more to take back than to keep.
    """
    shifts, improved = assignments, True
    while improved:
        tables, improved = Tables(Standing(instance, shifts)), False
        for days in _groups(changed_days(tables.standing)):
            instead = _taken_back(tables, days)
            if instead is None or saving(tables.standing, instead) < -CLOSE:
                continue
            if not tables.lawfulness.breaches(instead):
                shifts, improved = instead.assignments(shifts), True
                break
    return shifts


def changed_days(standing: Standing) -> list[PersonDay]:
    """People and days that differ from the roster people know, in order."""
    instance = standing.instance
    known = instance.known.by_person_and_day if instance.known else {}
    keys = sorted(known.keys() | standing.shift.keys())
    return [key for key in keys if differs(instance, key, standing.shift.get(key))]


def differs(instance: Instance, key: PersonDay, shift: Assignment | None) -> bool:
    """Whether a day is another than people know: begin, end or location."""
    before = known_on(instance, *key)
    if before is None or shift is None:
        return (before is None) != (shift is None)
    shape = template_of(instance, shift)
    was = (before.shift.start, before.shift.end, before.location)
    return was != (shape.start, shape.end, shift.location)


def _groups(changed: list[PersonDay]) -> Iterator[tuple[PersonDay, ...]]:
    yield from ((key,) for key in changed)
    for code in sorted({code for code, _ in changed}):
        own = tuple(key for key in changed if key[0] == code)
        if len(own) > 1:
            yield own
    for day in sorted({day for _, day in changed}):
        yield from combinations([key for key in changed if key[1] == day], 2)


def _taken_back(tables: Tables, days: tuple[PersonDay, ...]) -> Alternative | None:
    """The days as people know them; None where one cannot be so any more."""
    found: dict[PersonDay, Assignment | None] = {}
    for code, day in days:
        before = known_on(tables.instance, code, day)
        if before is None:
            found[code, day] = None
        elif _can(tables, code, day):
            person = tables.instance.person[code]
            planner = tables.planner(person, day, before.location)
            found[code, day] = planner.shift(before.shift)
        else:
            return None
    return Alternative(found)


def _can(tables: Tables, code: str, day: date) -> bool:
    person = tables.instance.person[code]
    before = known_on(tables.instance, code, day)
    return (
        before is not None and day in person.days and person.is_there(day, before.shift)
    )
