"""Whether a planner's adjustment brought the forecast nearer to what came.

Forecast value added: the error of a forecast with a change beside the error it would
have had without (Gilliland 2010, The Business Forecasting Deal). Told per note, for the
series it was about; never by whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import polars as pl

FRIDAY = timedelta(days=4)
WEEK = ["series", "week"]


class PlannerValue(dy.Schema):
    """How far a forecast was off with a note and without, in the weeks that came.

    Errors are absolute, per series and week, added up; so is `demand`, what came.
    `weeks` counts the weeks, `series` the series that the note moved.
    """

    note = dy.Int64(primary_key=True)
    series = dy.Int64(nullable=False, min=1)
    weeks = dy.Int64(nullable=False, min=1)
    first = dy.Date(nullable=False)
    last = dy.Date(nullable=False)
    demand = dy.Float64(nullable=False, min=0)
    error_with = dy.Float64(nullable=False, min=0)
    error_without = dy.Float64(nullable=False, min=0)


class JudgedValue(PlannerValue):
    """`PlannerValue` as shares of what came, to a tenth of a per cent, and which is less.

    `verdict` is better, worse or same, as far as the shares tell; nothing of no demand.
    """

    share_with = dy.Float64(nullable=True, min=0)
    share_without = dy.Float64(nullable=True, min=0)
    verdict = dy.String(nullable=True, regex="^(better|worse|same)$")


@dataclass(frozen=True)
class ToldRun:
    """A run that knew days up to `origin`: `series, start, mean`, and what notes added.

    `added` holds `note, series, start, count`.
    """

    origin: date
    forecast: pl.DataFrame
    added: pl.DataFrame


def planner_value(
    runs: Sequence[ToldRun], actual: pl.DataFrame, last: date
) -> pl.DataFrame:
    """A `PlannerValue` table of the notes in some runs.

    Of each week the last forecast made before it counts: that is what a town staffed by.
    Days that a note did not move, and days that are not known, count on neither side.

    Args:
        runs: all runs, in order of the last day they knew and then of being made.
        actual: `series, start, count` as known now, without periods left out.
        last: the last day known now.
    """
    ends = [run.origin for run in runs[1:]] + [last]
    parts = [
        _of_run(run, until, actual, last)
        for run, until in zip(runs, ends, strict=True)
        if until > run.origin
    ]
    if not parts:
        return PlannerValue.create_empty()
    table = _told(pl.concat(parts)).sort("note")
    return PlannerValue.validate(table, cast=True)


def judged(value: pl.DataFrame) -> pl.DataFrame:
    """A `JudgedValue` table of a `PlannerValue` one."""
    known = pl.when(pl.col("demand") > 0)
    shares = {
        f"share_{side}": known.then(pl.col(f"error_{side}") / pl.col("demand")).round(3)
        for side in ("with", "without")
    }
    less, more = pl.col("share_with"), pl.col("share_without")
    nearer = pl.when(less < more).then(pl.lit("better"))
    further = nearer.when(less > more).then(pl.lit("worse"))
    verdict = further.when(less == more).then(pl.lit("same"))
    return JudgedValue.validate(
        value.with_columns(**shares).with_columns(verdict=verdict), cast=True
    )


def _of_run(
    run: ToldRun, until: date, actual: pl.DataFrame, last: date
) -> pl.DataFrame:
    """`note, series, week, came, mean, bare` of the weeks for which a run was the last."""
    week = pl.col("start").dt.truncate("1w").alias("week")
    keys = ["series", "start"]
    moved = run.added.filter(pl.col("count") != 0).with_columns(week)
    mine = (pl.col("week") > run.origin) & (pl.col("week") <= until)
    over = pl.col("week") + FRIDAY <= last
    came = actual.select(*keys, pl.col("count").alias("came"))
    told = run.forecast.select(*keys, "mean")
    rows = moved.filter(mine & over).join(told, on=keys).join(came, on=keys)
    bare = (pl.col("mean") - pl.col("count")).alias("bare")
    sums = pl.col("came", "mean", "bare").sum()
    return rows.with_columns(bare).group_by("note", *WEEK).agg(sums)


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    def off(name: str) -> pl.Expr:
        return (pl.col(name) - pl.col("came")).abs().sum()

    return rows.group_by("note").agg(
        pl.col("series").n_unique().cast(pl.Int64),
        pl.col("week").n_unique().cast(pl.Int64).alias("weeks"),
        pl.col("week").min().alias("first"),
        pl.col("week").max().alias("last"),
        pl.col("came").sum().alias("demand"),
        off("mean").alias("error_with"),
        off("bare").alias("error_without"),
    )
