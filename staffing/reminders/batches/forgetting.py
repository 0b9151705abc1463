"""References of batches go in time; the counts of batches stay."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, true

from forecasting.policy import load_policy
from forecasting.records import BatchReferenceRecord
from forecasting.workspace import Workspace
from staffing.reminders.policy import ReminderSettings

WEEK = timedelta(days=7)


def forget_references(workspace: Workspace, before: date, *, now: datetime) -> int:
    """Take away references whose week of expiry ended before a day; gives their number.

    Those kept for longer than `batch.retention_weeks` after that week go as well,
    whatever the day. SQLite writes over what was deleted, its log included.
    """
    if not _number(workspace, true()):
        return 0
    file = workspace.settings.config / "reminders.toml"
    kept = load_policy(file, ReminderSettings).batch.retention_weeks
    week = BatchReferenceRecord.expiry_week
    due = now.date() - timedelta(weeks=kept)
    gone = week <= max(before, due) - WEEK
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
