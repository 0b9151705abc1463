"""The next peak of a team and what stored runs say it comes from."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.queries.load import Peak
from dashboard.queries.stored import stored
from forecasting.insight_tables import Peaks
from forecasting.records import RunRecord
from forecasting.tables import split_series
from forecasting.workspace import Workspace
from staffing.pipeline.stored_load import stored_load

AROUND = timedelta(weeks=4)
"""So far on either side lie the weeks that a peak is set beside."""

LESS = 0.97
"""Capacity below this part of what it is around the peak is worth telling."""


@dataclass(frozen=True)
class Why:
    """What is known of a peak: sentences of the forecast, and less capacity than around it.

    The sentences are of the service or channel of that team which is furthest above its
    usual in that week, over the whole town; None where the forecast names none. `usual`
    is the median capacity of the weeks around; None where that is not more.
    """

    text_nl: str | None
    text_en: str | None
    usual: float | None


def why(workspace: Workspace, requirement: RunRecord, peak: Peak) -> Why:
    """Why the week is a peak of its team."""
    top = _sentences(workspace, requirement, peak)
    usual = _usual_capacity(workspace, requirement, peak)
    return Why(*top, usual)


def _sentences(
    workspace: Workspace, requirement: RunRecord, peak: Peak
) -> tuple[str | None, str | None]:
    forecast = next(
        (
            run
            for run in workspace.ledger.runs("forecast")
            if run.id in requirement.inputs
        ),
        None,
    )
    if forecast is None:
        return None, None
    groups = _groups(workspace, requirement, peak)
    told = stored(workspace, forecast, "peaks", Peaks.create_empty())
    here = told.filter(pl.col("week") == peak.week, pl.col("group").is_in(groups))
    over = pl.col("expected") - pl.col("usual")
    top = here.sort(over, "group", descending=[True, False]).head(1).collect()
    row: tuple[str, str] | None = next(
        iter(top.select("text_nl", "text_en").iter_rows()), None
    )
    return row or (None, None)


def _groups(workspace: Workspace, requirement: RunRecord, peak: Peak) -> list[str]:
    """The services and channels that come to the team."""
    work = workspace.table(requirement, "work").filter(
        pl.col("location") == peak.location, pl.col("skill") == peak.skill
    )
    part = split_series().struct
    parts = work.select(service=part.field("service"), channel=part.field("channel"))
    found = parts.collect()
    return sorted({name for column in found for name in column.drop_nulls()})


def _usual_capacity(
    workspace: Workspace, requirement: RunRecord, peak: Peak
) -> float | None:
    near = stored_load(workspace, requirement).filter(
        pl.col("location") == peak.location,
        pl.col("skill") == peak.skill,
        pl.col("week") != peak.week,
        _is_near(peak.week),
    )
    found: float | None = near.select(pl.col("capacity").median()).collect().item()
    if found is None or peak.capacity is None or peak.capacity >= LESS * found:
        return None
    return found


def _is_near(week: date) -> pl.Expr:
    return pl.col("week").is_between(week - AROUND, week + AROUND)
