"""Earlier forecasts against what came, and when their intervals were left too often."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.insight_tables import Verification
from forecasting.sampling.drawing import draws
from forecasting.tuning import ExplainTuning

NOMINAL = 0.10
"""The part of periods that lies outside a calibrated 90% interval."""

ALL = ""
"""Stands for all series of a run together."""

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

    Days of one run are alike: one error of level puts weeks outside at once. So
    `expected_outside` is no binomial bound of days. It is the larger of what the run's
    own dependent samples leave their interval with the chance of the settings, and what
    as many independent weeks would: a warning needs more than both.

    Args:
        runs: earlier runs.
        actual: `series, start, count` as known now, without periods left out.
        tuning: horizons, and the chance under which a warning is given.
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
    both = pl.concat([came, came.with_columns(pl.lit(ALL).alias("series"))])
    limits = _limits(_drawn_outside(came, run, tuning, seed), both, tuning.chance)
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


def _limits(drawn: pl.DataFrame, rows: pl.DataFrame, chance: float) -> pl.DataFrame:
    """`series, ahead, expected_outside`."""
    week = pl.col("start").dt.truncate("1w")
    sizes = rows.group_by(CELL).agg(
        pl.len().alias("periods"), week.n_unique().alias("weeks")
    )
    own = drawn.group_by(CELL).agg(
        pl.col("outside").quantile(1 - chance, "higher").alias("most")
    )
    by_weeks = {n: _binomial_bound(n, chance) / n for n in sizes["weeks"].unique()}
    bound = pl.col("weeks").replace_strict(by_weeks, return_dtype=pl.Float64)
    limit = pl.max_horizontal(pl.col("most") / pl.col("periods"), bound)
    return sizes.join(own, on=CELL).select(*CELL, limit.alias("expected_outside"))


def _binomial_bound(trials: int, chance: float) -> int:
    """The smallest number that is exceeded with at most that chance by calibrated ones."""
    left = 1.0
    for count in range(trials + 1):
        odds = NOMINAL**count * (1 - NOMINAL) ** (trials - count)
        left -= math.comb(trials, count) * odds
        if left <= chance:
            return count
    return trials
