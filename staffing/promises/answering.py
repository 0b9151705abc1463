"""Calls answered in time, as the telephone exchange counted them."""

import polars as pl

from forecasting.calendar import local_day
from staffing.promises.tables import PromiseDays
from staffing.standards import Standard

PHONE = "phone"
EARLY = ("short_left_out", "in_time")
"""Ways to count who gave up that ask when it was, which no count of calls tells."""


def judged_calls(slots: pl.LazyFrame) -> pl.LazyFrame:
    """The `SlotContacts` of calls of which it is known whether they were in time."""
    return slots.filter(pl.col("channel") == PHONE, pl.col("judged") > 0)


def calls_by_day(calls: pl.LazyFrame, zone: str, standard: Standard) -> pl.DataFrame:
    """`PromiseDays` of calls, as `judged_calls` gives them.

    Who gives up counts as the standard says; where that asks
    after how long, as not answered, so that the share is the least it can be.
    """
    judged = pl.col("judged")
    gave_up = pl.min_horizontal("abandoned", judged - pl.col("in_time"))
    out = gave_up if standard.abandoned == "left_out" else pl.lit(0.0)
    rows = calls.select(
        "location",
        local_day("start", zone).alias("day"),
        (judged - out).alias("asked"),
        pl.col("in_time").alias("hits"),
    )
    sums = rows.group_by("location", "day").agg(pl.col("asked", "hits").sum())
    none = {"measured": pl.lit(0.0), "amount": pl.lit(0.0)}
    return PromiseDays.validate(
        sums.with_columns(**none).collect().sort("location", "day")
    )


def note_of(standard: Standard, told_s: list[float | None]) -> str | None:
    """Why what exports count within `told_s` seconds is no measure of the standard."""
    if any(seconds is None for seconds in told_s):
        return "threshold_untold"
    if any(seconds != standard.threshold_s for seconds in told_s):
        return "threshold_differs"
    return "short_untold" if standard.abandoned in EARLY else None
