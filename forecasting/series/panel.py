"""A panel: the series of one history as arrays."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

FloatArray = npt.NDArray[np.float64]
DayArray = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Series:
    """One series: ascending first days of its known periods, and their counts."""

    name: str
    starts: DayArray
    counts: FloatArray

    def until(self, last: np.datetime64) -> "Series":
        """What was known at the end of the period that starts on `last`."""
        kept = self.starts <= last
        return Series(self.name, self.starts[kept], self.counts[kept])

    def since(self, first: np.datetime64) -> "Series":
        """The part from `first` on."""
        kept = self.starts >= first
        return Series(self.name, self.starts[kept], self.counts[kept])


@dataclass(frozen=True)
class Panel:
    """Series of one cadence (day, week or month), in order of name."""

    cadence: str
    series: tuple[Series, ...]

    @property
    def last(self) -> np.datetime64:
        """The latest period that any series knows."""
        return max(series.starts[-1] for series in self.series)


def to_panel(history: pl.DataFrame, cadence: str) -> Panel:
    """Arrays of a checked history of days, weeks or months."""
    parts = history.partition_by("series", maintain_order=True)
    return Panel(cadence, tuple(_to_series(part) for part in parts))


def _to_series(part: pl.DataFrame) -> Series:
    starts = part["start"].to_numpy().astype("datetime64[D]")
    return Series(str(part["series"][0]), starts, part["count"].to_numpy())


def as_date(day: np.datetime64) -> date:
    """A day of an array as a date."""
    return date.fromisoformat(str(day.astype("datetime64[D]")))


def first_and_last(days: pl.Series) -> tuple[date, date]:
    """The earliest and latest day of a column of days or times that is not empty."""
    ordinals = days.cast(pl.Date).to_numpy()
    return as_date(ordinals.min()), as_date(ordinals.max())
