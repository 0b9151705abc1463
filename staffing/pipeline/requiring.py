"""The step `requirement`: from a stored forecast to people per slot and hours per week."""

from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import local_day, monday, week_name
from forecasting.records import RunRecord
from forecasting.runs import Figures
from forecasting.sampling import samples
from forecasting.tables import SlotForecast, StoredForecast
from forecasting.workspace import Workspace
from staffing import store
from staffing.requirement import requirement
from staffing.rules import Standards
from staffing.tables import People, WeeklyLoad
from staffing.workload import (
    Bookings,
    Evidence,
    cap_by_applications,
    capacity_hours,
    deferrable_work,
    fill_quiet_slots,
    match_series,
    measured_share,
    peaks,
    slot_workload,
    weekly_hours,
    with_bookings,
)

SLOT_HOURS = 0.25
FRIDAY = timedelta(days=4)
FUTURES = 200
"""Futures of the forecast that are drawn."""


def run_requirement(workspace: Workspace, *, now: datetime, seed: int = 0) -> RunRecord:
    """Turn the newest forecast into `requirement` and `weekly_load`, and store them.

    The table `work` tells what was taken of each series, and what of it was measured.

    Figures: `weeks` whose working days all have slots; per week the `required_hours`
    to roster, of which the share `shrinkage` is lost; `handling_measured`, the share of
    the work whose handling time was measured here; `peak_weeks` per location and skill;
    `unstaffed`, series that the catalogue or the opening hours do not know.

    Raises:
        MissingStepError: no forecast was made yet.
        InputError: the catalogue knows no series of the forecast.
        PolicyError: a skill has no standard.
    """
    run = store.forecast_run(workspace)
    forecast = StoredForecast.validate(workspace.table(run, "forecast").collect())
    slots = SlotForecast.validate(_slots(workspace, run))
    standards, calendar = store.standards(workspace), store.calendar(workspace)
    evidence = Evidence.read(workspace, run)
    work, unknown = match_series(
        pl.concat([forecast["series"], slots["series"]]),
        store.catalogue(workspace),
        no_show=standards.no_show,
        evidence=evidence,
    )
    workload, homeless = slot_workload(
        slots,
        forecast,
        work,
        calendar,
        arrival_cv={name: one.arrival_cv for name, one in standards.skill.items()},
        bookings=Bookings.of(evidence, standards.no_show),
    )
    needed = requirement(workload, standards)
    opening = workload.filter("waits").select("location", "skill", "day", "start")
    needed, late = fill_quiet_slots(
        needed,
        deferrable_work(forecast, work, opening),
        opening,
        at_work=standards.at_work,
    )
    drawn = samples(run, FUTURES, seed, workspace=workspace)
    settled = with_bookings(forecast, evidence.ahead, "mean")
    drawn = with_bookings(drawn, evidence.ahead, "count")
    load = _weekly_load(workspace, settled, work, drawn)
    figures = _figures(needed, load, standards, calendar.zone)
    return workspace.store(
        workspace.key(
            "requirement", [run.id, *store.supply_imports(workspace)], {}, seed
        ),
        {"requirement": needed, "weekly_load": load, "work": work},
        {
            **figures,
            "handling_measured": measured_share(forecast, work),
            "deferrable_late_hours": late["hours"].sum(),
            "unstaffed": unknown + homeless,
        },
        now=now,
    )


def _slots(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The slot forecast; empty where the exports tell no time of day."""
    if workspace.lake.scan("forecast_slots", run.id) is None:
        return SlotForecast.create_empty()
    slots = workspace.table(run, "forecast_slots").collect()
    if "cv" not in slots.columns:  # of a run that did not measure it
        slots = slots.with_columns(pl.lit(None, pl.Float64).alias("cv"))
    return slots


def _weekly_load(
    workspace: Workspace,
    forecast: pl.DataFrame,
    work: pl.DataFrame,
    drawn: pl.DataFrame,
) -> pl.DataFrame:
    known = workspace.has_imported("people")
    hours = weekly_hours(forecast, work, drawn)
    calendar = store.calendar(workspace)
    load = capacity_hours(
        store.people(workspace) if known else People.create_empty(),
        store.availability(workspace),
        hours,
        calendar,
        shrinkage=store.standards(workspace).lost,
    )
    load = cap_by_applications(
        load,
        forecast,
        work,
        store.limits(workspace),
        calendar=calendar,
        catalogue=store.catalogue(workspace),
    )
    return WeeklyLoad.validate(load.select(WeeklyLoad.column_names()))


def _figures(
    needed: pl.DataFrame, load: pl.DataFrame, standards: Standards, zone: str
) -> Figures:
    peak = peaks(load).with_columns(
        pl.concat_str("location", "skill", separator="/").alias("pair")
    )
    return {
        "weeks": _whole_weeks(needed, zone),
        "required_hours": _hours_per_week(needed, zone),
        "shrinkage": standards.lost,
        "peak_weeks": {
            str(pair): [week_name(week) for week in rows["week"]]
            for (pair,), rows in peak.group_by("pair", maintain_order=True)
        },
    }


def _hours_per_week(needed: pl.DataFrame, zone: str) -> dict[str, float]:
    week = local_day("start", zone).dt.truncate("1w").alias("week")
    chosen = needed.filter("chosen").group_by(week).agg(pl.col("people").sum())
    return {
        week_name(first): people * SLOT_HOURS
        for first, people in chosen.sort("week").iter_rows()
    }


def _whole_weeks(needed: pl.DataFrame, zone: str) -> list[str]:
    """Weeks of which Monday to Friday lie between the first and the last slot."""
    days = needed.select(local_day("start", zone)).to_series()
    first, last = _ends(days)
    weeks = [
        monday(first) + timedelta(weeks=i) for i in range((last - first).days // 7 + 2)
    ]
    return [week_name(w) for w in weeks if first <= w and w + FRIDAY <= last]


def _ends(days: pl.Series) -> tuple[date, date]:
    listed: list[date] = days.unique().sort().to_list()
    return listed[0], listed[-1]
