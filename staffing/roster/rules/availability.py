"""Hard rules on when somebody can be asked: days, absence, pattern, what is settled."""

from collections.abc import Iterator

from staffing.roster.instance import Instance
from staffing.roster.people import Lock, Person
from staffing.roster.result import Assignment, Roster
from staffing.roster.rules.own_shifts import EPSILON, breach, by_day, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.shapes import template_of
from staffing.roster.violation import Violation


def available_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works on a free day or while absent the whole day."""
    for shift in roster.assignments:
        if shift.day not in instance.person[shift.person].days:
            yield breach(shift, "not available that day")


def present(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works while absent for a part of the day."""
    for shift in roster.assignments:
        for away in instance.person[shift.person].away:
            if away.day != shift.day:
                continue
            first = instance.clock.moment(away.day, away.start)
            last = instance.clock.moment(away.day, away.end)
            if shift.shift.start < last and first < shift.shift.end:
                clock = f"{away.start // 60:02d}:{away.start % 60:02d}"
                yield breach(shift, f"absent from {clock}")


def hours_of_the_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works longer on a day than the working pattern tells."""
    for person, shifts in staffed(instance, roster):
        for day, own in by_day(shifts).items():
            worked = sum(shift.worked_hours for shift in own)
            if day in person.days and worked > person.most_on(day) + EPSILON:
                detail = f"{worked:g} hours, {person.most_on(day):g} in the pattern"
                yield Violation("", detail, person.code, day)


def settled_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A day that is settled is as it was settled: shift, break and location, or free."""
    for person, shifts in staffed(instance, roster):
        own = by_day(shifts) if person.locks else {}
        for lock in person.locks:
            came = own.get(lock.day, [])
            if not _as_settled(instance, person, lock, came):
                detail = f"settled: {_shown(person, lock)}"
                yield Violation("", detail, person.code, lock.day)


def _as_settled(
    instance: Instance, person: Person, lock: Lock, came: list[Assignment]
) -> bool:
    if lock.shift is None:
        return not came
    if len(came) != 1:
        return False
    place = lock.location or person.location
    return template_of(instance, came[0]) == lock.shift and came[0].location == place


def _shown(person: Person, lock: Lock) -> str:
    shift = lock.shift
    if shift is None:
        return "free"
    hours = [f"{m // 60:02d}:{m % 60:02d}" for m in (shift.start, shift.end)]
    return f"{'-'.join(hours)} at {lock.location or person.location}"


AVAILABILITY = (
    Rule(available_day, "Available", "Beschikbaar", "the availability table"),
    Rule(present, "Present", "Aanwezig", "the availability table: parts of days"),
    Rule(
        hours_of_the_day,
        "Hours of the day",
        "Uren van de dag",
        "the people table: working pattern",
    ),
    Rule(
        settled_day,
        "Settled day",
        "Vastgelegde dag",
        "the planner's locks: what was settled stays",
    ),
)
