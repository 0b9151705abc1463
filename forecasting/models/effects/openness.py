"""Series as one: counts per day beside what such a day usually brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from forecasting.models.features import BoolArray, weekday
from forecasting.series.panel import DayArray, FloatArray, Series

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class OpenDays:
    """All days from the first to the last; a closed or unknown one has no exposure.

    `exposure` is what the day would bring at the mean level of the whole history, by
    weekday alone. Where one of several series is closed or unknown it falls with it.
    """

    first: np.datetime64
    counts: FloatArray
    exposure: FloatArray

    @cached_property
    def days(self) -> DayArray:
        """Every day."""
        return self.first + np.arange(self.counts.size) * DAY

    @cached_property
    def known(self) -> BoolArray:
        """The days that are open and known."""
        return self.exposure > 0

    def inside(self, first: date, last: date) -> BoolArray:
        """The days of a period, both ends included."""
        return (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))


def open_days_of(series: Iterable[Series]) -> OpenDays:
    """The sum of daily series that are not all empty."""
    kept = [one for one in series if one.starts.size]
    first = min(one.starts[0] for one in kept)
    size = 1 + max(int((one.starts[-1] - first) / DAY) for one in kept)
    counts, exposure = np.zeros(size), np.zeros(size)
    for one in kept:
        place = ((one.starts - first) / DAY).astype(np.int64)
        counts[place] += one.counts
        exposure[place] += _usual(one)
    return OpenDays(first, counts, exposure)


def _usual(series: Series) -> FloatArray:
    """The mean count of each day's weekday."""
    number = weekday(series.starts)
    days = np.bincount(number, minlength=7)
    total = np.bincount(number, weights=series.counts, minlength=7)
    return np.asarray((total / np.maximum(days, 1))[number])
