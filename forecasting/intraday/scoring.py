"""Backtests of slots: what the day forecasts of an origin say of the slots that came."""

import polars as pl

from forecasting.intraday.slotwise import share_days_out
from forecasting.series.cadence import by_clock
from forecasting.series.knowndays import Known
from forecasting.tuning import IntradayTuning


def slots_held_back(
    days: pl.DataFrame,
    history: pl.DataFrame,
    known: Known,
    within_s: int,
    tuning: IntradayTuning,
) -> pl.DataFrame:
    """Forecasts of slots from held-back forecasts of days, beside what came in them.

    The profile of each origin is fitted on what was known then.

    Args:
        days: `series, method, origin, start, ahead, mean` and quantiles of local days,
            all days after the last whole one before their origin.
        history: the slot history.
        known: holidays and school holidays.
        within_s: how many seconds of the clock after the day of the origin count.
        tuning: settings of the profile.
    """
    clocked = by_clock(history)
    parts = days.drop("actual", strict=False).partition_by("origin", as_dict=True)
    told = [
        _from_origin(parts[key], clocked, known, within_s, tuning)
        for key in sorted(parts)
    ]
    return pl.concat(told)


def _from_origin(
    days: pl.DataFrame,
    clocked: pl.DataFrame,
    known: Known,
    within_s: int,
    tuning: IntradayTuning,
) -> pl.DataFrame:
    day = pl.col("clock").dt.date()
    origin = days["origin"][0]
    midnight = pl.lit(origin).cast(pl.Datetime("us")) + pl.duration(days=1)
    gone = (pl.col("clock") - midnight).dt.total_seconds()
    came = clocked.filter((day > origin) & (gone < within_s))
    past = clocked.filter(day <= origin).drop("clock")
    wanted = came.select("series", "start", pl.col("count").alias("actual"))
    return share_days_out(days, past, wanted, known, tuning)


def naive_slot_error(history: pl.DataFrame) -> pl.DataFrame:
    """`series, naive`: the mean absolute difference from the same slot a week before."""
    slots = by_clock(history).group_by("series", "clock").agg(pl.col("count").mean())
    later = pl.col("clock").dt.offset_by("7d")
    pairs = slots.join(
        slots.select("series", later, pl.col("count").alias("before")),
        on=["series", "clock"],
    )
    error = (pl.col("count") - pl.col("before")).abs().mean().alias("naive")
    names = history.select("series").unique()
    return names.join(pairs.group_by("series").agg(error), on="series", how="left")
