"""What kind of day it is: the day before or after a closed one, a school holiday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

import numpy as np
import polars as pl

from forecasting.calendar import Calendar, school_holidays
from forecasting.intraday.grids import IntArray
from forecasting.series.knowndays import Known
from forecasting.series.panel import DayArray

USUAL, SCHOOL, BEFORE, AFTER = range(4)
KINDS = 4
SEASONS = 4


@dataclass(frozen=True)
class DayBook:
    """Days shut by a holiday or closure, and days of school holidays, in order."""

    shut: DayArray
    school: DayArray

    @classmethod
    def of_calendar(cls, calendar: Calendar, first: date, last: date) -> Self:
        """What the calendar of a town knows of the days from `first` to `last`."""
        span = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        school = school_holidays(
            calendar.country, calendar.school_region, (first.year, last.year)
        )
        return cls(_ordered(filter(calendar.is_closed, span)), _ordered(school))

    @classmethod
    def of_history(cls, history: pl.DataFrame, known: Known) -> Self:
        """The holidays on which a history (`start` per day) has no row at all."""
        opened = set(history["start"].unique())
        shut = (day for day in known.holidays if day not in opened)
        return cls(_ordered(shut), _ordered(known.school))

    def kinds(self, days: DayArray) -> IntArray:
        """`USUAL`, `SCHOOL`, or `BEFORE` or `AFTER` a shut working day."""
        ahead = np.busday_offset(days, 1, roll="backward")
        behind = np.busday_offset(days, -1, roll="forward")
        kinds = np.where(np.isin(days, self.school), SCHOOL, USUAL)
        kinds = np.where(np.isin(behind, self.shut), AFTER, kinds)
        return np.asarray(np.where(np.isin(ahead, self.shut), BEFORE, kinds))


def seasons(days: DayArray) -> IntArray:
    """Winter (from December on) 0, spring 1, summer 2, autumn 3."""
    return quarters(days) % SEASONS


def quarters(days: DayArray) -> IntArray:
    """The number of each day's season since the winter of 1970, over all years."""
    month = days.astype("datetime64[M]").astype(np.int64)
    return np.asarray((month + 1) // 3)


def _ordered(days: Iterable[date]) -> DayArray:
    return np.array(sorted(days), dtype="datetime64[D]")
