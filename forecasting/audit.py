"""The audit trail: who did what and when, each entry sealed with the hash of the one before.

The trail lives in the same transaction as what it tells of, so neither can be without
the other. It names imports, runs and notes, never a resident or a reference to one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forecasting.errors import StoreError
from forecasting.records import AuditHead, AuditRecord

START = "0" * 64
"""The hash before the first entry."""


@dataclass(frozen=True)
class Deed:
    """What is done: by whom, when, what kind of act, on what, and particulars."""

    by: str
    at: datetime
    action: str
    subject: str
    detail: str = ""


def take_turn(session: Session) -> AuditHead:
    """Wait for one's turn to write: no other writer goes on until this one is done.

    An update as the first statement takes SQLite's write lock and PostgreSQL's lock of
    that row alike.

    Raises:
        StoreError: somebody took the row away.
    """
    session.execute(update(AuditHead).values(entries=AuditHead.entries))
    head = session.get(AuditHead, 1, populate_existing=True)
    if head is None:
        raise StoreError(
            "The audit trail has lost its head: expected one row in the table audit_head, "
            "found none. See what happened to the database, or restore a backup."
        )
    return head


def append(session: Session, head: AuditHead, deed: Deed) -> None:
    """Add an entry to the trail within the writer's own transaction."""
    entry = AuditRecord(
        place=head.entries + 1,
        at=deed.at,
        by=deed.by,
        action=deed.action,
        subject=deed.subject,
        detail=deed.detail,
        before=head.hash,
    )
    entry.hash = seal(entry)
    session.add(entry)
    head.entries, head.hash = entry.place, entry.hash


def seal(entry: AuditRecord) -> str:
    """SHA-256 over every field of an entry, the hash before it included."""
    fields = [
        entry.place,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.by,
        entry.action,
        entry.subject,
        entry.detail,
        entry.before,
    ]
    text = json.dumps(fields, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """What going through the whole trail showed.

    `broken` is the place of the first entry that was changed, or that is missing;
    `met` tells whether the hash looked for seals any entry.
    """

    entries: int
    head: str
    broken: int | None = None
    met: bool = False


def prove(
    entries: Iterable[AuditRecord], head: AuditHead | None, kept: str = START
) -> Proof:
    """Follow the chain from its start to the head that the writers keep.

    `kept` is a head that was kept elsewhere: an end that was cut off together with the
    database's own head shows in nothing else.
    """
    before, count, met = START, 0, kept == START
    for count, entry in enumerate(entries, start=1):
        broken = entry.place != count or entry.before != before
        if broken or entry.hash != seal(entry):
            return Proof(count, before, broken=count)
        before = entry.hash
        met = met or before == kept
    if head is None or (head.entries, head.hash) != (count, before):
        known = count if head is None else min(count, head.entries)
        return Proof(count, before, broken=known + 1)
    return Proof(count, before, met=met)


def prove_within(session: Session, kept: str = START) -> Proof:
    """The same for the trail that a session sees, at one moment."""
    head = session.get(AuditHead, 1)
    query = select(AuditRecord).order_by(AuditRecord.place)
    with closing(session.scalars(query.execution_options(yield_per=1000))) as entries:
        return prove(entries, head, kept)


@contextmanager
def lifted(session: Session) -> Iterator[None]:
    """Let the trail be put back whole: it may be changed until this is left."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")
        return
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'"
    )
    triggers = connection.exec_driver_sql(query).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
