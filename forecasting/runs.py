"""The ledger: which imports, parts and runs count, in a database; the lake holds them.

A table in the lake counts only once it is committed here.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from forecasting.audit import START, Deed, Proof, append, prove_within, take_turn
from forecasting.database import open_database, usable
from forecasting.records import (
    AuditRecord,
    ImportRecord,
    KeptStandardRecord,
    PartRecord,
    RetentionRecord,
    RunRecord,
)

Figures = Mapping[str, object]
"""Headline figures of a run, as JSON."""

Also = Callable[[Session], None]
"""What else is written in the transaction of a run."""


@dataclass(frozen=True)
class RunKey:
    """What decides a run: its id is a hash of this and of the product's version."""

    kind: str
    config_hash: str
    inputs: tuple[str, ...]
    parameters: Mapping[str, str]
    seed: int

    @property
    def id(self) -> str:
        """`kind-` and 12 hex digits."""
        parts: dict[str, object] = {
            "kind": self.kind,
            "config": self.config_hash,
            "inputs": sorted(self.inputs),
            "parameters": dict(self.parameters),
            "seed": self.seed,
            "version": version("piekwijzer"),
        }
        text = json.dumps(parts, sort_keys=True)
        return f"{self.kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


class Overtaken(Exception):  # noqa: N818  (no error: try again)
    """Another import of the same source was committed meanwhile."""


@dataclass(frozen=True)
class Change:
    """What an import changes: its record and parts, instead of earlier ones.

    `seen` are the parts of the source that were looked at when this was worked out:
    when others count by now, the change is out of date.
    """

    record: ImportRecord
    parts: tuple[PartRecord, ...]
    drop: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    instead_of: str | None = None


class Ledger:
    """Reads and writes imports, parts and runs; every write is one audited transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; what it gives stays readable afterwards."""
        with (
            usable(self.engine),
            Session(self.engine, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that sees one moment, whatever is written meanwhile."""
        with usable(self.engine), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with Session(connection, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def writing(self, *deeds: Deed) -> Iterator[Session]:
        """A transaction of the one writer at a time, that leaves its deeds in the trail.

        Raises:
            StoreError: the database cannot be used.
        """
        with self.reading() as session, session.begin():
            head = take_turn(session)
            yield session
            for deed in deeds:
                append(session, head, deed)

    def imports(self, kind: str | None = None) -> list[ImportRecord]:
        """Imports in order of arrival, of one kind or all."""
        query = select(ImportRecord).order_by(ImportRecord.at, ImportRecord.id)
        if kind is not None:
            query = query.where(ImportRecord.kind == kind)
        with self.reading() as session:
            return list(session.scalars(query))

    def parts(
        self, dataset: str | None = None, source: str | None = None
    ) -> list[PartRecord]:
        """The parts that count, of a dataset and source or all, in a fixed order."""
        order = (PartRecord.dataset, PartRecord.source, PartRecord.month)
        query = select(PartRecord).order_by(*order, PartRecord.id)
        if dataset is not None:
            query = query.where(PartRecord.dataset == dataset)
        if source is not None:
            query = query.where(PartRecord.source == source)
        with self.reading() as session:
            return list(session.scalars(query))

    def stock(self, source: str) -> tuple[list[PartRecord], list[ImportRecord]]:
        """The parts that count of a source and its imports, at one moment."""
        of_parts = select(PartRecord).where(PartRecord.source == source)
        of_imports = select(ImportRecord).where(ImportRecord.source == source)
        with self.snapshot() as session:
            parts = list(session.scalars(of_parts.order_by(PartRecord.id)))
            return parts, list(session.scalars(of_imports.order_by(ImportRecord.id)))

    def commit_imports(self, changes: Sequence[Change], deeds: Sequence[Deed]) -> None:
        """Make imports count, all of them at once; each of another source.

        Raises:
            Overtaken: other parts of a source count by now.
        """
        with self.writing(*deeds) as session:
            for change in changes:
                _change(session, change)

    def record(self, run: RunRecord, deed: Deed, also: Also | None = None) -> None:
        """Commit one run, and what goes with it; one with the same id is replaced."""
        with self.writing(deed) as session:
            session.merge(run)
            session.flush()
            if also is not None:
                also(session)

    def kept_standards(self) -> list[KeptStandardRecord]:
        """The standards that hold in the place of those of the settings, by skill."""
        query = select(KeptStandardRecord).order_by(KeptStandardRecord.skill)
        standing = query.where(KeptStandardRecord.withdrawn_at.is_(None))
        with self.reading() as session:
            return list(session.scalars(standing))

    def runs(self, kind: str | None = None) -> list[RunRecord]:
        """Runs, newest first, of one kind or all."""
        query = select(RunRecord).order_by(RunRecord.at.desc(), RunRecord.id)
        if kind is not None:
            query = query.where(RunRecord.kind == kind)
        with self.reading() as session:
            return list(session.scalars(query))

    def latest(self, kind: str, parameters: Mapping[str, str]) -> RunRecord | None:
        """The newest run of a kind whose parameters hold all of `parameters`."""
        wanted = dict(parameters).items()
        for run in self.runs(kind):
            if wanted <= run.parameters.items():
                return run
        return None

    def trail(self, last: int | None = None) -> list[AuditRecord]:
        """The audit trail, oldest entry first; all of it or its `last` entries."""
        query = select(AuditRecord).order_by(AuditRecord.place.desc()).limit(last)
        with self.reading() as session:
            return list(session.scalars(query))[::-1]

    def tell(self, deed: Deed) -> None:
        """Add to the audit trail what changed nothing in the database."""
        with self.writing(deed):
            pass

    def prove(self, kept: str = START) -> Proof:
        """Follow the audit trail from its start; `kept` is a head kept elsewhere."""
        with self.snapshot() as session:
            return prove_within(session, kept)

    def forgotten_before(self) -> date | None:
        """Rows of before this day are never taken in again; None: all are kept."""
        with self.reading() as session:
            return session.scalar(select(func.max(RetentionRecord.before)))


def _change(session: Session, change: Change) -> None:
    record, old = change.record, change.instead_of
    now = select(PartRecord.id).where(PartRecord.source == record.source)
    if frozenset(session.scalars(now)) != change.seen:
        raise Overtaken
    for some in _in_lots(sorted(change.drop)):
        session.execute(delete(PartRecord).where(PartRecord.id.in_(some)))
    if old is not None and old != record.id:
        session.execute(delete(ImportRecord).where(ImportRecord.id == old))
    session.merge(record)
    session.flush()
    session.add_all(change.parts)


def _in_lots(numbers: list[int]) -> Iterator[list[int]]:
    """A few hundred at a time: a statement takes only so many values."""
    for first in range(0, len(numbers), 500):
        yield numbers[first : first + 500]


def open_ledger(url: str, migrations: Path) -> Ledger:
    """Open the database of a home and return its ledger.

    Raises:
        StoreError: the URL is none, or the database cannot be reached or used.
    """
    return Ledger(open_database(url, migrations))
