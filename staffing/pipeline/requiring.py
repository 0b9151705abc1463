"""The step `requirement`: from a stored forecast to people per slot and hours per week."""

from datetime import datetime

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.pipeline.made_for import made_for
from staffing.pipeline.requirement_figures import (
    aim_figures,
    hours_figures,
    standard_figures,
)
from staffing.requirement import work_out
from staffing.staff_tables import People
from staffing.tables import WeeklyLoad
from staffing.workload import (
    cap_by_applications,
    deferrable_work,
    fill_quiet_slots,
    measured_share,
    weekly_hours,
    with_capacity,
)

OPENING = ["location", "skill", "day", "start"]


def run_requirement(workspace: Workspace, *, now: datetime, seed: int = 0) -> RunRecord:
    """Turn the newest forecast into `requirement` and what goes with it, and store them.

    `requirement_weeks` tells hours and shares per week, `closing` what is left at closing
    time, `pooled` what pools would save, `weekly_load` hours asked, at hand and what these
    can serve (the capacity), and `work` what was taken of each series, and what of it was
    measured.

    Figures: `weeks` whose working days all have slots; per week the `required_hours`
    to roster, of which the share `shrinkage` is lost; `handling_measured`, the share of
    the work whose handling time was measured here; `peak_weeks` per location and skill;
    `queue_hours` of all weeks by what the target holds over, `hours_saved` by the choice
    made of these, the `worst_slot` then, and the minutes after `closing` in which the
    hall is empty on nine days of ten; `deferrable_late_hours` of work that can wait and finds
    no place before it is due; `unstaffed`, series that the catalogue or the opening hours
    do not know; `made_for`, the opening hours and shared queues it was made for;
    `standards`, the share and the seconds of each skill.

    Raises:
        MissingStepError: no forecast was made yet.
        InputError: the catalogue knows no series of the forecast.
        PolicyError: a skill has no standard.
    """
    run = store.forecast_run(workspace)
    given, calendar = ForecastInputs(workspace, run), store.calendar(workspace)
    standards, drawn = given.standards, given.drawn(seed)
    futures = given.joint_futures(drawn)
    needed = work_out(given.joint_workload, standards, futures, seed=seed)
    opening = given.workload.filter("waits").select(OPENING)
    waiting = deferrable_work(given.settled, given.work, opening)
    table, late = fill_quiet_slots(
        needed.table, waiting, opening, at_work=standards.at_work
    )
    load = _weekly_load(given, drawn, needed.weeks)
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
            "work": given.work,
        },
        {
            **hours_figures(table, load, calendar.zone),
            **aim_figures(needed),
            **standard_figures(standards),
            "shrinkage": standards.lost,
            "handling_measured": measured_share(given.forecast, given.work),
            "deferrable_late_hours": late["hours"].sum(),
            "unstaffed": given.unstaffed,
            "made_for": made_for(calendar, standards),
        },
        now=now,
    )


def _weekly_load(
    given: ForecastInputs, drawn: pl.DataFrame, needed: pl.DataFrame
) -> pl.DataFrame:
    workspace, calendar = given.workspace, store.calendar(given.workspace)
    known = workspace.has_imported("people")
    load = with_capacity(
        weekly_hours(given.settled, _where_served(given), drawn),
        needed,
        store.people(workspace) if known else People.create_empty(),
        store.availability(workspace),
        calendar,
        shrinkage=given.standards.lost,
        shared=given.shared,
    )
    load = cap_by_applications(
        load,
        given.settled,
        given.work,
        store.limits(workspace),
        calendar=calendar,
        catalogue=given.catalogue,
    )
    return WeeklyLoad.validate(load.select(WeeklyLoad.column_names()))


def _where_served(given: ForecastInputs) -> pl.DataFrame:
    """The work of each series, that of a shared skill at the location of its queue."""
    skill, here = pl.col("skill"), pl.col("location")
    where = skill.replace_strict(given.shared, default=None, return_dtype=pl.String)
    return given.work.with_columns(pl.coalesce(where, here).alias("location"))
