"""The tables of the ledger: imports, runs, versions of rosters, notes, audit."""

from datetime import UTC, date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
        zoned = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return zoned.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base of every table of the product."""


class ImportRecord(Base):
    """One accepted file: known by the hash of its content and the source it came from.

    `arrival` counts the contents that came of its source, `at` is when: where rows
    overlap, those of the content that came last hold. `rows_left_out` were dropped by the mapping or by retention.
    """

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    file: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    rows_imported: Mapped[int] = mapped_column(BigInteger)
    rows_rejected: Mapped[int] = mapped_column(BigInteger)
    rows_left_out: Mapped[int] = mapped_column(BigInteger, default=0)
    arrival: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartRecord(Base):
    """One file of the lake that counts: a month of one import in one dataset.

    `month` is `YYYY-MM` in UTC, or empty for datasets without a time of their own.
    """

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("dataset", "source", "month", "file"),
        {"sqlite_autoincrement": True},  # a number never comes back: `Change.seen`
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    dataset: Mapped[str] = mapped_column(String(32), index=True)
    source: Mapped[str] = mapped_column(String(64))
    month: Mapped[str] = mapped_column(String(7))
    file: Mapped[str] = mapped_column(String(96))
    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id"), index=True)
    rows: Mapped[int] = mapped_column(BigInteger)


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


class RosterRecord(Base):
    """One version of the roster of a week; one of a week is published at most.

    `week` is its Monday. `file` names its JSON in the lake, `content` is the SHA-256 of
    the roster's and `instance` the hash of the instance's; both are unknown of rosters
    that are older than this table.
    """

    __tablename__ = "rosters"
    __table_args__ = (
        Index(
            "ix_rosters_published",
            "week",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    week: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    file: Mapped[str] = mapped_column(String(96))
    content: Mapped[str | None] = mapped_column(String(64))
    instance: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))


class RosterStepRecord(Base):
    """When a version of a roster came into a state, and by whom.

    Of a publication `agreed` says that the notice was agreed otherwise, and `people` who
    agreed to a change of their own at shorter notice.
    """

    __tablename__ = "roster_steps"
    __table_args__ = (
        ForeignKeyConstraint(["week", "version"], ["rosters.week", "rosters.version"]),
    )

    week: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120))
    agreed: Mapped[bool] = mapped_column(default=False)
    people: Mapped[list[str]] = mapped_column(JSON, default=list)


class Note:
    """What every note of a planner holds: its series, days (both included), reason, author.

    `series` is a pattern with `*` on `location/service/step/channel`; empty means all.
    A note is never changed: it is withdrawn (`withdrawn_at`), and another one made.
    """

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    series: Mapped[str] = mapped_column(String(255), default="")
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))


class ExclusionRecord(Note, Base):
    """A period left out of training, with its reason."""

    __tablename__ = "exclusions"


class EventRecord(Note, Base):
    """Something that moves demand, known ahead or afterwards; `name` groups its likes."""

    __tablename__ = "events"

    name: Mapped[str] = mapped_column(String(120))


class AdjustmentRecord(Note, Base):
    """A planner's change of the forecast: times `factor`, then plus `plus` a period."""

    __tablename__ = "adjustments"

    factor: Mapped[float] = mapped_column(default=1.0)
    plus: Mapped[float] = mapped_column(default=0.0)


class RetentionRecord(Base):
    """Rows of before this day were forgotten, and are never taken in again."""

    __tablename__ = "retention"

    before: Mapped[date] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRecord(Base):
    """One entry of the audit trail; `hash` covers the entry and the hash before it."""

    __tablename__ = "audit"

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """One row that every writer takes first: its lock puts writers in a queue."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
