"""The cadence of a history, and its times as the town's clock shows them."""

import math
from datetime import time, timedelta

import polars as pl

from forecasting.errors import InputError

ZONE = "Europe/Amsterdam"
SLOT_SECONDS = {"5min": 300, "15min": 900, "30min": 1800, "60min": 3600}
PERIOD_DAYS = {"day": 1, "week": 7, "month": 30}


def infer_cadence(history: pl.DataFrame) -> str:
    """The cadence of a checked history: the finest one that its starts need.

    A history of one start, or with starts at odd distances, counts as daily. Midnights,
    of the zone written or of the town's clock, are days.
    """
    clock = by_clock(history)["clock"].unique().sort()
    if at_midnight(history["start"]) or at_midnight(clock):
        return _day_cadence(clock.cast(pl.Date).unique().sort())
    gap = clock.diff().min()
    seconds = gap.total_seconds() if isinstance(gap, timedelta) else 3600
    fitting = [n for n, length in SLOT_SECONDS.items() if length >= seconds]
    return fitting[0] if fitting else "60min"


def at_midnight(starts: pl.Series) -> bool:
    """Whether the starts are dates, or times that are all midnight."""
    return starts.dtype == pl.Date or bool((starts.dt.time() == time(0)).all())


def _day_cadence(starts: pl.Series) -> str:
    gaps = starts.diff().drop_nulls().dt.total_days()
    if gaps.is_empty():
        return "day"
    if (starts.dt.day() == 1).all():
        return "month"
    return "week" if (gaps % 7 == 0).all() else "day"


def by_clock(history: pl.DataFrame) -> pl.DataFrame:
    """A history with its local time: the column `clock`, without a zone.

    Times without a zone are local already; UTC is read on the town's clock, other zones
    as given.
    """
    start, kind = pl.col("start"), history.schema["start"]
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        start = start.dt.convert_time_zone(_place(kind)).dt.replace_time_zone(None)
    return history.with_columns(start.cast(pl.Datetime("us")).alias("clock"))


def from_clock(clock: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Local times as a history of that type writes them; null where none exists."""
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        local = clock.cast(pl.Datetime("us")).dt.replace_time_zone(
            _place(kind), ambiguous="earliest", non_existent="null"
        )
        return local.dt.convert_time_zone(kind.time_zone).cast(kind)
    return clock.cast(kind)


def days_as_written(history: pl.DataFrame) -> pl.Expr:
    """The column `start` of days, as the history writes the first moment of a day."""
    kind, day = history.schema["start"], pl.col("start")
    in_utc = isinstance(kind, pl.Datetime) and kind.time_zone == "UTC"
    if in_utc and at_midnight(history["start"]):
        return day.cast(kind)
    return from_clock(day, kind)


def _place(kind: pl.Datetime) -> str:
    zone = kind.time_zone or ZONE
    return ZONE if zone == "UTC" else zone


def on_days(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with the local day as their start."""
    return by_clock(frame).with_columns(pl.col("clock").dt.date().alias("start"))


def days_of(periods: pl.DataFrame) -> pl.DataFrame:
    """The local days (`series, start`) on which periods begin."""
    return on_days(periods).select("series", "start").unique().sort("series", "start")


def by_day(history: pl.DataFrame) -> pl.DataFrame:
    """A slot history summed to local days; other histories as they are, by date."""
    if history.schema["start"] == pl.Date:
        return history
    extra = [pl.col("holiday").first()] if "holiday" in history.columns else []
    grouped = on_days(history).group_by("series", "start", maintain_order=True)
    return grouped.agg(pl.col("count").sum(), *extra)


def horizon_in_days(horizon: int, cadence: str) -> int:
    """The days within which that many periods begin, counted from a first day."""
    if horizon < 1:
        raise InputError(f"expected a horizon of at least 1 period, came {horizon}")
    if cadence == "month":
        return math.ceil(horizon * 30.4375) + 2
    if cadence in SLOT_SECONDS:
        return math.ceil(horizon * SLOT_SECONDS[cadence] / 86_400)
    return horizon * PERIOD_DAYS[cadence]
