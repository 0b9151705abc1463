"""The ledger: which imports and runs exist, in a database; the lake holds their tables.

A table in the lake counts only once its import or run is committed here.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    String,
    TypeDecorator,
    delete,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from forecasting.database import open_database, usable

Figures = Mapping[str, object]
"""Headline figures of a run, as JSON."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("expected a time with a zone, came a naive one")
        return value.astimezone(UTC) if value else None

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


class Base(DeclarativeBase):
    """Declarative base of every table of the product."""


class ImportRecord(Base):
    """One accepted file: known by the hash of its content and the source it came from."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    file: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    rows_imported: Mapped[int]
    rows_rejected: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RunRecord(Base):
    """One run of a step: same inputs, policy, parameters and seed give the same id."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    config_hash: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[list[str]] = mapped_column(JSON)
    parameters: Mapped[dict[str, str]] = mapped_column(JSON)
    seed: Mapped[int]
    version: Mapped[str] = mapped_column(String(32))
    figures: Mapped[dict[str, object]] = mapped_column(JSON)


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


class Ledger:
    """Reads and writes imports and runs; every write is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def imports(self, kind: str | None = None) -> list[ImportRecord]:
        """Imports in order of arrival, of one kind or all."""
        query = select(ImportRecord).order_by(ImportRecord.at, ImportRecord.id)
        if kind is not None:
            query = query.where(ImportRecord.kind == kind)
        with self._session() as session:
            return list(session.scalars(query))

    def find_import(self, source: str, sha256: str) -> ImportRecord | None:
        """The earlier import of the same content for the same source, if any."""
        query = select(ImportRecord).where(
            ImportRecord.source == source, ImportRecord.sha256 == sha256
        )
        with self._session() as session:
            return session.scalar(query)

    def record(
        self, row: ImportRecord | RunRecord, *, instead_of: ImportRecord | None = None
    ) -> None:
        """Commit one import or run; one with the same id is replaced.

        `instead_of` is an earlier import that this one takes the place of.
        """
        try:
            self._commit(row, instead_of)
        except IntegrityError:  # another process committed this id just now
            self._commit(row, instead_of)

    def _commit(
        self, row: ImportRecord | RunRecord, instead_of: ImportRecord | None
    ) -> None:
        with self._session() as session, session.begin():
            if instead_of is not None and instead_of.id != row.id:
                session.execute(
                    delete(ImportRecord).where(ImportRecord.id == instead_of.id)
                )
            session.merge(row)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with (
            usable(self.engine),
            Session(self.engine, expire_on_commit=False) as session,
        ):
            yield session

    def runs(self, kind: str | None = None) -> list[RunRecord]:
        """Runs, newest first, of one kind or all."""
        query = select(RunRecord).order_by(RunRecord.at.desc(), RunRecord.id)
        if kind is not None:
            query = query.where(RunRecord.kind == kind)
        with self._session() as session:
            return list(session.scalars(query))

    def latest(self, kind: str, parameters: Mapping[str, str]) -> RunRecord | None:
        """The newest run of a kind whose parameters hold all of `parameters`."""
        wanted = dict(parameters).items()
        for run in self.runs(kind):
            if wanted <= run.parameters.items():
                return run
        return None


def open_ledger(url: str, migrations: Path) -> Ledger:
    """Open the database of a home and return its ledger.

    Raises:
        StoreError: the URL is none, or the database cannot be reached or used.
    """
    return Ledger(open_database(url, migrations))
