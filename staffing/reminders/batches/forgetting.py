"""References of batches go in time; the counts of batches stay."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true

from forecasting.policy import load_policy
from forecasting.records import BatchReferenceRecord
from forecasting.workspace import Workspace
from staffing.reminders.batches.stored import Batch, batches
from staffing.reminders.policy import ReminderSettings

WEEK = timedelta(days=7)


def forget_references(workspace: Workspace, before: date, *, now: datetime) -> int:
    """Take away references whose week of expiry ended before a day; gives their number.

    Those kept for longer after that week than `batch.retention_weeks`, or than their batch
    states, go as well, whatever the day. SQLite writes over what was deleted, its log
    included.
    """
    if not _number(workspace, true()):
        return 0
    file = workspace.settings.config / "reminders.toml"
    most = load_policy(file, ReminderSettings).batch.retention_weeks
    gone = or_(*(_due(batch, most, before, now.date()) for batch in batches(workspace)))
    number = _number(workspace, gone)
    if not number:
        return 0
    deed = workspace.deed(
        "forget", "references of batches", f"before {before}: {number}", now=now
    )
    with workspace.ledger.writing(deed) as session:
        session.execute(delete(BatchReferenceRecord).where(gone))
    clear_the_log(workspace)
    return number


def _due(batch: Batch, most: int, before: date, today: date) -> ColumnElement[bool]:
    """Which references of a batch must go: the shorter of both terms holds."""
    weeks = most if batch.terms is None else min(most, batch.terms.retention_weeks)
    last = max(before, today - timedelta(weeks=weeks)) - WEEK
    of = BatchReferenceRecord
    return and_(of.batch == batch.name, of.expiry_week <= last)


def _number(workspace: Workspace, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(BatchReferenceRecord).where(which)
    with workspace.ledger.reading() as session:
        return session.scalar(query) or 0


def clear_the_log(workspace: Workspace) -> None:
    """Empty SQLite's write-ahead log, which holds pages of before."""
    engine = workspace.ledger.engine
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
