"""Withdraw a batch that was not sent: nothing reckons with it any more, and it stays told."""

from datetime import date, datetime

import polars as pl
from sqlalchemy import delete

from forecasting.errors import InputError
from forecasting.records import BatchReferenceRecord
from forecasting.workspace import Workspace
from staffing.pipeline.second_person import person
from staffing.publish.batch_files import remove_handout
from staffing.reminders.batches.forgetting import clear_the_log
from staffing.reminders.batches.stored import (
    EXPORTED,
    WITHDRAWN,
    Batch,
    BatchStep,
    batch_of,
    batches,
)
from staffing.reminders.batches.storing import add_step, standing_record, tell

LONGEST_REASON = 500
SENT = {"outcomes": "outcomes", "planned_letters": "letters that were sent"}
"""What is imported of a batch only after it was sent, by dataset."""


def withdraw_batch(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    reason: str,
    by: str | None = None,
    verified: bool = False,
    not_sent: bool = False,
) -> Batch:
    """Let the batch of the week of a Monday count for nothing; the week may get another.

    Its counts and steps stay on record. Its references go, so that they may be in another
    batch, and so do its files in the folder of exports of the home.

    Args:
        workspace: the home.
        week: the Monday of the mailing week.
        now: the moment.
        reason: why, in words that name no resident.
        by: who withdraws it; the actor of the settings unless said otherwise.
        verified: whether a login stands behind that name; then `by` is what it gave.
        not_sent: states that no letter of it went out, though it was exported.

    Raises:
        MissingStepError: no batch of that week stands.
        InputError: it was exported and nothing states that it was not sent, results of it
            were imported, there is no reason, or nobody is logged in where people log in.
    """
    who = person(workspace, by, verified=verified)
    step = BatchStep(now, who, verified, checked_reason(reason))
    name = batch_of(workspace, week).name
    _refuse_sent(workspace, name)
    with workspace.ledger.writing() as session:
        record = standing_record(session, name)
        if record.content is not None and not not_sent:
            raise InputError(
                f"batch {name} was handed out as {record.content}: expected the statement "
                "that none of it was sent; nothing was changed",
                remedy="Where no letter went out, add --not-sent.",
            )
        record.withdrawn = True
        of_batch = BatchReferenceRecord.batch == name
        session.execute(delete(BatchReferenceRecord).where(of_batch))
        add_step(session, name, WITHDRAWN, step)
        stated = f"{EXPORTED}, stated as not sent: " if record.content else ""
        detail = f"{stated}{step.reason}"
        tell(workspace, session, name, WITHDRAWN, step, now=now, detail=detail)
    clear_the_log(workspace)
    remove_handout(name, workspace.settings.exports)
    return next(batch for batch in batches(workspace) if batch.name == name)


def checked_reason(reason: str) -> str:
    """A reason as the store keeps it.

    Raises:
        InputError: there is none, it is too long, or cannot be shown.
    """
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or not words.isprintable():
        raise InputError(
            f"--reason: expected 1 to {LONGEST_REASON} letters, came {len(words)}"
            + ("" if words.isprintable() else " that cannot all be shown")
        )
    return words


def _refuse_sent(workspace: Workspace, name: str) -> None:
    for dataset, what in SENT.items():
        if not workspace.has_imported(dataset):
            continue
        rows = workspace.imported(dataset).filter(pl.col("batch") == name)
        if not rows.limit(1).collect().is_empty():
            raise InputError(
                f"batch {name}: expected one that was not sent, but {what} of it were "
                "imported; nothing was changed",
                remedy="What was sent stays a batch.",
            )
