"""The work that a stored forecast asks for, as the steps of this room read it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.tables import SlotForecast, StoredForecast
from forecasting.workspace import Workspace
from staffing import store
from staffing.workload import (
    Bookings,
    Evidence,
    day_futures,
    match_series,
    slot_workload,
    with_bookings,
)
from staffing.workload.periods import days_of_periods


@dataclass(frozen=True)
class Work:
    """A stored forecast, its slots, the work of its series, and what stands in a slot.

    `ahead` tells what is booked already; `unstaffed` are series that the catalogue or the
    opening hours do not know.
    """

    run: RunRecord
    forecast: pl.DataFrame
    slots: pl.DataFrame
    series: pl.DataFrame
    workload: pl.DataFrame
    ahead: pl.DataFrame
    unstaffed: list[str]


def read_work(workspace: Workspace, run: RunRecord) -> Work:
    """The work of a forecast run by the catalogue and standards of today.

    Raises:
        InputError: the catalogue knows no series of the forecast.
    """
    forecast = StoredForecast.validate(workspace.table(run, "forecast").collect())
    slots = SlotForecast.validate(_slots(workspace, run))
    standards, told = store.standards(workspace), Evidence.read(workspace, run)
    series, unknown = match_series(
        pl.concat([forecast["series"], slots["series"]]),
        store.catalogue(workspace),
        no_show=standards.no_show,
        evidence=told,
    )
    workload, homeless = slot_workload(
        slots,
        forecast,
        series,
        store.calendar(workspace),
        arrival_cv={name: one.arrival_cv for name, one in standards.skill.items()},
        bookings=Bookings.of(told, standards.no_show),
    )
    unstaffed = unknown + homeless
    return Work(run, forecast, slots, series, workload, told.ahead, unstaffed)


def _slots(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The slot forecast; empty where the exports tell no time of day."""
    if workspace.lake.scan("forecast_slots", run.id) is None:
        return SlotForecast.create_empty()
    slots = workspace.table(run, "forecast_slots").collect()
    if "cv" not in slots.columns:  # of a run that did not measure it
        slots = slots.with_columns(pl.lit(None, pl.Float64).alias("cv"))
    return slots


def read_futures(
    workspace: Workspace, work: Work, days: tuple[date, date], *, number: int, seed: int
) -> pl.DataFrame:
    """The `DayFutures` of some days: as many futures of the forecast as asked for."""
    queued = work.series.filter(~pl.col("booked") & ~pl.col("waits"))
    held = days_of_periods(work.forecast).filter(pl.col("day").is_between(*days))
    asked = (
        held.join(queued, on="series", how="semi").select("series", "start").unique()
    )
    forecast = work.forecast.join(asked, on=["series", "start"], how="semi")
    stored = workspace.lake.scan("dependence", work.run.id)
    drawn = samples(
        forecast,
        number,
        seed,
        dependence=None if stored is None else stored.collect(),
    )
    return day_futures(
        with_bookings(drawn, work.ahead, "count"),
        with_bookings(forecast, work.ahead, "mean"),
        work.slots,
        work.series,
        store.calendar(workspace),
        days=days,
    )
