"""The options of a person on each day of the horizon, and the rules on their succession.

Weekly rest is kept by an anchor: the start of the first shift since the last rest of
`weekly_rest_hours`. No shift may end later than a week less that rest after its anchor.
(Rest in *any* 168 hours would forbid an ordinary Monday to Friday: from Monday's end of
work to the next Monday's there is no more than the weekend.) The other way of the law,
72 hours in a fortnight, is not used: what is lawful here may be stricter than the law.

The law's means over several weeks and hours of absence are shared out over the weeks of
the horizon in equal parts, which is exact for one week and stricter for more. A short
daily rest, where it is used at all, is counted by the day: the next comes a day later
than the law's hours would have it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.lawful.frame import Floats, Frame, Ints
from staffing.roster.options import options
from staffing.roster.people import Person
from staffing.roster.shifts import Template

MINUTE = timedelta(minutes=1)
SUNDAY_SHIFT = "\0sunday"
"""The limited kind of shifts on a Sunday."""


class Option(NamedTuple):
    """A shift that a person may have on a day, in minutes since the horizon began."""

    day: int
    shift: Template
    location: str
    begin: int
    end: int


@dataclass(frozen=True)
class Compiled:
    """A person's options in order of day, their choices, and the rules as a frame.

    `choice[option]` is the option's choice of its day; `must[day]`: a lock says to work.
    """

    person: Person
    options: tuple[Option, ...]
    choice: Ints
    day: Ints
    must: Ints
    frame: Frame

    @cached_property
    def first(self) -> Ints:
        """The first option of each day, and after the last day their number."""
        return np.searchsorted(self.day, np.arange(self.must.size + 1))

    def costs(self, worth: Floats) -> tuple[Floats, Ints]:
        """The least cost (the most worth) of each choice, and the option that has it."""
        shape = self.frame.choices.shape[:2]
        costs, best = np.full(shape, np.inf), np.full(shape, -1)
        order = np.argsort(worth, kind="stable")
        costs[self.day[order], self.choice[order]] = -worth[order]
        best[self.day[order], self.choice[order]] = order
        return costs, best


def options_of(instance: Instance, person: Person) -> Iterator[Option]:
    """Each shift at each location that a person may have, day by day.

    On Sundays only where Sunday work was agreed, and no shifts of which the most is none.
    """
    none = {name for name, most in person.limits.most_shifts if most == 0}
    usual = [t for t in instance.templates if t.name not in none]
    plain, there = _is_plain(instance, person), set(person.days)
    for number, day in enumerate(instance.days):
        if day.weekday() == 6 and not instance.rules.sunday_work:
            continue
        if plain:
            shifts = usual if day in there else ()
            yield from _at(instance, number, person.location, shifts)
            continue
        for location in person.locations:
            found = options(instance, person, day, location)
            shifts = [shift for shift in found if shift.name not in none]
            yield from _at(instance, number, location, shifts)


def _is_plain(instance: Instance, person: Person) -> bool:
    """Whether a person may have every shift on every day that they are there."""
    own = (person.locks, person.away, person.most, person.elsewhere)
    return bool(instance.covers) and not any(own)


def _at(
    instance: Instance, day: int, location: str, shifts: Iterable[Template]
) -> Iterator[Option]:
    """Options of a day; only a clock change makes minutes differ from the clock's."""
    if instance.zone == "UTC":
        midnight = 1440 * day
        for shift in shifts:
            begin, end = midnight + shift.start, midnight + shift.end
            yield Option(day, shift, location, begin, end)
        return
    for shift in shifts:
        begin, end = (
            _minute(instance, day, shift.start),
            _minute(instance, day, shift.end),
        )
        yield Option(day, shift, location, begin, end)


def _minute(instance: Instance, day: int, minute: int) -> int:
    """Minutes since the horizon began."""
    start = instance.clock.moment(instance.week, 0)
    return minutes(start, instance.clock.moment(instance.days[day], minute))


def minutes(start: datetime, moment: datetime) -> int:
    """Whole minutes between two moments."""
    return (moment - start) // MINUTE
