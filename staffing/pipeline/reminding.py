"""The step `reminders`: from stored stock and load to a stored mailing plan."""

from datetime import datetime

import polars as pl

from forecasting.errors import MissingStepError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.plan_basis import plan_basis
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders import mailing_table


def run_reminders(
    workspace: Workspace, *, now: datetime, seed: int = 0, weeks: int = 52
) -> RunRecord:
    """Plan letters for the first full weeks after the history and store the plan.

    Stores `letters`, `smoothing` and `mailing_gains`. Weeks that the forecast covers only
    in part are left out. Documents that expired before the plan begins are counted in the
    figure `expired`: a reminder comes too late for them; those of approved batches, mailed
    or held out, in the figure `in_batches`.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
    """
    given = plan_basis(workspace, weeks=weeks, seed=seed)
    made, due = given.inputs.planned(), given.due
    coming = given.inputs.expiries
    return workspace.store(
        workspace.key("reminders", given.runs, {"weeks": str(weeks)}, seed),
        {
            "letters": made.letters,
            "smoothing": made.smoothing,
            "mailing_gains": made.gains,
        },
        {
            **made.figures(),
            "expired": int(given.known["count"].sum()) - int(due["count"].sum()),
            "in_batches": int(due["count"].sum()) - int(coming["count"].sum()),
            "capacity_known": given.capacity_known,
            "as_of": given.known.item(0, "as_of").isoformat(),
            "response": given.sources,
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
