"""A panel: the series of one history as arrays, checked, with their cadence."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.errors import InputError

FloatArray = npt.NDArray[np.float64]
DayArray = npt.NDArray[np.datetime64]

CADENCES = ("5min", "15min", "30min", "60min", "day", "week", "month")
SLOT_SECONDS = {"5min": 300, "15min": 900, "30min": 1800, "60min": 3600}
PERIOD_DAYS = {"day": 1, "week": 7, "month": 30}


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


def check_history(history: pl.DataFrame) -> pl.DataFrame:
    """The history in order, or one line on what is wrong with it.

    Raises:
        InputError: a column is missing or of another type, a key stands twice, or a
            count is negative or no number.
    """
    _require(history, {"series": (pl.String,), "start": (pl.Date, pl.Datetime)})
    if "count" not in history.columns or not history.schema["count"].is_numeric():
        raise InputError(
            "expected a numeric column 'count' in the history", column="count"
        )
    if history.is_empty():
        raise InputError("expected a history with at least one row, came none")
    ordered = history.with_columns(pl.col("count").cast(pl.Float64))
    _refuse(ordered, pl.col("count").is_null() | ~pl.col("count").is_finite(), "number")
    _refuse(ordered, pl.col("count") < 0, "count of at least 0")
    return unique_periods(ordered)


def unique_periods(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of series and start; each pair may stand once."""
    _require(frame, {"series": (pl.String,), "start": (pl.Date, pl.Datetime)})
    if frame["series"].null_count() + frame["start"].null_count():
        raise InputError(
            "expected a series and a start in every row, came an empty one"
        )
    twice = frame.filter(pl.struct("series", "start").is_duplicated())
    if twice.height:
        series, start = twice.row(0, named=True)["series"], twice["start"][0]
        raise InputError(
            f"expected one row per series and start, came {twice.height} rows that "
            f"repeat, such as '{series}' at {start}",
            remedy="Sum or drop the duplicates first.",
        )
    return frame.sort("series", "start")


def _require(frame: pl.DataFrame, columns: dict[str, tuple[type, ...]]) -> None:
    for name, kinds in columns.items():
        dtype = frame.schema.get(name)
        if dtype is None or not isinstance(dtype, kinds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            came = "none" if dtype is None else str(dtype)
            raise InputError(f"expected a column of {wanted}, came {came}", column=name)


def _refuse(frame: pl.DataFrame, bad: pl.Expr, wanted: str) -> None:
    rows = frame.filter(bad)
    if rows.height:
        first = rows.row(0, named=True)
        raise InputError(
            f"expected a {wanted}, came {first['count']} for '{first['series']}' "
            f"at {first['start']}",
            column="count",
        )


def infer_cadence(history: pl.DataFrame) -> str:
    """The cadence of a checked history: the finest one that its starts need."""
    if history.schema["start"] != pl.Date:
        gaps = history["start"].diff().over(history["series"])  # type: ignore[attr-defined]
        return str(gaps)
    return _day_cadence(history)


def _day_cadence(history: pl.DataFrame) -> str:
    starts = history["start"].unique().sort()
    gaps = [(b - a).days for a, b in pairwise(starts)]
    if not gaps or min(gaps) < 7:
        return "day"
    return "month" if all(day.day == 1 for day in starts) else "week"


def to_panel(history: pl.DataFrame, cadence: str) -> Panel:
    """Arrays of a checked history of days, weeks or months."""
    parts = history.partition_by("series", maintain_order=True)
    return Panel(cadence, tuple(_to_series(part) for part in parts))


def _to_series(part: pl.DataFrame) -> Series:
    starts = part["start"].to_numpy().astype("datetime64[D]")
    return Series(str(part["series"][0]), starts, part["count"].to_numpy())


def to_days(days: DayArray) -> list[date]:
    """The days as Python dates."""
    return [day.item() for day in days]
