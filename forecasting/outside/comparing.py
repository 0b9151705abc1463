"""What was counted and is expected of a stretch of days, counts and forecasts together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.models.features import BoolArray, IntArray
from forecasting.series.panel import DayArray, FloatArray

DAY = np.timedelta64(1, "D")
LENGTH = {"day": "1d", "week": "1w", "month": "1mo"}


@dataclass(frozen=True)
class Periods:
    """Rows of a forecast or a demand as arrays; `ends` are days, not included."""

    names: tuple[str, ...]
    series: IntArray
    starts: DayArray
    ends: DayArray
    counts: FloatArray

    @classmethod
    def of(cls, frame: pl.DataFrame, count: str) -> "Periods":
        """The rows of `series, start`, a count, and `cadence` where not all are days."""
        cadence = pl.col("cadence") if "cadence" in frame.columns else pl.lit("day")
        length = cadence.replace_strict(LENGTH, return_dtype=pl.String)
        start = pl.col("start").cast(pl.Date)
        names = frame["series"].unique().sort()
        rows = frame.select(
            pl.col("series").replace_strict(
                names, np.arange(len(names)), return_dtype=pl.Int64
            ),
            start.alias("start"),
            start.dt.offset_by(length).alias("end"),
            pl.col(count).cast(pl.Float64).alias("count"),
        )
        return cls(tuple(names), *(rows[name].to_numpy() for name in rows.columns))

    def of_names(self, wanted: Collection[str]) -> BoolArray:
        """Which rows are of some series."""
        known = set(wanted)
        mine = np.array([name in known for name in self.names], dtype=bool)
        return mine[self.series] if self.series.size else np.empty(0, dtype=bool)

    def within(self, first: date, last: date) -> FloatArray:
        """The share of each period that lies from `first` to `last`, both included."""
        begin, end = np.datetime64(first), np.datetime64(last) + DAY
        inside = np.minimum(self.ends, end) - np.maximum(self.starts, begin)
        share = inside / DAY / ((self.ends - self.starts) / DAY)
        return np.asarray(np.clip(share, 0.0, 1.0))


@dataclass(frozen=True)
class Stretch:
    """A sum over a stretch of days, of which a share (by working days) is known."""

    count: float
    known: float

    @property
    def whole(self) -> float:
        """What the known part says of the whole stretch."""
        return self.count / self.known if self.known > 0 else 0.0


@dataclass(frozen=True)
class Ours:
    """What we know of the past and expect of what is to come."""

    demand: Periods
    forecast: Periods

    @property
    def names(self) -> list[str]:
        """All series, in order."""
        return sorted({*self.demand.names, *self.forecast.names})

    def reaches(self, names: Collection[str], first: date, last: date) -> bool:
        """Whether any of the stretch is forecast."""
        mine = self.forecast.of_names(names)
        return bool((self.forecast.within(first, last)[mine] > 0).any())

    def stretch(self, names: Collection[str], first: date, last: date) -> Stretch:
        """What demand and forecast together say of some series from `first` to `last`."""
        total, begins, ends = 0.0, [], []
        for part in (self.demand, self.forecast):
            mine = part.of_names(names)
            if mine.any():
                total += float((part.counts * part.within(first, last))[mine].sum())
                begins.append(part.starts[mine].min())
                ends.append(part.ends[mine].max())
        if not begins:
            return Stretch(0.0, 0.0)
        begin, end = np.datetime64(first), np.datetime64(last) + DAY
        known = _working_days(max(begin, min(begins)), min(end, max(ends)))
        return Stretch(total, known / max(_working_days(begin, end), 1))


def _working_days(begin: np.datetime64, end: np.datetime64) -> int:
    return int(np.busday_count(begin, end)) if end > begin else 0
