"""The value that adjustments added, read from the stored runs."""

from datetime import date

import polars as pl

from forecasting.explaining.planner_value import ToldRun, planner_value
from forecasting.explaining.weekly import BY_WEEK
from forecasting.history.leaving import is_left_out
from forecasting.opening import load_calendar
from forecasting.pipeline.earlier import KIND, origin_of, runs_by_origin
from forecasting.pipeline.leftout import left_out_of
from forecasting.pipeline.trying_notes import added_by_notes
from forecasting.records import RunRecord
from forecasting.workspace import Workspace


def value_of_notes(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> pl.DataFrame:
    """A `PlannerValue` table of some series, by the demand that a run knows.

    Days that the run left out of training do not count: nobody could foresee them. Nor do
    series by month, which no week tells of.
    """
    last = origin_of(run)
    if last is None:
        return planner_value([], pl.DataFrame(), date.min)
    left_out = left_out_of(workspace, load_calendar(workspace), run.at)
    demand = workspace.table(run, "demand").filter(pl.col("series").is_in(series))
    actual = demand.filter(~is_left_out(left_out, series)).collect()
    return planner_value(_runs(workspace, run, series), actual, last)


def _runs(workspace: Workspace, run: RunRecord, series: list[str]) -> list[ToldRun]:
    """Every run up to one that stored its causes, by the last day it knew."""
    found, own = [], pl.col("series").is_in(series)
    for origin, record in runs_by_origin(workspace, run):
        causes = workspace.lake.scan("causes", record.id)
        forecast = workspace.lake.scan(KIND, record.id)
        if causes is None or forecast is None:
            continue
        added = added_by_notes(causes.filter(own)).collect()
        weekly = forecast.filter(own & pl.col("cadence").is_in(BY_WEEK))
        told = weekly.select("series", "start", "mean")
        moved = told.join(added.lazy(), on=["series", "start"], how="semi")
        found.append(ToldRun(origin, moved.collect(), added))
    return found
