"""Peak weeks: more work than people, or much more than usual."""

from datetime import timedelta

import polars as pl

RATIO = 1.2
HALF_YEAR = timedelta(weeks=26)


def peaks(load: pl.DataFrame) -> pl.DataFrame:
    """The rows of a `WeeklyLoad` that are peaks, with the `limit` they exceed.

    A peak is a week whose upper quartile of contact hours exceeds the capacity; where no
    capacity is known, one above 1.2 times the median of the 52 weeks around it (those
    the table holds).
    """
    pair = ["location", "skill"]
    around = load.join(load.select(*pair, "week", "hours_q75"), on=pair, suffix="_near")
    near = pl.col("week_near").is_between(
        pl.col("week") - HALF_YEAR, pl.col("week") + HALF_YEAR
    )
    usual = (
        around.filter(near)
        .group_by(*pair, "week")
        .agg((RATIO * pl.col("hours_q75_near").median()).alias("usual"))
    )
    limited = load.join(usual, on=[*pair, "week"]).with_columns(
        pl.coalesce("capacity", "usual").alias("limit")
    )
    above = limited.filter(pl.col("hours_q75") > pl.col("limit"))
    return above.drop("usual").sort(*pair, "week")
