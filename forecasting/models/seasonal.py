"""Seasonal naive methods: what a planner would write down without a model."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasting.models.features import IntArray, weekday
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, Series

YEAR_BACK = {"day": 364, "week": 364, "month": 12}
SEARCH_DAYS = (0, -7, 7, -14, 14)
YEARS = 6


@dataclass(frozen=True)
class SameWeekLastYear:
    """The same weekday 52 weeks back; for months the same month last year.

    Where that day has no row (closed, or left out) the nearest same weekday within two
    weeks of it counts, then the year before that, then the mean of the last four.
    """

    name: str = "last_year"

    def suits(self, past: Past) -> bool:
        """Whether a year of history exists."""
        starts = past.series.starts
        return bool(starts[-1] - starts[0] >= np.timedelta64(358, "D"))

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Look every period up one or more years back, always before the origin."""
        known = _by_start(past.series)
        spare = RecentMean(4).predict(past, future)
        found = [
            _first_known(known, _years_back(day, past.cadence), past.series.starts[-1])
            for day in future
        ]
        return np.array(
            [s if f is None else f for f, s in zip(found, spare, strict=True)]
        )


def _by_start(series: Series) -> dict[int, float]:
    starts = series.starts.astype("datetime64[D]").astype(int)
    return dict(zip(starts.tolist(), series.counts.tolist(), strict=True))


def _years_back(day: np.datetime64, cadence: str) -> Iterator[int]:
    for years in range(1, YEARS + 1):
        if cadence == "month":
            yield _month_back(day, 12 * years)
        else:
            base = int(day.astype("datetime64[D]").astype(int)) - 364 * years
            yield from (base + shift for shift in SEARCH_DAYS)


def _month_back(day: np.datetime64, months: int) -> int:
    month = day.astype("datetime64[M]") - np.timedelta64(months, "M")
    return int(month.astype("datetime64[D]").astype(int))


def _first_known(
    known: dict[int, float], candidates: Iterator[int], last: np.datetime64
) -> float | None:
    end = int(last.astype("datetime64[D]").astype(int))
    return next((known[day] for day in candidates if day <= end and day in known), None)


@dataclass(frozen=True)
class RecentMean:
    """The mean of the last `periods` same weekdays; of periods when not daily."""

    periods: int

    @property
    def name(self) -> str:
        """`last_week`, or the number of weeks averaged."""
        return "last_week" if self.periods == 1 else f"mean_of_{self.periods}"

    def suits(self, past: Past) -> bool:
        """Any history will do."""
        return past.series.starts.size > 0

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """One level per weekday, the same for the whole horizon."""
        counts, kinds = past.series.counts, _kind(past.series.starts, past.cadence)
        overall = counts[-5 * self.periods :].mean()
        levels = {
            kind: counts[kinds == kind][-self.periods :].mean()
            for kind in np.unique(kinds)
        }
        wanted = _kind(future, past.cadence)
        return np.array([levels.get(kind, overall) for kind in wanted], dtype=float)


def _kind(starts: DayArray, cadence: str) -> IntArray:
    """Weekday (Monday 0) of days; one kind for weeks and months."""
    return (
        weekday(starts) if cadence == "day" else np.zeros(starts.size, dtype=np.int64)
    )
