"""The days of an agenda, and how many working days lie between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecasting.calendar import Calendar

Ints = NDArray[np.int64]
FRIDAY = 4


@dataclass(frozen=True)
class Days:
    """Working days, and other days on which something is open, in order.

    A working day is a Monday to Friday on which the town is not closed.
    """

    days: tuple[date, ...]
    working: tuple[bool, ...]

    @cached_property
    def number(self) -> Ints:
        """How many working days there are up to and including each day."""
        return np.cumsum(self.working).astype(np.int64)

    @cached_property
    def place(self) -> dict[date, int]:
        """Where each day stands."""
        return {day: i for i, day in enumerate(self.days)}

    def reach(self, working_days: int) -> Ints:
        """The last day at most so many working days after each, by its place."""
        last = np.searchsorted(self.number, self.number + working_days, side="right")
        return np.asarray(last - 1, dtype=np.int64)

    def earliest(self, working_days: int) -> Ints:
        """The first day at least so many working days after each; one past the end."""
        first = np.searchsorted(self.number, self.number + working_days, side="left")
        return np.maximum(first, np.arange(len(self.days))).astype(np.int64)

    def at_or_after(self, day: date) -> int | None:
        """The place of a day, or of the next one there is."""
        i = int(
            np.searchsorted(
                np.array(self.days, dtype="datetime64[D]"), np.datetime64(day)
            )
        )
        return i if i < len(self.days) else None


def agenda_days(
    first: date,
    last: date,
    beyond: int,
    calendar: Calendar,
    places: Iterable[tuple[str, str]],
) -> Days:
    """The days from `first` to `last`, and `beyond` working days after those.

    `places` are the locations and skills whose opening makes a day count that is no
    working day, such as a Saturday.
    """
    known, days, working = list(places), list[date](), list[bool]()
    day, left = first, beyond
    while day <= last or left > 0:
        works = day.weekday() <= FRIDAY and not calendar.is_closed(day)
        if works or any(calendar.spans(*place, day) for place in known):
            days.append(day)
            working.append(works)
        left -= works and day > last
        day += timedelta(days=1)
    return Days(tuple(days), tuple(working))
