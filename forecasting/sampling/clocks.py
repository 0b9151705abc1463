"""When periods begin, as whole steps of a clock that all series share."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.sampling.streams import IntArray
from forecasting.series.cadence import PERIOD_DAYS
from forecasting.series.panel import DayArray


@dataclass(frozen=True)
class Clock:
    """Ascending steps of the periods of one series, and how many steps a period lasts.

    Days, weeks and months are counted in days; slots of a day in slots of their length.
    """

    steps: IntArray
    period: int
    unit: str

    @classmethod
    def of(cls, starts: pl.Series) -> "Clock":
        """The clock of ascending starts, dates or times."""
        if starts.dtype == pl.Date:
            days = starts.to_numpy().astype("datetime64[D]")
            return cls(days.astype(np.int64), _period_days(days), "day")
        times = starts.dt.epoch("s").to_numpy().astype(np.int64)
        length = int(np.diff(times).min()) if times.size > 1 else 1
        return cls(times // max(length, 1), 1, f"{length} s")


def _period_days(days: DayArray) -> int:
    if days.size < 2:
        return PERIOD_DAYS["day"]
    if (days == days.astype("datetime64[M]")).all():
        return PERIOD_DAYS["month"]
    steps: IntArray = days.astype(np.int64)
    gaps = steps[1:] - steps[:-1]
    weekly = bool((gaps % PERIOD_DAYS["week"] == 0).all())
    return PERIOD_DAYS["week" if weekly else "day"]
