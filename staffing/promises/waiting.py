"""The wait at the counter, visitor by visitor, against the standard."""

import polars as pl

from forecasting.calendar import local_day
from staffing.promises.tables import PromiseDays
from staffing.standards import Standard

COUNTER = ("walk_in", "appointment")


def known_waits(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """The `Contacts` at the counter whose wait is known.

    Events one by one: a mean over several does not say how many waited too long.
    """
    alone = (pl.col("period_s") == 0) & pl.col("wait_s").is_not_null()
    return contacts.filter(alone, pl.col("channel").is_in(COUNTER))


def waits_by_day(waits: pl.LazyFrame, zone: str, standard: Standard) -> pl.DataFrame:
    """`PromiseDays` of `known_waits`; waits in seconds, of those served.

    Who left before being called counts as the standard says.
    """
    soon = pl.col("wait_s") <= standard.threshold_s
    left = pl.col("abandoned")
    served = pl.col("count") - left - pl.col("no_show")
    early = pl.when(soon).then(left).otherwise(0.0)
    asked, more = {
        "late": (served + left, pl.lit(0.0)),
        "left_out": (served, pl.lit(0.0)),
        "short_left_out": (served + left - early, pl.lit(0.0)),
        "in_time": (served + left, early),
    }[standard.abandoned]
    rows = waits.select(
        "location",
        local_day("start", zone).alias("day"),
        asked.alias("asked"),
        (pl.when(soon).then(served).otherwise(0.0) + more).alias("hits"),
        served.alias("measured"),
        (served * pl.col("wait_s")).alias("amount"),
    )
    sums = rows.group_by("location", "day").agg(pl.exclude("location", "day").sum())
    return PromiseDays.validate(sums.collect().sort("location", "day"))
