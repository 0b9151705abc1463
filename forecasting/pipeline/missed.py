"""Weeks in which more or less came than the last forecast before them allowed for."""

from datetime import date, timedelta

import polars as pl

from forecasting.explaining.weekly import BY_WEEK, FRIDAY
from forecasting.pipeline.earlier import DEPENDENCE, KIND, origin_of, runs_by_origin
from forecasting.records import RunRecord
from forecasting.sampling import sum_quantiles
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace

MISSED = {
    "week": pl.Date,
    "came": pl.Float64,
    "mean": pl.Float64,
    "q05": pl.Float64,
    "q95": pl.Float64,
}


def missed_weeks(
    workspace: Workspace, run: RunRecord, series: list[str], *, weeks: int
) -> pl.DataFrame:
    """`week, came, mean, q05, q95`: weeks of late outside the 90% interval, furthest first.

    Of the sum of some series, as the last forecast before each week expected it, in the
    `weeks` before the end of the history of `run`. One in ten is outside by chance.
    """
    last = origin_of(run)
    if last is None:
        return pl.DataFrame(schema=MISSED)
    runs = runs_by_origin(workspace, run)
    ends = [origin for origin, _ in runs[1:]] + [last]
    since = last - timedelta(weeks=weeks)
    spans = [
        (record, max(origin, since), until)
        for (origin, record), until in zip(runs, ends, strict=True)
        if until > max(origin, since)
    ]
    told = [_told(workspace, record, series, *span) for record, *span in spans]
    every = pl.concat([pl.DataFrame(schema=MISSED).drop("came"), *told])
    came = _came(workspace, run, series, last).join(every, on="week")
    outside = ~pl.col("came").is_between(pl.col("q05"), pl.col("q95"))
    width = (pl.col("q95") - pl.col("q05")).clip(1)
    far = (pl.col("came") - pl.col("mean")).abs() / width
    found = came.filter(outside).sort(far, "week", descending=True)
    return found.select(list(MISSED))


def _came(
    workspace: Workspace, run: RunRecord, series: list[str], last: date
) -> pl.DataFrame:
    own = pl.col("series").is_in(series) & pl.col("cadence").is_in(BY_WEEK)
    week = pl.col("start").dt.truncate("1w").alias("week")
    rows = workspace.table(run, "demand").filter(own).group_by(week)
    sums = rows.agg(pl.col("count").sum().alias("came"))
    return sums.filter(pl.col("week") + FRIDAY <= last).collect()


def _told(
    workspace: Workspace, run: RunRecord, series: list[str], after: date, until: date
) -> pl.DataFrame:
    """What a run expected of the weeks that begin after one day and by another."""
    week = pl.col("start").dt.truncate("1w").alias("week")
    own = pl.col("series").is_in(series) & pl.col("cadence").is_in(BY_WEEK)
    near = (pl.col("week") > after) & (pl.col("week") <= until)
    forecast = workspace.table(run, KIND).filter(own).with_columns(week)
    rows = forecast.filter(near).collect()
    columns = [name for name in MISSED if name != "came"]
    if rows.is_empty():
        return pl.DataFrame(schema={name: MISSED[name] for name in columns})
    bonds = workspace.lake.scan(DEPENDENCE, run.id)
    return sum_quantiles(
        rows,
        ["week"],
        load_tuning(workspace.settings.config).explaining.draws,
        run.seed,
        dependence=None if bonds is None else bonds.collect(),
    ).select(columns)
