"""Withdraw a batch that was not sent: nothing reckons with it any more, and it stays told."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from sqlalchemy import delete

from forecasting.errors import FieldError, InputError, OvertakenError
from forecasting.notes import check_filled, check_text
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


@dataclass(frozen=True)
class Seen:
    """A batch as somebody looked at it: its name, and how far it had come."""

    name: str
    state: str


def withdraw_batch(
    workspace: Workspace,
    *,
    week: date,
    now: datetime,
    reason: str,
    by: str | None = None,
    verified: bool = False,
    not_sent: bool = False,
    seen: Seen | None = None,
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
        seen: the batch as it was looked at, which must be as it was; without it, the one
            that stands.

    Raises:
        MissingStepError: no batch of that week stands.
        OvertakenError: somebody handed it out or withdrew it since.
        FieldError: there is no reason or one that cannot be kept, or it was exported and
            nothing states that it was not sent.
        InputError: results of it were imported, or nobody is logged in where people log in.
    """
    who = person(workspace, by, verified=verified)
    step = BatchStep(now, who, verified, checked_reason(reason))
    name = _meant(workspace, week, seen).name
    _refuse_sent(workspace, name)
    with workspace.ledger.writing() as session:
        record = standing_record(session, name)
        if record.content is not None and not not_sent:
            raise FieldError(
                "not-sent",
                "unstated",
                wanted=f"the statement that no letter of batch {name} was sent, which was "
                f"handed out as {record.content}",
                came="none; nothing was changed",
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
        FieldError: there is none, it is too long, cannot be shown, or could name somebody.
    """
    words = " ".join(reason.split())
    check_filled("reason", words)
    check_text("reason", words, LONGEST_REASON)
    return words


def _meant(workspace: Workspace, week: date, seen: Seen | None) -> Batch:
    """The batch that was looked at, where it is as it was; else the one that stands."""
    if seen is None:
        return batch_of(workspace, week)
    batch = next(one for one in batches(workspace) if one.name == seen.name)
    if batch.state != seen.state:
        raise OvertakenError(f"batch {batch.name}", by=batch.last.by, at=batch.last.at)
    return batch


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
