"""Exposure: the contacts that expiring documents call for by themselves."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.series.panel import DayArray, FloatArray

LEAST_SHARE = 1e-3
"""Exposure never falls below this share of its mean: a logarithm is taken of it."""


@dataclass(frozen=True)
class Exposure:
    """Expected requests of one service per week, as could be known on `known_at`.

    `weekly` counts what the cohorts of documents (renewed, lost, first) bring in the week
    of each Monday from `first` on, past and to come, before season, weekday and holidays.
    `close` where the series at hand counts these very requests, not what comes with them.
    """

    service: str
    known_at: date
    first: np.datetime64
    weekly: FloatArray
    close: bool = True

    def rates(self, days: DayArray) -> FloatArray:
        """The expected requests per week on each day, on a line between mid-weeks.

        Before the first and after the last week the nearest one holds.
        """
        middle = (days.astype("datetime64[D]") - self.first).astype(np.float64) - 3
        weeks = np.arange(self.weekly.size) * 7.0
        floor = LEAST_SHARE * max(float(self.weekly.mean()), 1e-9)
        return np.asarray(np.maximum(np.interp(middle, weeks, self.weekly), floor))
