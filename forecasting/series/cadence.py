"""The cadence of a history, and its times as the town's clock shows them."""

import math
from datetime import date, time, timedelta

import polars as pl

from forecasting.errors import InputError
from forecasting.series.checking import LONGEST_YEARS, check_horizon

ZONE = "Europe/Amsterdam"
SLOT_SECONDS = {"5min": 300, "15min": 900, "30min": 1800, "60min": 3600}
PERIOD_DAYS = {"day": 1, "week": 7, "month": 30}
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
SEVERAL = 4
"""Fewer starts than this show no cadence of their own."""


def infer_cadence(history: pl.DataFrame) -> str:
    """The cadence of a checked history: the finest one that its starts need.

    A history of one start, or with starts at odd distances, counts as daily. Midnights,
    of the zone written or of the town's clock, are days.

    Raises:
        InputError: the starts are no days, weeks, months or slots of the clock.
    """
    clock = by_clock(history)["clock"].unique().sort()
    if at_midnight(history["start"]) or at_midnight(clock):
        return _day_cadence(clock.cast(pl.Date).unique().sort())
    _check_slots(clock)
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
    if (gaps % 7 == 0).all():
        return "week"
    firsts = bool((starts.dt.day() == 1).all())
    _check_rare(starts, LONGEST_MONTH if firsts else SHORTEST_MONTH - 1)
    return "month" if firsts else "day"


def _check_rare(starts: pl.Series, most_days: int) -> None:
    """Periods longer than months, and months not named by their first day, are refused."""
    closest = starts.diff().dt.total_days().min()
    if starts.len() >= SEVERAL and isinstance(closest, int) and closest > most_days:
        raise InputError(
            "expected days, weeks by one of their days, or months by their first day; "
            f"came starts at least {closest} days apart, such as {starts[0]}, {starts[1]}",
            column="start",
        )


def _check_slots(clock: pl.Series) -> None:
    length = SLOT_SECONDS["5min"] * 1_000_000
    odd = clock.filter(clock.dt.timestamp("us") % length != 0)
    if odd.len():
        raise InputError(
            f"expected slots of 5, 15, 30 or 60 minutes, came a start at {odd[0]}",
            column="start",
            remedy="Count contacts per slot first.",
        )


def by_clock(history: pl.DataFrame) -> pl.DataFrame:
    """A history with its local time: the column `clock`, without a zone.

    Times without a zone are local already; UTC is read on the town's clock, other zones
    as given.
    """
    start, kind = pl.col("start"), history.schema["start"]
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        start = start.dt.convert_time_zone(_place(kind)).dt.replace_time_zone(None)
    return history.with_columns(start.cast(pl.Datetime("us")).alias("clock"))


def from_clock(clock: pl.Expr, kind: pl.DataType, *, late: bool = False) -> pl.Expr:
    """Local times as a history of that type writes them; null where none exists.

    Of a time that the clock shows twice it is the first, or else the `late` one.
    """
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        local = clock.cast(pl.Datetime("us")).dt.replace_time_zone(
            _place(kind),
            ambiguous="latest" if late else "earliest",
            non_existent="null",
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


def last_day(start: date, cadence: str) -> date:
    """The last day of the period of that cadence that begins on a day."""
    if cadence == "month":
        following = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
        return following - timedelta(days=1)
    return start + timedelta(days=PERIOD_DAYS[cadence] - 1)


def horizon_in_days(horizon: int, cadence: str) -> int:
    """The days within which that many periods begin, counted from a first day.

    Raises:
        InputError: it is no whole number of periods, or none that makes sense.
    """
    a_day = 86_400 // SLOT_SECONDS[cadence] if cadence in SLOT_SECONDS else 1
    longest = 366 * LONGEST_YEARS * a_day // PERIOD_DAYS.get(cadence, 1)
    check_horizon(horizon, longest)
    if cadence == "month":
        return math.ceil(horizon * 30.4375) + 2
    if cadence in SLOT_SECONDS:
        return math.ceil(horizon * SLOT_SECONDS[cadence] / 86_400)
    return horizon * PERIOD_DAYS[cadence]
