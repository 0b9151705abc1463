"""The options of a person on each day of the horizon, and the rules on their succession.

Weekly rest is kept by an anchor: the start of the first shift since the last rest of
`weekly_rest_hours`. No shift may end later than a week less that rest after its anchor.
(Rest in *any* 168 hours would forbid an ordinary Monday to Friday: from Monday's end of
work to the next Monday's there is no more than the weekend.) The other way of the law,
72 hours in a fortnight, is not used: what is lawful here may be stricter than the law.

The law's means over several weeks and hours of absence are shared out over the weeks of
the horizon in equal parts, which is exact for one week and stricter for more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.lawful.frame import Floats, Frame, Ints
from staffing.roster.options import options
from staffing.roster.people import Person
from staffing.roster.shifts import Template

MINUTE = timedelta(minutes=1)
SUNDAY_SHIFT = "\0sunday"
"""The limited kind of shifts on a Sunday."""


@dataclass(frozen=True)
class Option:
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
    start = instance.clock.moment(instance.week, 0)
    for number, day in enumerate(instance.days):
        if day.weekday() == 6 and not instance.rules.sunday_work:
            continue
        midnight = minutes(start, instance.clock.moment(day, 0))
        for location in person.locations:
            for shift in options(instance, person, day, location):
                if shift.name in none:
                    continue
                begin = _minute(instance, number, shift.start, midnight)
                end = _minute(instance, number, shift.end, midnight)
                yield Option(number, shift, location, begin, end)


def _minute(instance: Instance, day: int, minute: int, midnight: int) -> int:
    """Minutes since the horizon began; only a clock change needs the zone."""
    if instance.zone == "UTC":
        return midnight + minute
    start = instance.clock.moment(instance.week, 0)
    return minutes(start, instance.clock.moment(instance.days[day], minute))


def minutes(start: datetime, moment: datetime) -> int:
    """Whole minutes between two moments."""
    return (moment - start) // MINUTE
