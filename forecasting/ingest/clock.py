"""Local time and UTC: the hour that comes twice, and the one that the clock skips."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import polars as pl

HOME_ZONE = "Europe/Amsterdam"
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
YEARS = (1950, 2150)
"""Years for which the doubled hours are known; other dates are slips of the pen."""

SKIPPED = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for a local time that never was: the clock skipped it."""


def to_utc(local: pl.Expr, zone: str, *, late: bool = False) -> pl.Expr:
    """Local times of a zone as moments in UTC, `SKIPPED` where there is none.

    A time that comes twice is the early one, or the late one when asked.
    """
    moment = local.dt.replace_time_zone(
        zone, ambiguous="latest" if late else "earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")
    skipped = pl.when(local.is_not_null()).then(pl.lit(SKIPPED, pl.Datetime("us", UTC)))
    return pl.coalesce(moment, skipped)


def is_skipped(moment: pl.Expr) -> pl.Expr:
    """Whether a moment stands for a local time that the clock skipped."""
    return moment == pl.lit(SKIPPED, pl.Datetime("us", UTC))


def seconds_between(first: pl.Expr, last: pl.Expr, zone: str) -> pl.Expr:
    """Seconds from one moment (UTC) to another; between two midnights whole days.

    Null where either is unknown or skipped.
    """
    local = [moment.dt.convert_time_zone(zone) for moment in (first, last)]
    midnights = pl.all_horizontal(at.dt.time() == pl.time(0) for at in local)
    days = (local[1].dt.date() - local[0].dt.date()).dt.total_seconds()
    exact = (last - first).dt.total_microseconds() / 1e6
    known = ~is_skipped(first) & ~is_skipped(last)
    return pl.when(known).then(pl.when(midnights).then(days).otherwise(exact))


def in_doubled_hour(moment: pl.Expr, zone: str) -> pl.Expr:
    """Whether a moment (UTC) lies in the early pass of an hour that comes twice."""
    return moment.dt.truncate("15m").is_in(_early(zone).implode())


def comes_twice(local: pl.Expr, zone: str) -> pl.Expr:
    """Whether a local time of a zone comes twice."""
    early = _early(zone).dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return local.dt.truncate("15m").is_in(early.implode())


def _early(zone: str) -> pl.Series:
    return pl.Series(doubled_quarters(zone), dtype=pl.Datetime("us", UTC))


@lru_cache
def doubled_quarters(zone: str) -> tuple[datetime, ...]:
    """The quarter-hours (UTC) of every early pass, where the clock goes back an hour."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    days = pl.DataFrame({"day": pl.datetime_range(first, last, "1d", eager=True)})
    local = pl.col("day").dt.convert_time_zone(zone)
    offset = local.dt.base_utc_offset() + local.dt.dst_offset()
    went_back = offset - offset.shift(-1) == HOUR
    here = ZoneInfo(zone)
    backs = [_switch(day, here) for day in days.filter(went_back)["day"]]
    return tuple(back - HOUR + i * QUARTER for back in backs for i in range(4))


def _switch(day: datetime, here: ZoneInfo) -> datetime:
    """The moment within a day (UTC) at which the offset changes."""
    before = day.astimezone(here).utcoffset()
    quarters = (day + i * QUARTER for i in range(1, 97))
    return next(at for at in quarters if at.astimezone(here).utcoffset() != before)
