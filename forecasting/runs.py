"""The ledger: which imports and runs exist, in a database; the lake holds their tables.

A table in the lake counts only once its import or run is committed here.
"""

import hashlib
import json
from collections.abc import Mapping
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
    create_engine,
    event,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

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
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def find_import(self, source: str, sha256: str) -> ImportRecord | None:
        """The earlier import of the same content for the same source, if any."""
        query = select(ImportRecord).where(
            ImportRecord.source == source, ImportRecord.sha256 == sha256
        )
        with Session(self.engine, expire_on_commit=False) as session:
            return session.scalar(query)

    def record(self, row: ImportRecord | RunRecord) -> None:
        """Commit one import or run; a run with the same id is replaced."""
        with Session(self.engine) as session, session.begin():
            session.merge(row)

    def runs(self, kind: str | None = None) -> list[RunRecord]:
        """Runs, newest first, of one kind or all."""
        query = select(RunRecord).order_by(RunRecord.at.desc(), RunRecord.id)
        if kind is not None:
            query = query.where(RunRecord.kind == kind)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def latest(self, kind: str, parameters: Mapping[str, str]) -> RunRecord | None:
        """The newest run of a kind whose parameters hold all of `parameters`."""
        wanted = dict(parameters).items()
        for run in self.runs(kind):
            if wanted <= run.parameters.items():
                return run
        return None


def open_ledger(url: str, migrations: Path) -> Ledger:
    """Connect, bring the schema up to date, and return the ledger."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_write_ahead_log)
    if not _is_current(engine, migrations):
        _migrate(url, migrations)
    return Ledger(engine)


def _use_write_ahead_log(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _is_current(engine: Engine, migrations: Path) -> bool:
    """Compare the stamped revision with the newest file, without importing Alembic."""
    head = max(file.stem for file in (migrations / "versions").glob("*.py"))
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return False
        stamped = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        return stamped.scalar() == head


def _migrate(url: str, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
