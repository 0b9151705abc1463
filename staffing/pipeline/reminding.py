"""The step `reminders`: from stored stock and load to a stored mailing plan."""

from datetime import datetime

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.policy import load_policy
from forecasting.records import RunRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing import store
from staffing.pipeline.counter_load import CounterLoad, counter_load
from staffing.reminders import MailingPlan, ReminderSettings, mailing_table, plan


def run_reminders(
    workspace: Workspace, *, now: datetime, seed: int = 0, weeks: int = 52
) -> RunRecord:
    """Plan letters for the first full weeks after the history and store the plan.

    Stores `letters`, `smoothing` and `mailing_gains`. Weeks that the forecast covers only in part are
    left out. Documents that expired before the plan begins are counted in the figure
    `expired`: a reminder comes too late for them.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    known, owners = _stock(workspace)
    requirement = workspace.latest("requirement")
    load = counter_load(
        workspace, requirement, known.item(0, "as_of"), weeks=weeks, seed=seed
    )
    coming = known.filter(pl.col("expiry_week") >= load.hours.item(0, "week"))
    made = _plan(workspace, coming, load, seed)
    inputs = [requirement.id, *owners]
    return workspace.store(
        workspace.key("reminders", inputs, {"weeks": str(weeks)}, seed),
        {
            "letters": made.letters,
            "smoothing": made.smoothing,
            "mailing_gains": made.gains,
        },
        {
            **made.figures(),
            "expired": int(known["count"].sum()) - made.tally.expiries,
            "capacity_known": load.capacity_known,
            "as_of": known.item(0, "as_of").isoformat(),
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
    return mailing_table(letters, small_cell=_settings(workspace).plan.small_cell)


def _settings(workspace: Workspace) -> ReminderSettings:
    file = workspace.settings.config / "reminders.toml"
    return load_policy(file, ReminderSettings)


def _plan(
    workspace: Workspace, stock: pl.DataFrame, load: CounterLoad, seed: int
) -> MailingPlan:
    settings = _settings(workspace)
    response = settings.response.with_documents(store.catalogue(workspace))
    return plan(stock, load.hours, load.capacity, response, settings.plan, seed=seed)


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
