"""The step `requirement`: from a stored forecast to people per slot and hours per week."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.tables import SlotForecast, StoredForecast
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.requirement_figures import aim_figures, hours_figures
from staffing.requirement import work_out
from staffing.rules import Standards
from staffing.tables import People, WeeklyLoad
from staffing.workload import (
    Bookings,
    Evidence,
    cap_by_applications,
    capacity_hours,
    day_futures,
    deferrable_work,
    fill_quiet_slots,
    match_series,
    measured_share,
    slot_workload,
    weekly_hours,
    with_bookings,
)

OPENING = ["location", "skill", "day", "start"]


def run_requirement(workspace: Workspace, *, now: datetime, seed: int = 0) -> RunRecord:
    """Turn the newest forecast into `requirement` and what goes with it, and store them.

    `requirement_weeks` tells hours and shares per week, `closing` what is left at closing
    time, `pooled` what pools would save, `weekly_load` hours asked and at hand, and `work`
    what was taken of each series, and what of it was measured.

    Figures: `weeks` whose working days all have slots; per week the `required_hours`
    to roster, of which the share `shrinkage` is lost; `handling_measured`, the share of
    the work whose handling time was measured here; `peak_weeks` per location and skill;
    `queue_hours` of all weeks by what the target holds over, `hours_saved` by the choice
    made of these, the `worst_slot` then, and the minutes after `closing` in which the
    hall is empty on nine days of ten; `deferrable_late_hours` of work that can wait and finds
    no place before it is due; `unstaffed`, series that the catalogue or the opening hours
    do not know.

    Raises:
        MissingStepError: no forecast was made yet.
        InputError: the catalogue knows no series of the forecast.
        PolicyError: a skill has no standard.
    """
    run = store.forecast_run(workspace)
    standards, calendar = store.standards(workspace), store.calendar(workspace)
    found = _work(workspace, run, standards, seed)
    needed = work_out(found.workload, standards, found.futures, seed=seed)
    opening = found.workload.filter("waits").select(OPENING)
    waiting = deferrable_work(found.settled, found.work, opening)
    table, late = fill_quiet_slots(
        needed.table, waiting, opening, at_work=standards.at_work
    )
    load = _weekly_load(workspace, found.settled, found.work, found.drawn)
    return workspace.store(
        workspace.key(
            "requirement", [run.id, *store.supply_imports(workspace)], {}, seed
        ),
        {
            "requirement": table,
            "requirement_weeks": needed.weeks,
            "closing": needed.closing,
            "pooled": needed.pooled,
            "weekly_load": load,
            "work": found.work,
        },
        {
            **hours_figures(table, load, calendar.zone),
            **aim_figures(needed),
            "shrinkage": standards.lost,
            "handling_measured": found.measured,
            "deferrable_late_hours": late["hours"].sum(),
            "unstaffed": found.unstaffed,
        },
        now=now,
    )


@dataclass(frozen=True)
class Found:
    """The work of a stored forecast: per slot, per series, and as it may turn out.

    `settled` is the forecast with what is booked already, `drawn` its samples likewise.
    """

    workload: pl.DataFrame
    work: pl.DataFrame
    settled: pl.DataFrame
    drawn: pl.DataFrame
    futures: pl.DataFrame
    measured: float
    unstaffed: list[str]


def _work(
    workspace: Workspace, run: RunRecord, standards: Standards, seed: int
) -> Found:
    forecast = StoredForecast.validate(workspace.table(run, "forecast").collect())
    slots = SlotForecast.validate(_slots(workspace, run))
    calendar, evidence = store.calendar(workspace), Evidence.read(workspace, run)
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
    plain = samples(run, standards.futures, seed, workspace=workspace)
    settled = with_bookings(forecast, evidence.ahead, "mean")
    drawn = with_bookings(plain, evidence.ahead, "count")
    return Found(
        workload=workload,
        work=work,
        settled=settled,
        drawn=drawn,
        futures=day_futures(drawn, settled, slots, work, calendar),
        measured=measured_share(forecast, work),
        unstaffed=unknown + homeless,
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
