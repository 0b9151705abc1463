"""A panel: the series of one history as arrays, checked, with their cadence."""

import math
from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.errors import InputError

FloatArray = npt.NDArray[np.float64]
DayArray = npt.NDArray[np.datetime64]

ZONE = "Europe/Amsterdam"
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
    """The cadence of a checked history: the finest one that its starts need.

    A history of one start, or with starts at odd distances, counts as daily.
    """
    starts = history["start"].unique().sort()
    gap = starts.diff().min()
    if starts.dtype != pl.Date and _within_days(starts):
        seconds = gap.total_seconds() if isinstance(gap, timedelta) else 3600
        fitting = [n for n, length in SLOT_SECONDS.items() if length >= seconds]
        return fitting[0] if fitting else "60min"
    return _day_cadence(starts.cast(pl.Date))


def _within_days(starts: pl.Series) -> bool:
    return bool((starts.dt.time() != time(0)).any())


def _day_cadence(starts: pl.Series) -> str:
    gaps = starts.diff().drop_nulls().dt.total_days()
    if gaps.is_empty():
        return "day"
    if (starts.dt.day() == 1).all():
        return "month"
    return "week" if (gaps % 7 == 0).all() else "day"


def by_clock(history: pl.DataFrame, zone: str = ZONE) -> pl.DataFrame:
    """A slot history with its local time of day: the column `clock`, without a zone.

    Times without a zone are local already; UTC is read in `zone`, other zones as given.
    """
    start, kind = pl.col("start"), history.schema["start"]
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        place = zone if kind.time_zone == "UTC" else kind.time_zone
        start = start.dt.convert_time_zone(place).dt.replace_time_zone(None)
    return history.with_columns(start.cast(pl.Datetime("us")).alias("clock"))


def by_day(history: pl.DataFrame) -> pl.DataFrame:
    """A slot history summed to local days; other histories as they are, by date."""
    if history.schema["start"] == pl.Date:
        return history
    day = pl.col("clock").dt.date().alias("start")
    extra = [pl.col("holiday").first()] if "holiday" in history.columns else []
    grouped = by_clock(history).group_by("series", day, maintain_order=True)
    return grouped.agg(pl.col("count").sum(), *extra)


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


def horizon_in_days(horizon: int, cadence: str) -> int:
    """The days within which that many periods begin, counted from a first day."""
    if horizon < 1:
        raise InputError(f"expected a horizon of at least 1 period, came {horizon}")
    if cadence == "month":
        return math.ceil(horizon * 30.4375) + 2
    if cadence in SLOT_SECONDS:
        return math.ceil(horizon * SLOT_SECONDS[cadence] / 86_400)
    return horizon * PERIOD_DAYS[cadence]
