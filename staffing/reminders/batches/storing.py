"""Store a batch, what was chosen for it and its steps, within a transaction of the ledger."""

from dataclasses import replace
from datetime import datetime

import polars as pl
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from forecasting.audit import append
from forecasting.records import (
    AuditHead,
    BatchCountRecord,
    BatchFateRecord,
    BatchReferenceRecord,
    BatchStepRecord,
)
from forecasting.workspace import Workspace


def add_step(
    workspace: Workspace,
    session: Session,
    name: str,
    state: str,
    now: datetime,
    *,
    by: str,
    verified: bool,
    detail: str = "",
) -> None:
    """Keep that a batch came so far, by whom, and tell the audit trail."""
    record = BatchStepRecord(batch=name, state=state, at=now, by=by, verified=verified)
    session.add(record)
    session.flush()
    tell(workspace, session, name, state, now, by=by, verified=verified, detail=detail)


def tell(
    workspace: Workspace,
    session: Session,
    name: str,
    state: str,
    now: datetime,
    *,
    by: str,
    verified: bool,
    detail: str = "",
) -> None:
    """Add an entry on a batch to the audit trail: counts and names of files, no reference."""
    actor = workspace.settings.actor
    told = [detail] if detail else []
    told += [] if verified else ["unverified"]
    told += [f"entered by {actor}"] if by != actor else []
    deed = workspace.deed(state, f"batch {name}", ", ".join(told), now=now)
    append(session, session.get_one(AuditHead, 1), replace(deed, by=by))


def put_counts(
    session: Session, name: str, counts: pl.DataFrame, fates: pl.DataFrame
) -> None:
    """Let these be the counts of a batch, in place of earlier ones."""
    for table, frame in ((BatchCountRecord, counts), (BatchFateRecord, fates)):
        session.execute(delete(table).where(table.batch == name))
        if not frame.is_empty():
            rows = [{"batch": name, **row} for row in frame.iter_rows(named=True)]
            session.execute(insert(table), rows)


def put_references(session: Session, name: str, chosen: pl.DataFrame) -> None:
    """Keep the references of a batch (`reference, service, expiry_week, arm`).

    The database refuses one that is in another batch for the same expiry.
    """
    if not chosen.is_empty():
        rows = [{"batch": name, **row} for row in chosen.iter_rows(named=True)]
        session.execute(insert(BatchReferenceRecord), rows)
