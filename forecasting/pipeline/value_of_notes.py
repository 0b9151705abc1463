"""The value that adjustments added, read from the stored runs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from forecasting.calendar import week_name
from forecasting.errors import MissingStepError
from forecasting.explaining.planner_value import ToldRun, judged, planner_value
from forecasting.explaining.weekly import BY_WEEK
from forecasting.history.leaving import is_left_out
from forecasting.notes import Adjustment
from forecasting.opening import load_calendar
from forecasting.pipeline.earlier import KIND, origin_of, runs_by_origin
from forecasting.pipeline.leftout import left_out_of
from forecasting.pipeline.trying_notes import added_by_notes
from forecasting.planner import all_notes
from forecasting.records import AdjustmentRecord, RunRecord
from forecasting.workspace import Workspace

Told = dict[str, int | float | str | None]


def told_value(workspace: Workspace) -> tuple[RunRecord, list[Told]]:
    """Of each adjustment of which weeks have passed what it made of the error.

    Rows of `JudgedValue` over all series of the newest forecast, which comes first, with
    the pattern, the days and the amount of the note; `moved` counts series.

    Raises:
        MissingStepError: there is no forecast.
    """
    run = workspace.ledger.latest(KIND, {})
    if run is None:
        raise MissingStepError("No forecast yet. Run: piekwijzer forecast")
    names = workspace.table(run, "demand").select("series").unique().collect()
    rows = judged(value_of_notes(workspace, run, names["series"].to_list()))
    notes = {
        note.id: note
        for note in all_notes(workspace, Adjustment.kind)
        if isinstance(note, AdjustmentRecord)
    }
    told = rows.iter_rows(named=True)
    return run, [_told(notes[row["note"]], row) for row in told if row["note"] in notes]


def _told(note: AdjustmentRecord, row: Mapping[str, Any]) -> Told:
    return {
        **row,
        "moved": row["series"],
        "series": note.series or "*",
        "first": note.first.isoformat(),
        "last": note.last.isoformat(),
        "factor": note.factor,
        "plus": note.plus,
        "first_week": week_name(row["first"]),
        "last_week": week_name(row["last"]),
    }


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
