"""The step `reminders`: from stored stock and load to a stored mailing plan."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import monday
from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.response_inputs import reminder_settings, response_known
from staffing.reminders import mailing_table, plan

SKILL = "counter"
PEAK_RATIO = 1.2
"""Where no capacity is known, a peak is a week above 1.2 times the median week."""
LAST_DAY_OF = {"day": 0, "week": 6, "month": 27}
FRIDAY = timedelta(days=4)


def run_reminders(
    workspace: Workspace, *, now: datetime, seed: int = 0, weeks: int = 52
) -> RunRecord:
    """Plan letters for the first full weeks after the history and store the plan.

    Stores `letters` and `smoothing`. Weeks that the forecast covers only in part are
    left out. Documents that expired before the plan begins are counted in the figure
    `expired`: a reminder comes too late for them.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    known, owners = _stock(workspace)
    requirement = workspace.latest("requirement")
    load = _weekly_load(workspace, requirement, known.item(0, "as_of"), weeks)
    coming = known.filter(pl.col("expiry_week") >= load.hours.item(0, "week"))
    known_response = response_known(workspace, _forecast_of(workspace, requirement))
    policy = reminder_settings(workspace).plan
    made = plan(
        coming, load.hours, load.capacity, known_response.response, policy, seed=seed
    )
    inputs = [requirement.id, *owners, *known_response.runs]
    return workspace.store(
        workspace.key("reminders", inputs, {"weeks": str(weeks)}, seed),
        {"letters": made.letters, "smoothing": made.smoothing},
        {
            **made.figures(),
            "expired": int(known["count"].sum()) - made.tally.expiries,
            "capacity_known": load.capacity_known,
            "as_of": known.item(0, "as_of").isoformat(),
            "response": known_response.sources(),
        },
        now=now,
    )


def show_plan(workspace: Workspace) -> pl.DataFrame:
    """The newest plan: letters per mailing week and service, small numbers left out.

    Raises:
        MissingStepError: no plan was made yet.
    """
    run = workspace.ledger.latest("reminders", {})
    if run is None:
        raise MissingStepError(
            "Expected a stored mailing plan, found none. "
            "Make one first: piekwijzer reminders plan."
        )
    letters = workspace.table(run, "letters").collect()
    return mailing_table(
        letters, small_cell=reminder_settings(workspace).plan.small_cell
    )


@dataclass(frozen=True)
class Load:
    """Weekly counter load of whole weeks (`week, hours, hours_q75`) and its capacity."""

    hours: pl.DataFrame
    capacity: pl.DataFrame
    capacity_known: bool


def _stock(workspace: Workspace) -> tuple[pl.DataFrame, list[str]]:
    """Outstanding documents on the newest `as_of`, and the imports they come from."""
    if not workspace.has_imported("expiries"):
        raise MissingStepError(
            "Expected imported expiries (documents by week of expiry), found none. "
            "Import the registry's selection first: piekwijzer import FILE --source NAME."
        )
    outstanding = workspace.imported("expiries").filter(
        pl.col("basis") == "outstanding"
    )
    newest = outstanding.select(pl.col("as_of").max()).collect().item()
    if newest is None:
        raise MissingStepError(
            "Expected imported expiries with basis 'outstanding', found none. "
            "Export documents not yet renewed by week of expiry, and import that file."
        )
    rows = outstanding.filter(pl.col("as_of") == newest).select(Expiries.column_names())
    frame = rows.collect().unique(
        Expiries.primary_key(), keep="last", maintain_order=True
    )
    return frame, workspace.holders("expiries")


def _weekly_load(
    workspace: Workspace, requirement: RunRecord, as_of: date, weeks: int
) -> Load:
    first, last = _whole_weeks(workspace, requirement, as_of)
    counter = workspace.table(requirement, "weekly_load").filter(
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
    at_hand = pl.col("capacity") if known else PEAK_RATIO * pl.col("hours").median()
    capacity = frame.select("week", hours=at_hand)
    return Load(frame.select("week", "hours", "hours_q75"), capacity, known)


def _whole_weeks(
    workspace: Workspace, requirement: RunRecord, as_of: date
) -> tuple[date, date]:
    """First and last Monday of whole weeks after history and stock, in the forecast."""
    forecast = _forecast_of(workspace, requirement)
    seen = date.fromisoformat(str(forecast.figures["history_last"]))
    first = monday(max(seen, as_of)) + timedelta(weeks=1)
    extra = pl.col("cadence").replace_strict(
        LAST_DAY_OF, default=0, return_dtype=pl.Int64
    )
    ends = pl.col("start") + pl.duration(days=extra)
    rows = workspace.table(forecast, "forecast").select(ends.max())
    reached = rows.collect().item()
    return first, monday(reached - FRIDAY)


def _forecast_of(workspace: Workspace, requirement: RunRecord) -> RunRecord:
    """The forecast that the requirement was made from."""
    for run in workspace.ledger.runs("forecast"):
        if run.id in requirement.inputs:
            return run
    return store.forecast_run(workspace)
