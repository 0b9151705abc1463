"""The step `reminders`: from stored stock and load to a stored mailing plan."""

from datetime import datetime

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import after_batches, without_batches
from staffing.pipeline.counter_load import counter_load, forecast_of
from staffing.pipeline.response_inputs import reminder_settings, response_known
from staffing.reminders import mailing_table, plan
from staffing.reminders.calling import calls_caused


def run_reminders(
    workspace: Workspace, *, now: datetime, seed: int = 0, weeks: int = 52
) -> RunRecord:
    """Plan letters for the first full weeks after the history and store the plan.

    Stores `letters`, `smoothing` and `mailing_gains`. Weeks that the forecast covers only
    in part are left out. Documents that expired before the plan begins are counted in the
    figure `expired`: a reminder comes too late for them; those of approved batches, mailed
    or held out, in the figure `in_batches`. The figure `calls` tells how many phone calls
    the letters cause.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    known, owners = _stock(workspace)
    requirement = workspace.latest("requirement")
    load = counter_load(
        workspace, requirement, known.item(0, "as_of"), weeks=weeks, seed=seed
    )
    due = known.filter(pl.col("expiry_week") >= load.hours.item(0, "week"))
    coming, mailed = without_batches(workspace, due)
    known_response = response_known(workspace, forecast_of(workspace, requirement))
    policy = after_batches(workspace, reminder_settings(workspace).plan)
    made = plan(
        coming, load.hours, load.capacity, known_response.response, policy, seed=seed
    )
    inputs = [requirement.id, *owners, *known_response.runs, *mailed]
    return workspace.store(
        workspace.key("reminders", inputs, {"weeks": str(weeks)}, seed),
        {
            "letters": made.letters,
            "smoothing": made.smoothing,
            "mailing_gains": made.gains,
        },
        {
            **made.figures(),
            "calls": calls_caused(
                made.letters, known_response.response, policy.channel
            ),
            "expired": int(known["count"].sum()) - int(due["count"].sum()),
            "in_batches": int(due["count"].sum()) - int(coming["count"].sum()),
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
