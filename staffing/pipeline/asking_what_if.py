"""The step `what-if`: tables from which a page answers at once."""

from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import local_day, parse_week, week_name
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.tables import Requirement
from staffing.whatif import what_if_people, what_if_targets

KIND = "what_if"
SIX_DAYS = timedelta(days=6)
WEEKS = 8
"""Weeks looked at: those that a planner can still do something about."""


def run_what_if(workspace: Workspace, *, now: datetime, seed: int = 0) -> RunRecord:
    """Reckon what other people, targets and handling times do, and store it.

    Stores `what_if_people`, over the first 8 weeks of the newest requirement, and
    `what_if_targets`, over the one of those weeks whose load is the median (`week`).

    Raises:
        MissingStepError: no requirement was made yet, or it holds no whole week.
    """
    needed_run = workspace.latest("requirement")
    given = ForecastInputs(workspace, store.forecast_run(workspace))
    calendar = store.calendar(workspace)
    weeks = _weeks(needed_run)
    needed = _within(
        workspace.table(needed_run, "requirement").collect(), weeks, calendar.zone
    )
    needed = Requirement.validate(needed)
    typical = _typical(needed, calendar.zone)
    at_work = given.standards.at_work
    tables = {
        "what_if_people": what_if_people(
            needed, given.standards, at_work=at_work, zone=calendar.zone
        ),
        "what_if_targets": what_if_targets(
            given.joint_workload.filter(
                pl.col("day").is_between(typical, typical + SIX_DAYS)
            ),
            given.standards,
            _within(needed, [typical], calendar.zone),
            given.joint_futures(given.drawn(seed)),
        ),
    }
    figures = {"week": week_name(typical), "weeks": [week_name(w) for w in weeks]}
    key = workspace.key(KIND, [given.forecast_run.id, needed_run.id], {}, seed)
    return workspace.store(key, tables, figures, now=now)


def _weeks(run: RunRecord) -> list[date]:
    told = run.figures.get("weeks")
    names = [str(week) for week in told] if isinstance(told, list) else []
    if not names:
        raise MissingStepError(
            "Expected a requirement of at least one whole week, found none. "
            "Forecast further ahead, then run it again: piekwijzer requirement."
        )
    return sorted(parse_week(name) for name in names)[:WEEKS]


def _within(needed: pl.DataFrame, weeks: list[date], zone: str) -> pl.DataFrame:
    week = local_day("start", zone).dt.truncate("1w")
    return needed.filter(week.is_in(weeks))


def _typical(needed: pl.DataFrame, zone: str) -> date:
    """The week whose load is the median, the lower of two."""
    week = local_day("start", zone).dt.truncate("1w").alias("week")
    loads = needed.filter("chosen").group_by(week).agg(pl.col("load").sum())
    ordered = loads.sort("load", "week")["week"].to_list()
    found: date = ordered[(len(ordered) - 1) // 2]
    return found
