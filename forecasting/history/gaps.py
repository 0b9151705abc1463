"""Gaps by name: which stretch of which series, of what kind, and what covers it."""

from collections.abc import Sequence

import polars as pl

from forecasting.calendar import Calendar
from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.history.silences import silent_runs, with_runs
from forecasting.tables import Gaps, split_series
from forecasting.tuning import GapTuning

SERIES = ("series",)
NO_GAPS = Gaps.create_empty()


def name_gaps(
    missing: pl.DataFrame,
    demand: pl.DataFrame,
    calendar: Calendar,
    left_out: Sequence[LeftOut],
    tuning: GapTuning,
) -> pl.DataFrame:
    """Missing periods and improbable zeros as stretches, typed `Gaps`."""
    periods = pl.concat([missing, _silent(demand, tuning)])
    if periods.is_empty():
        return NO_GAPS
    known = demand.select("series", "start", pl.lit("known").alias("kind"))
    rest = known.join(periods, on=["series", "start"], how="anti")
    whole = pl.concat([periods, rest]).sort("series", "start")
    run = pl.col("kind").rle_id().over("series")
    stretches = whole.with_columns(run.alias("run")).filter(pl.col("kind") != "known")
    covered = _with_cover(stretches, calendar, left_out)
    gaps = covered.group_by("series", "run").agg(
        pl.col("start").min().alias("first"),
        pl.col("start").max().alias("last"),
        pl.len().cast(pl.Int64).alias("periods"),
        pl.col("kind").first(),
        _cover(),
    )
    return Gaps.validate(gaps.drop("run").sort("series", "first"), cast=True)


def _silent(demand: pl.DataFrame, tuning: GapTuning) -> pl.DataFrame:
    """Zeros of series that are improbable by the series' own rate, though known."""
    seen = (pl.col("count") > 0).alias("seen")
    days = with_runs(demand.select("series", "start", "count", seen), SERIES)
    runs = silent_runs(days, SERIES, tuning)
    long = pl.col("periods") >= tuning.least_periods
    kept = days.join(
        runs.filter(pl.col("improbable") & long), on=[*SERIES, "run"], how="semi"
    )
    return kept.select("series", "start", pl.lit("series").alias("kind"))


def _with_cover(
    periods: pl.DataFrame, calendar: Calendar, left_out: Sequence[LeftOut]
) -> pl.DataFrame:
    """Whether each period is left out of training, and whether its location is shut."""
    location = split_series().struct.field("location").alias("location")
    placed = periods.with_columns(location)
    days = placed.select("location", "start").unique()
    shut = [calendar.is_closed(day, place) for place, day in days.iter_rows()]
    closed = days.with_columns(pl.Series("shut", shut, dtype=pl.Boolean))
    excluded = is_left_out(left_out, periods["series"].unique())
    return placed.join(closed, on=["location", "start"]).with_columns(
        excluded.alias("excluded")
    )


def _cover() -> pl.Expr:
    shut = pl.when(pl.col("shut").all()).then(pl.lit("closure"))
    cover = pl.when(pl.col("excluded").all()).then(pl.lit("excluded"))
    return cover.otherwise(shut.otherwise(pl.lit("none"))).alias("covered_by")
