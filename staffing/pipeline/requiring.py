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
from staffing.requirement import Needed, work_out
from staffing.rules import Standards
from staffing.tables import People, WeeklyLoad
from staffing.workload import (
    Bookings,
    Evidence,
    cap_by_applications,
    capacity_hours,
    day_futures,
    match_series,
    measured_share,
    peaks,
    slot_workload,
    weekly_hours,
    with_bookings,
)

SLOT_HOURS = 0.25
FRIDAY = timedelta(days=4)


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
    hall is empty on nine days of ten; `unstaffed`, series that the catalogue or the
    opening hours do not know.

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
    drawn = samples(run, standards.futures, seed, workspace=workspace)
    settled = with_bookings(forecast, evidence.ahead, "mean")
    drawn = with_bookings(drawn, evidence.ahead, "count")
    futures = day_futures(drawn, settled, slots, work, calendar)
    needed = work_out(workload, standards, futures, seed=seed)
    load = _weekly_load(workspace, settled, work, drawn)
    figures = _figures(needed, load, standards, calendar.zone)
    return workspace.store(
        workspace.key(
            "requirement", [run.id, *store.supply_imports(workspace)], {}, seed
        ),
        {
            "requirement": needed.table,
            "requirement_weeks": needed.weeks,
            "closing": needed.closing,
            "pooled": needed.pooled,
            "weekly_load": load,
            "work": work,
        },
        {
            **figures,
            "handling_measured": measured_share(forecast, work),
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
    needed: Needed, load: pl.DataFrame, standards: Standards, zone: str
) -> Figures:
    peak = peaks(load).with_columns(
        pl.concat_str("location", "skill", separator="/").alias("pair")
    )
    return {
        "weeks": _whole_weeks(needed.table, zone),
        "required_hours": _hours_per_week(needed.table, zone),
        "shrinkage": standards.lost,
        "peak_weeks": {
            str(pair): [week_name(week) for week in rows["week"]]
            for (pair,), rows in peak.group_by("pair", maintain_order=True)
        },
        **_aims(needed.weeks),
        "closing": _latest_closing(needed.closing),
    }


def _aims(weeks: pl.DataFrame) -> Figures:
    """Hours by what the target is to hold over, and the slot that comes off worst."""
    columns = {aim: f"hours_{aim}_aim" for aim in ("slot", "day", "week")}
    hours = {aim: float(weeks[name].sum()) for aim, name in columns.items()}
    worst = weeks.drop_nulls("worst_share").sort("worst_share", "location", "skill")
    told = worst.select("location", "skill", "worst_start", "worst_share").to_dicts()
    return {
        "queue_hours": hours,
        "hours_saved": hours["slot"] - float(weeks["hours_chosen"].sum()),
        "worst_slot": {**told[0], "worst_start": told[0]["worst_start"].isoformat()}
        if told
        else None,
    }


def _latest_closing(closing: pl.DataFrame) -> dict[str, float]:
    """Per location and skill the most minutes, on nine days of ten, after closing."""
    most = closing.group_by("location", "skill").agg(pl.col("minutes_q90").max())
    return {
        f"{location}/{skill}": round(minutes, 1)
        for location, skill, minutes in most.sort("location", "skill").iter_rows()
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
