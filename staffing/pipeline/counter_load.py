"""Weekly counter load of whole weeks, with futures, capacity and staff hours asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.calendar import monday
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.sampling import samples
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.forecast_inputs import ForecastInputs
from staffing.pipeline.stored_load import stored_load
from staffing.workload import weekly_futures, with_bookings

SKILL = "counter"
PEAK_RATIO = 1.2
"""Where no capacity is known, a peak is a week above 1.2 times the median week."""
LAST_DAY_OF = {"day": 0, "week": 6, "month": 27}
FRIDAY = timedelta(days=4)


@dataclass(frozen=True)
class CounterLoad:
    """What a mailing plan reads of the counter.

    `hours` tells `week, hours, hours_q75` and, where the forecast can be drawn from,
    `hours_samples`; `capacity` tells `week`, the contact `hours` that can be served as
    the standards ask and, where the requirement tells them, `staff_hours` to roster.
    """

    hours: pl.DataFrame
    capacity: pl.DataFrame
    capacity_known: bool


def counter_load(
    workspace: Workspace,
    requirement: RunRecord,
    as_of: date,
    *,
    weeks: int,
    seed: int,
) -> CounterLoad:
    """The load of the first `weeks` whole weeks after the history and `as_of`.

    Raises:
        MissingStepError: no whole week of counter load is known.
    """
    forecast = forecast_of(workspace, requirement)
    first, last = _whole_weeks(workspace, forecast, as_of)
    counter = stored_load(workspace, requirement).filter(
        pl.col("skill") == SKILL, pl.col("week").is_between(first, last)
    )
    unknown = pl.col("capacity").is_null().any()
    weekly = counter.group_by("week").agg(
        pl.col("hours", "hours_q75", "capacity").sum(), unknown=unknown
    )
    frame = weekly.sort("week").head(weeks).collect()
    if frame.is_empty():
        raise MissingStepError(
            f"Expected counter load for whole weeks from {first} on, found none. "
            "Forecast a longer horizon, then run: piekwijzer requirement."
        )
    known = not frame["unknown"].any()
    capacity = _with_staff(workspace, requirement, frame)
    if not known:
        peak = PEAK_RATIO * frame["hours"].to_numpy()
        capacity = capacity.with_columns(hours=pl.lit(float(np.median(peak))))
    hours = frame.select("week", "hours", "hours_q75")
    return CounterLoad(
        _with_futures(workspace, requirement, forecast, hours, seed), capacity, known
    )


def _with_futures(
    workspace: Workspace,
    requirement: RunRecord,
    forecast: RunRecord,
    hours: pl.DataFrame,
    seed: int,
) -> pl.DataFrame:
    """The hours with their samples, where the requirement tells what was made of which."""
    stored = workspace.lake.scan("work", requirement.id)
    if stored is None:
        return hours
    work = stored.filter(pl.col("skill") == SKILL).collect()
    given = ForecastInputs(workspace, forecast)
    asked = given.settled.join(work, on="series", how="semi")
    drawn = samples(asked, given.standards.futures, seed, dependence=given.dependence)
    settled = with_bookings(drawn, given.evidence.ahead, "count")
    futures = weekly_futures(asked, work, settled)
    both = hours.join(futures, on="week", how="left", maintain_order="left")
    if both["ratios"].null_count():
        return hours
    return both.with_columns(hours_samples=pl.col("ratios") * pl.col("hours")).drop(
        "ratios"
    )


def _with_staff(
    workspace: Workspace, requirement: RunRecord, load: pl.DataFrame
) -> pl.DataFrame:
    """The capacity as `hours`, with the `staff_hours` that the requirement asks for.

    A week that asks for fewer hours of staff at work than of contacts is known in part
    only: its staff hours are null.
    """
    capacity = load.select("week", hours="capacity")
    stored = workspace.lake.scan("requirement_weeks", requirement.id)
    if stored is None:
        return capacity
    counter = stored.filter(pl.col("skill") == SKILL).group_by("week")
    asked = counter.agg(staff_hours=pl.col("hours_chosen").sum()).collect()
    both = load.join(asked, on="week", how="left", maintain_order="left")
    at_work = pl.col("staff_hours") * store.standards(workspace).at_work
    whole = (pl.col("hours") > 0) & (at_work >= pl.col("hours"))
    return capacity.with_columns(
        both.select(pl.when(whole).then("staff_hours")).to_series()
    )


def _whole_weeks(
    workspace: Workspace, forecast: RunRecord, as_of: date
) -> tuple[date, date]:
    """First and last Monday of whole weeks after history and stock, in the forecast."""
    seen = date.fromisoformat(str(forecast.figures["history_last"]))
    first = monday(max(seen, as_of)) + timedelta(weeks=1)
    extra = pl.col("cadence").replace_strict(
        LAST_DAY_OF, default=0, return_dtype=pl.Int64
    )
    ends = pl.col("start") + pl.duration(days=extra)
    rows = workspace.table(forecast, "forecast").select(ends.max())
    reached = rows.collect().item()
    return first, monday(reached - FRIDAY)


def forecast_of(workspace: Workspace, requirement: RunRecord) -> RunRecord:
    """The forecast that the requirement was made from."""
    for run in workspace.ledger.runs("forecast"):
        if run.id in requirement.inputs:
            return run
    return store.forecast_run(workspace)
