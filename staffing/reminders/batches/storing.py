"""Store a batch, what was chosen for it and its steps, within a transaction of the ledger."""

from dataclasses import replace
from datetime import datetime

import polars as pl
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from forecasting.audit import append
from forecasting.errors import OvertakenError
from forecasting.records import (
    AuditHead,
    BatchCountRecord,
    BatchFateRecord,
    BatchRecord,
    BatchReferenceRecord,
    BatchStepRecord,
)
from forecasting.workspace import Workspace
from staffing.reminders.batches.stored import WITHDRAWN, BatchStep
from staffing.reminders.batches.tables import AGAIN


def standing_record(session: Session, name: str) -> BatchRecord:
    """The record of a batch within a transaction of the one writer at a time.

    Raises:
        OvertakenError: somebody withdrew it meanwhile.
    """
    record = session.get_one(BatchRecord, name, populate_existing=True)
    if record.withdrawn:
        step = session.get_one(BatchStepRecord, (name, WITHDRAWN))
        raise OvertakenError(f"batch {name}", by=step.by, at=step.at)
    return record


def add_step(session: Session, name: str, state: str, step: BatchStep) -> None:
    """Keep that a batch came so far, when and by whom."""
    session.add(
        BatchStepRecord(
            batch=name,
            state=state,
            at=step.at,
            by=step.by,
            verified=step.verified,
            reason=step.reason,
        )
    )
    session.flush()


def tell(
    workspace: Workspace,
    session: Session,
    name: str,
    state: str,
    step: BatchStep,
    *,
    now: datetime,
    detail: str = "",
) -> None:
    """Add a step of a batch to the audit trail; never a reference, never a small count."""
    actor = workspace.settings.actor
    told = [detail] if detail else []
    told += [] if step.verified else ["unverified"]
    told += [f"entered by {actor}"] if step.by != actor else []
    deed = workspace.deed(state, f"batch {name}", ", ".join(told), now=now)
    append(session, session.get_one(AuditHead, 1), replace(deed, by=step.by))


def put_counts(
    session: Session, name: str, counts: pl.DataFrame, fates: pl.DataFrame
) -> None:
    """Let these be the counts of a batch, in place of earlier ones."""
    session.execute(delete(BatchCountRecord).where(BatchCountRecord.batch == name))
    session.execute(delete(BatchFateRecord).where(BatchFateRecord.batch == name))
    for table, frame in ((BatchCountRecord, counts), (BatchFateRecord, fates)):
        if not frame.is_empty():
            rows = [{"batch": name, **row} for row in frame.iter_rows(named=True)]
            session.execute(insert(table), rows)


def put_references(session: Session, name: str, chosen: pl.DataFrame) -> None:
    """Keep the references of a batch (`reference, service, expiry_week, arm`).

    The database refuses one that is in another batch for the same expiry, and a second
    letter for one that got two.
    """
    if not chosen.is_empty():
        turn = pl.when(arm=AGAIN).then(2).otherwise(1).alias("turn")
        rows = chosen.with_columns(turn).iter_rows(named=True)
        named = [{"batch": name, **row} for row in rows]
        session.execute(insert(BatchReferenceRecord), named)
