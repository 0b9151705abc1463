"""Earlier forecasts against what came, and when their intervals were left too often."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.explaining.chance import (
    likeness,
    most_outside,
    pooled_likeness,
)
from forecasting.insight_tables import Verification
from forecasting.sampling.drawing import draws
from forecasting.tuning import ExplainTuning

NOMINAL = 0.10
"""The part of periods that lies outside a calibrated 90% interval."""

ALL = ""
"""Stands for all series of a run together."""

LEAST_ALIKE = 1e-6
"""Closer to 0 or 1 the law has no numbers."""

CELL = ("series", "ahead")


@dataclass(frozen=True)
class EarlierRun:
    """What a run said: a `StoredForecast`, made when `origin` was the last day known.

    `dependence` is how it thought that errors hang together; without, it is assumed.
    """

    id: str
    origin: date
    forecast: pl.DataFrame
    dependence: pl.DataFrame | None = None


def verify(
    runs: Iterable[EarlierRun],
    actual: pl.DataFrame,
    tuning: ExplainTuning,
    *,
    seed: int,
) -> pl.DataFrame:
    """A `Verification` table of the runs, per series and all together (series "").

    Days of one run are alike: one error of level puts many outside at once. So
    `expected_outside` is the bound of a beta-binomial law, exceeded with the chance of the
    settings. How alike days are is what the run's own dependent samples show, but at
    least what the settings state: a run knows few origins to learn it from.

    Args:
        runs: earlier runs.
        actual: `series, start, count` as known now, without periods left out.
        tuning: horizons, how alike periods are at least, and the chance under which a
            warning is given.
        seed: of the samples.
    """
    tables = [_verified(run, actual, tuning, seed) for run in runs]
    table = pl.concat([Verification.create_empty(), *tables])
    return Verification.validate(table.sort("run", *CELL), cast=True)


def _verified(
    run: EarlierRun, actual: pl.DataFrame, tuning: ExplainTuning, seed: int
) -> pl.DataFrame:
    known = actual.select("series", "start", pl.col("count").alias("actual"))
    came = run.forecast.join(known, on=["series", "start"]).with_columns(
        _ahead(run.origin, tuning.horizons)
    )
    came = came.filter(pl.col("start") > run.origin).drop_nulls("ahead")
    if came.is_empty():
        return Verification.create_empty()
    named = came.with_columns(pl.col("series").alias("of"))
    both = pl.concat([named, named.with_columns(pl.lit(ALL).alias("series"))])
    limits = _limits(_drawn_outside(came, run, tuning, seed), both, tuning)
    told = (
        _told(both)
        .join(limits, on=CELL)
        .with_columns(
            pl.lit(run.id).alias("run"),
            pl.lit(run.origin).alias("origin"),
            (pl.col("outside") > pl.col("expected_outside")).alias("warning"),
        )
    )
    columns = Verification.column_names()
    return Verification.validate(told.select(columns), cast=True)


def _ahead(origin: date, horizons: tuple[int, ...]) -> pl.Expr:
    """The far end of the group of horizons that a start falls in."""
    days = (pl.col("start") - pl.lit(origin)).dt.total_days()
    ends = [pl.when(days <= end).then(end) for end in sorted(horizons)]
    return pl.coalesce(ends).cast(pl.Int32).alias("ahead")


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    demand = pl.col("actual").sum()
    error = pl.col("mean") - pl.col("actual")
    some = demand > 0
    return rows.group_by(CELL).agg(
        pl.len().cast(pl.Int64).alias("periods"),
        demand.alias("demand"),
        pl.when(some).then(error.abs().sum() / demand).alias("wape"),
        pl.when(some).then(error.sum() / demand).alias("bias"),
        _is_outside("actual").mean().alias("outside"),
    )


def _is_outside(column: str) -> pl.Expr:
    return ~pl.col(column).is_between(pl.col("q05"), pl.col("q95"))


def _drawn_outside(
    came: pl.DataFrame, run: EarlierRun, tuning: ExplainTuning, seed: int
) -> pl.DataFrame:
    """`series, ahead, sample, outside`: how often samples leave their own interval."""
    number = max(tuning.draws, math.ceil(4 / tuning.chance))
    parts = []
    for rows, counts in draws(came, number, seed, dependence=run.dependence):
        low, high = (rows[name].to_numpy()[:, None] for name in ("q05", "q95"))
        ahead = rows["ahead"].to_numpy()
        outside = (counts < low) | (counts > high)
        parts += [
            pl.DataFrame(
                {
                    "series": rows["series"][0],
                    "ahead": pl.Series([far], dtype=pl.Int32),
                    "sample": [np.arange(number)],
                    "outside": [outside[ahead == far].sum(axis=0)],
                }
            )
            for far in np.unique(ahead)
        ]
    each = pl.concat(parts).explode("sample", "outside")
    total = each.group_by("ahead", "sample").agg(pl.col("outside").sum())
    named = total.with_columns(pl.lit(ALL).alias("series")).select(each.columns)
    return pl.concat([each, named])


def _limits(
    drawn: pl.DataFrame, rows: pl.DataFrame, tuning: ExplainTuning
) -> pl.DataFrame:
    """`series, ahead, expected_outside`."""
    sizes = rows.group_by(CELL).agg(
        pl.len().cast(pl.Int64).alias("periods"), pl.col("of").n_unique()
    )
    spread = drawn.group_by(CELL).agg(
        pl.col("outside").mean().alias("mean"),
        pl.col("outside").var(ddof=0).alias("variance"),
    )
    cells = sizes.join(spread, on=CELL).sort(CELL)
    columns = ("periods", "of", "mean", "variance")
    limits = [
        _limit(periods, series, mean, variance, tuning)
        for periods, series, mean, variance in cells.select(columns).iter_rows()
    ]
    named = pl.Series("expected_outside", limits, dtype=pl.Float64)
    return cells.select(*CELL, named)


def _limit(
    periods: int, series: int, mean: float, variance: float, tuning: ExplainTuning
) -> float:
    """The share of the periods of a cell that may be outside."""
    least = pooled_likeness(periods, series, tuning.day_alike, tuning.series_alike)
    alike = max(likeness(mean, variance, periods), least, LEAST_ALIKE)
    return (
        most_outside(periods, NOMINAL, min(alike, 1 - LEAST_ALIKE), tuning.chance)
        / periods
    )
