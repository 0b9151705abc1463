"""Requests to be called back: done by the end of the day on which they were due?"""

import polars as pl

from forecasting.calendar import local_day
from staffing.promises.tables import PromiseDays

CALLBACK = "callback"


def requests(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """The `Contacts` that ask to be called back, each by itself."""
    return contacts.filter(pl.col("channel") == CALLBACK, pl.col("period_s") == 0)


def callbacks_by_day(
    asked: pl.LazyFrame, zone: str, due: pl.DataFrame, ends: pl.DataFrame
) -> pl.DataFrame:
    """`PromiseDays` of callbacks by the day they were asked for; waits in working days.

    Args:
        asked: `requests` of sources that say when one was done.
        zone: of the town's days.
        due: `location, day, number, due`, as `OpenDays.due` gives it.
        ends: `source, last_day`: the last day that each source tells of.

    A request that is not done counts as missed once the source tells of a day after the
    one it was due, and not at all before that.
    """
    start, wait = pl.col("start"), pl.duration(microseconds=pl.col("wait_s") * 1e6)
    done = (start + wait).dt.convert_time_zone(zone).dt.date()
    rows = (
        asked.select(
            "source", "location", "count",
            local_day("start", zone).alias("day"), done.alias("done"),
        )
        .join(due.lazy(), on=["location", "day"])
        .join(ends.lazy().select("source", "last_day"), on="source")
        .join(_numbers(due), on=["location", "done"], how="left")
    )  # fmt: skip
    is_done = pl.col("done").is_not_null()
    decided = rows.filter(is_done | (pl.col("due") < pl.col("last_day")))
    took = (pl.col("done_number") - pl.col("number")).clip(0)
    count = pl.col("count")
    in_time = (pl.col("done") <= pl.col("due")).fill_null(value=False)
    sums = decided.group_by("location", "day").agg(
        count.sum().alias("asked"),
        count.filter(in_time).sum().alias("hits"),
        count.filter(took.is_not_null()).sum().alias("measured"),
        (count * took).sum().cast(pl.Float64).alias("amount"),
    )
    return PromiseDays.validate(sums.collect().sort("location", "day"), cast=True)


def _numbers(due: pl.DataFrame) -> pl.LazyFrame:
    """The number of each day, by the name of the day on which something was done."""
    return due.lazy().select(
        "location",
        pl.col("day").alias("done"),
        pl.col("number").alias("done_number"),
    )
