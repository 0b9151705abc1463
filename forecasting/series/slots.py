"""Histories of slots: times of the day, which of them are open, which days are whole."""

import polars as pl

from forecasting.series.cadence import by_clock, from_clock

OPEN_SHARE = 0.25
"""A slot is open on a weekday when this share of its last days had a row there."""
RECENT_DAYS = 91
PART_SHARE = 0.1
"""A day is known in part when more than this share of its usual slots is missing."""
FIRST_COUNTS = 14
SCATTERED = 0.9


def at_clock(column: str) -> tuple[pl.Expr, pl.Expr]:
    """Weekday (Monday 1) and minute of the day of a local time."""
    clock = pl.col(column)
    minute = clock.dt.hour().cast(pl.Int32) * 60 + clock.dt.minute()
    return clock.dt.weekday().alias("weekday"), minute.alias("minute")


def open_minutes(clocked: pl.DataFrame) -> pl.DataFrame:
    """`series, weekday, minute` that are usually open, of a history with its `clock`."""
    newest = pl.col("clock").max().over("series")
    recent = clocked.filter(
        pl.col("clock") > newest - pl.duration(days=RECENT_DAYS)
    ).with_columns(*at_clock("clock"), pl.col("clock").dt.date().alias("day"))
    days = recent.group_by("series", "weekday").agg(
        pl.col("day").n_unique().alias("of")
    )
    seen = recent.group_by("series", "weekday", "minute").agg(pl.col("day").n_unique())
    often = seen.join(days, on=["series", "weekday"]).filter(
        pl.col("day") >= OPEN_SHARE * pl.col("of")
    )
    return often.select("series", "weekday", "minute")


def with_zeros(history: pl.DataFrame) -> pl.DataFrame:
    """The history with the zeros that an export left out.

    That is the case of a series without any zero whose slots are there on some days and
    not on others, without order: half of its times of the week were seen on less than
    `SCATTERED` of the days. Of such a series every time of the day that was seen at all
    is taken as open in the hours of the week that are usually busy. Histories of days,
    and of other series, stay as they are.
    """
    if history.schema["start"] == pl.Date:
        return history
    times = by_clock(history).with_columns(
        *at_clock("clock"), pl.col("clock").dt.date().alias("day")
    )
    days = times.select("series", "weekday", "day").unique()
    of = days.group_by("series", "weekday").agg(pl.len().alias("of"))
    seen = times.group_by("series", "weekday", "minute").agg(pl.len().alias("seen"))
    presence = seen.join(of, on=["series", "weekday"])
    half = (pl.col("seen") / pl.col("of")).median().alias("presence")
    scattered = (
        presence.group_by("series").agg(half).filter(pl.col("presence") < SCATTERED)
    )
    least = times.group_by("series").agg(pl.col("count").min())
    bare = scattered.join(least.filter(pl.col("count") > 0), on="series", how="semi")
    if bare.is_empty():
        return history
    missing = _unwritten(times.join(bare, on="series", how="semi"), days, of)
    start = from_clock(pl.col("clock"), history.schema["start"]).alias("start")
    zeros = missing.with_columns(start, pl.lit(0.0).alias("count"))
    both = [history, zeros.drop_nulls("start").select(history.columns)]
    return pl.concat(both).sort("series", "start")


def _unwritten(
    times: pl.DataFrame, days: pl.DataFrame, of: pl.DataFrame
) -> pl.DataFrame:
    """The slots without a row in busy hours, from the first row to the last."""
    hour = (pl.col("minute") // 60).alias("hour")
    hours = times.select("series", "weekday", "day", hour).unique()
    busy = hours.group_by("series", "weekday", "hour").agg(pl.len().alias("seen"))
    busy = busy.join(of, on=["series", "weekday"]).filter(
        pl.col("seen") >= OPEN_SHARE * pl.col("of")
    )
    minutes = times.select("series", "minute", hour).unique()
    week = busy.join(minutes, on=["series", "hour"])
    grid = days.join(week, on=["series", "weekday"])
    clock = pl.col("day").cast(pl.Datetime("us")) + pl.duration(
        minutes=pl.col("minute")
    )
    slots = grid.select("series", "day", clock.alias("clock"))
    at = pl.col("clock")
    span = times.group_by("series").agg(at.min().alias("first"), at.max().alias("last"))
    within = slots.join(span, on="series").filter(at.is_between("first", "last"))
    of_day = times.select(pl.exclude("clock", "start", "count", "weekday", "minute"))
    return within.join(times, on=["series", "clock"], how="anti").join(
        of_day.unique(["series", "day"], keep="first", maintain_order=True),
        on=["series", "day"],
    )


def whole_days(history: pl.DataFrame) -> pl.DataFrame:
    """The history without first and last days of series that are known in part only.

    A last day breaks off when slots that are usually open still come after it, a first
    day begins late when they lie before it (of histories longer than `FIRST_COUNTS`
    days): a day known in part says nothing of a day. Histories of days stay as they are.
    """
    if history.schema["start"] == pl.Date:
        return history
    day = pl.col("clock").dt.date().alias("day")
    clocked = by_clock(history).with_columns(*at_clock("clock"), day)
    number = pl.col("day").n_unique().over("series")
    known = clocked.with_columns(number.alias("days")).filter(pl.col("days") > 1)
    usual = open_minutes(clocked)
    late = known.filter(pl.col("days") > FIRST_COUNTS).group_by("series")
    minute, at = pl.col("minute"), pl.col("minute_usual")
    parts = [
        _partly(known.group_by("series").agg(pl.all().last()), usual, at > minute),
        _partly(late.agg(pl.all().first()), usual, at < minute),
    ]
    kept = clocked.join(
        pl.concat(parts), on=["series", "day"], how="anti", maintain_order="left"
    )
    return kept.select(history.columns)


def _partly(ends: pl.DataFrame, usual: pl.DataFrame, missing: pl.Expr) -> pl.DataFrame:
    """The days `series, day` at one end of which too many usual slots are missing."""
    day = ends.select("series", "weekday", "day", "minute")
    slots = day.join(usual, on=["series", "weekday"], suffix="_usual")
    share = slots.group_by("series", "day").agg(missing.mean().alias("missing"))
    return share.filter(pl.col("missing") > PART_SHARE).select("series", "day")
