"""The assumed profile, for series whose exports tell no time of day."""

import polars as pl

from forecasting.series.slots import at_clock
from forecasting.tuning import DefaultProfile

AT = ("series", "weekday", "minute")


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


def assumed_portions(slots: pl.DataFrame, assumed: DefaultProfile) -> pl.DataFrame:
    """`slots` (`series, period, clock`) with the `part` of their period, and no `cv`.

    The parts of a period (a day, week or month) add up to 1; slots without any weight
    divide it evenly.
    """
    table = default_profile(slots["series"].unique().sort(), assumed)
    weighed = slots.with_columns(*at_clock("clock")).join(table, on=AT, how="left")
    share = pl.col("share").fill_null(0.0)
    total = share.sum().over("series", "period")
    even = 1 / pl.len().over("series", "period")
    part = pl.when(total > 0).then(share / total).otherwise(even)
    return weighed.select(
        "series",
        "period",
        "clock",
        part.alias("part"),
        pl.lit(None, pl.Float64).alias("cv"),
    )
