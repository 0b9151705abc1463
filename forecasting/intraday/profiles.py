"""From days to quarter-hours: how a day of a series falls over its times of day.

A profile is the share of a weekday that comes in each slot. Recent weeks weigh more, and
a small series leans on its group: the series of the same location and channel.
"""

import polars as pl

from forecasting.tables import split_series
from forecasting.tuning import DefaultProfile, IntradayTuning

AT = ("series", "weekday", "minute")


def profile(slots: pl.DataFrame, tuning: IntradayTuning) -> pl.DataFrame:
    """Shares per `series, weekday, minute` that add up to 1 over each weekday.

    `slots` holds `series, clock, count` with the local time of day; a slot that was open
    without contacts has a zero, a closed one no row.
    """
    last = pl.col("clock").max()
    recent = slots.filter(pl.col("clock") > last - pl.duration(days=tuning.window_days))
    age = (last - pl.col("clock")).dt.total_days()
    weight = 0.5 ** (age / tuning.half_life_days)
    dated = recent.with_columns(weight.alias("weight"), _group().alias("group"))
    sums = (
        dated.with_columns(*at_clock("clock"))
        .group_by("series", "group", "weekday", "minute")
        .agg((pl.col("count") * pl.col("weight")).sum().alias("sum"))
        .sort(AT)
    )
    return _shrunk(sums, tuning.group_slots).select(*AT, "share")


def at_clock(column: str) -> tuple[pl.Expr, pl.Expr]:
    """Weekday (Monday 1) and minute of the day of a local time."""
    clock = pl.col(column)
    minute = clock.dt.hour().cast(pl.Int32) * 60 + clock.dt.minute()
    return clock.dt.weekday().alias("weekday"), minute.alias("minute")


def _group() -> pl.Expr:
    """Location and channel where the name tells them, else the series itself."""
    parts = split_series()
    place = parts.struct.field("location") + "/" + parts.struct.field("channel")
    return place.fill_null(pl.col("series"))


def _shrunk(sums: pl.DataFrame, strength: float) -> pl.DataFrame:
    """Shares, with `strength` contacts of the group added to those of each weekday."""
    slot, day = ["group", "weekday", "minute"], ["series", "weekday"]
    known = sums.with_columns(pl.col("sum").sum().over(slot).alias("usual"))
    own_day, usual_day = (pl.col(c).sum().over(day) for c in ("sum", "usual"))
    of_group = pl.when(usual_day > 0).then(pl.col("usual") / usual_day)
    leaning = of_group.otherwise(1 / pl.len().over(day))
    share = (pl.col("sum") + strength * leaning) / (own_day + strength)
    return known.with_columns(share.alias("share"))


def default_profile(names: pl.Series, assumed: DefaultProfile) -> pl.DataFrame:
    """The assumed weights of every quarter-hour of a week, not yet adding up to 1."""
    hours = pl.DataFrame({"hour": assumed.hour_from, "weight": assumed.hour_weight})
    minutes = pl.DataFrame({"minute": range(0, 1440, 15)}, schema={"minute": pl.Int32})
    by_minute = minutes.with_columns(
        (pl.col("minute") // 60).cast(pl.Int64).alias("hour")
    ).join_asof(hours, on="hour")
    weekdays = pl.DataFrame(
        {"weekday": range(1, 8), "factor": assumed.weekday},
        schema_overrides={"weekday": pl.Int8},
    )
    grid = names.to_frame("series").join(weekdays, how="cross")
    return grid.join(by_minute, how="cross").select(
        *AT, (pl.col("factor") * pl.col("weight")).alias("share")
    )


def spread(
    periods: pl.DataFrame,
    slots: pl.DataFrame,
    shares: pl.DataFrame,
    *,
    whole: bool = True,
) -> pl.DataFrame:
    """Share the means of periods out over the open slots inside them.

    Slots without any share divide the period evenly.

    Args:
        periods: `series, start, mean`: days or the first days of weeks.
        slots: `series, start, period, clock`: `period` is the start of the period.
        shares: a profile.
        whole: whether the slots are all that is open, so that they take the whole of
            the period (a short day, a late opening), or only those asked for.
    """
    joined = (
        slots.with_columns(*at_clock("clock"))
        .join(shares, on=AT, how="left")
        .with_columns(pl.col("share").fill_null(0.0))
        .join(
            periods.select("series", pl.col("start").alias("period"), "mean"),
            on=["series", "period"],
        )
    )
    total = pl.col("share").sum().over("series", "period")
    even = 1 / pl.len().over("series", "period")
    scale = total if whole else pl.lit(1.0)
    part = pl.when(total > 0).then(pl.col("share") / scale).otherwise(even)
    spread_out = joined.with_columns((pl.col("mean") * part).alias("mean"))
    return spread_out.select("series", "start", "mean").sort("series", "start")
