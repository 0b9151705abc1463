"""How long contacts take: mean and spread per series, from what was timed."""

import polars as pl

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.history.contacts import source_ends, took_place
from forecasting.tables import HandlingTimes, series_name

YEAR_DAYS = 365
HOUR_S = 3600
GRID_S = 150.0
"""Places in an agenda last a multiple of so many seconds; measured times rarely do."""
PLANNED_SHARE = 0.95


def handling_times(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """The `HandlingTimes` of all series with timed contacts.

    The variance of one contact is told by differences between the means of quarter-hours
    that follow each other: of `n` and `m` contacts, `(a - b)^2 / (1/n + 1/m)` is on
    average that variance, whatever slow change there is besides (Rice 1984). Counts of
    more than an hour tell no spread: days differ by more than chance.
    """
    served = counts.slots.filter(pl.col("timed") > 0)
    past = took_place(served, source_ends(counts.slots, calendar))
    sums = past.group_by("source", "start", series_name().alias("series")).agg(
        pl.col("timed", "work_s").sum(), pl.col("period_s").max()
    )
    newest = pl.col("start").max().over("series")
    recent = sums.filter(pl.col("start") > newest - pl.duration(days=YEAR_DAYS))
    times = _of_series(recent.sort("series", "source", "start").collect())
    return HandlingTimes.validate(times.sort("series"), cast=True)


def _of_series(rows: pl.DataFrame) -> pl.DataFrame:
    one_of, mean = 1 / pl.col("timed"), pl.col("work_s") / pl.col("timed")
    squared = mean.diff() ** 2 / (one_of + one_of.shift())
    short = (pl.col("period_s") <= HOUR_S) & (pl.col("period_s").shift() <= HOUR_S)
    apart = pl.when(short).then(squared).over("series", "source")
    on_grid = (pl.col("work_s") % GRID_S == 0) & (pl.col("work_s") > 0)
    return (
        rows.with_columns(apart.alias("variance"), on_grid.alias("on_grid"))
        .group_by("series")
        .agg(
            (pl.col("work_s").sum() / pl.col("timed").sum()).alias("mean_s"),
            pl.col("variance").mean().sqrt().alias("sd"),
            pl.col("timed").sum(),
            pl.col("variance").count().alias("pairs"),
            (pl.col("on_grid").mean() >= PLANNED_SHARE).alias("planned"),
        )
        .select(
            "series",
            "mean_s",
            pl.when(pl.col("mean_s") > 0).then(pl.col("sd") / pl.col("mean_s"))
            .alias("cv"),
            "timed",
            "pairs",
            pl.when("planned").then(pl.lit("planned")).otherwise(pl.lit("measured"))
            .alias("kind"),
        )
    )  # fmt: skip
