"""The step `reminders`: from stored stock and load to a stored mailing plan."""

from datetime import datetime

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.drafting_batch import newest_plan
from staffing.pipeline.mailing_inputs import mailing_inputs
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders import mailing_table, plan
from staffing.reminders.calling import calls_caused
from staffing.reminders.choices import Choices
from staffing.reminders.repeating import second_letters

CHOICES = Choices()
SETTINGS = {
    "budget",
    "weekly_quota",
    "channel",
    "earliest_lead_weeks",
    "letters_per_hour",
    "held_out",
    "least_hours",
    "small_cell",
    "price_letter",
}
"""Of the policy, what a reader wants beside the plan."""


def run_reminders(
    workspace: Workspace,
    *,
    now: datetime,
    seed: int = 0,
    weeks: int = 52,
    choices: Choices = CHOICES,
) -> RunRecord:
    """Plan letters for the first full weeks after the history and store the plan.

    Stores `letters`, `second_letters` (the part of these that goes to documents mailed
    before), `smoothing` and `mailing_gains`. Weeks that the forecast covers only
    in part are left out. Documents that expired before the plan begins are counted in the
    figure `expired`: a reminder comes too late for them; those of approved batches, mailed
    or held out, in the figure `in_batches`. The figure `calls` tells how many phone calls
    the letters cause; `load_knows_batches` is false where batches were approved or
    withdrawn since the forecast, whose load still has their visits in the old weeks; `settings` are those the plan was made with.

    Raises:
        MissingStepError: no stock of expiries, no requirement or no counter load.
        InputError: what was chosen cannot be.
    """
    given = mailing_inputs(workspace, weeks=weeks, seed=seed, choices=choices)
    load, known = given.load, given.response
    made = plan(
        given.stock, load.hours, load.capacity, known.response, given.policy, seed=seed
    )
    second = second_letters(
        made.letters, given.unwritten, given.again, given.policy.held_out
    )
    parameters = {"weeks": str(weeks), **choices.told()}
    return workspace.store(
        workspace.key("reminders", list(given.runs), parameters, seed),
        {
            "letters": made.letters,
            "second_letters": second,
            "smoothing": made.smoothing,
            "mailing_gains": made.gains,
        },
        {
            **made.figures(),
            "calls": calls_caused(made.letters, known.response, given.policy.channel),
            "expired": given.expired,
            "in_batches": given.in_batches,
            "load_knows_batches": given.load_knows_them,
            "stock": given.documents,
            "second_letters": int(second["letters"].sum()),
            "capacity_known": load.capacity_known,
            "as_of": given.as_of.isoformat(),
            "response": known.sources(),
            "settings": given.policy.model_dump(mode="json", include=SETTINGS),
        },
        now=now,
    )


def show_plan(workspace: Workspace) -> pl.DataFrame:
    """The newest plan: letters per mailing week and service, small numbers left out.

    Raises:
        MissingStepError: no plan was made yet.
    """
    run = newest_plan(workspace)
    letters = workspace.table(run, "letters").collect()
    return mailing_table(
        letters, small_cell=reminder_settings(workspace).plan.small_cell
    )
