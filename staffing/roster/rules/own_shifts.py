"""The shifts of each person in order, and the days they work together with the past."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Roster
from staffing.roster.violation import Violation

HOUR = timedelta(hours=1)
EPSILON = 1e-6
"""Hours that are rounding, not work."""


@dataclass(frozen=True)
class Duty:
    """A day's work of a person, from the begin of its first shift to its last end.

    That is the law's shift (dienst): what lies between two rests.
    """

    day: date
    start: datetime
    end: datetime


def breach(shift: Assignment, detail: str) -> Violation:
    """A breach on one shift."""
    return Violation("", detail, shift.person, shift.day)


def staffed(
    instance: Instance, roster: Roster
) -> Iterator[tuple[Person, list[Assignment]]]:
    """Everybody of the instance with their shifts in order of time, if any."""
    own: defaultdict[str, list[Assignment]] = defaultdict(list)
    for shift in sorted(roster.assignments, key=lambda a: (a.shift.start, a.location)):
        own[shift.person].append(shift)
    for person in instance.people:
        yield person, own.get(person.code, [])


def by_day(shifts: list[Assignment]) -> dict[date, list[Assignment]]:
    """Shifts per day, days in order."""
    found: dict[date, list[Assignment]] = {}
    for shift in shifts:
        found.setdefault(shift.day, []).append(shift)
    return found


def duties(instance: Instance, person: Person, shifts: list[Assignment]) -> list[Duty]:
    """Each day's work in order of time, that of `Past.shifts` first."""
    spans = [
        (instance.clock.local(span.start).date(), span.start, span.end)
        for span in person.past.shifts
    ]
    spans += [(shift.day, shift.shift.start, shift.shift.end) for shift in shifts]
    found: list[Duty] = []
    for day, start, end in spans:
        if found and found[-1].day == day:
            start, end = found[-1].start, max(found[-1].end, end)
            found.pop()
        found.append(Duty(day, start, end))
    return found


def weekly_hours(
    instance: Instance, person: Person, shifts: list[Assignment]
) -> dict[date, float]:
    """Hours that the law counts, by the Monday of each week that the horizon touches.

    Worked, leave and sickness; absence of a horizon of several weeks is spread over
    them, for it is told as one number.
    """
    mondays = sorted({monday(day) for day in instance.days})
    hours = dict.fromkeys(mondays, person.absent_hours / len(mondays))
    for shift in shifts:
        hours[monday(shift.day)] += shift.worked_hours
    return hours


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
