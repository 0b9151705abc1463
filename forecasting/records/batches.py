"""The tables of reminder batches: what was approved, how it was counted, whom it names."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from forecasting.records.ledger import Base, UtcDateTime


class BatchRecord(Base):
    """The letters of one mailing week of an approved plan; one batch of a week stands.

    `letters` is how many were approved; `seed` and `held_out` decide who is kept without
    one. `content` is what was
    handed out, "quota" or "references", and `source` the SHA-256 of the file that the
    references came from; both are unknown until the first export. `terms` are the settings
    it was approved with, as JSON, unknown of the earliest batches. One that was
    `withdrawn` was never sent: nothing reckons with it.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index(
            "ix_batches_standing",
            "mailing_week",
            unique=True,
            sqlite_where=text("NOT withdrawn"),
            postgresql_where=text("NOT withdrawn"),
        ),
    )

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    mailing_week: Mapped[date]
    run: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    channel: Mapped[str] = mapped_column(String(32))
    letters: Mapped[int] = mapped_column(BigInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    held_out: Mapped[float]
    content: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str | None] = mapped_column(String(64))
    terms: Mapped[str | None] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())


class BatchStepRecord(Base):
    """When a batch was made, approved, first exported or withdrawn, and by whom.

    `verified` tells whether a login stands behind the name, `reason` why it was withdrawn.
    """

    __tablename__ = "batch_steps"

    batch: Mapped[str] = mapped_column(ForeignKey("batches.name"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(120))
    verified: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")


class BatchCountRecord(Base):
    """Documents of a batch per cohort and arm ("mailed", "held out", "mailed again").

    `expiry_week` is a Monday; an age band or district that is not told is empty.
    """

    __tablename__ = "batch_counts"

    batch: Mapped[str] = mapped_column(ForeignKey("batches.name"), primary_key=True)
    service: Mapped[str] = mapped_column(String(64), primary_key=True)
    expiry_week: Mapped[date] = mapped_column(primary_key=True)
    age_band: Mapped[str] = mapped_column(String(64), primary_key=True)
    district: Mapped[str] = mapped_column(String(120), primary_key=True)
    arm: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class BatchFateRecord(Base):
    """What became of the documents of a batch, counted per service; `reason` is coded."""

    __tablename__ = "batch_fates"

    batch: Mapped[str] = mapped_column(ForeignKey("batches.name"), primary_key=True)
    service: Mapped[str] = mapped_column(String(64), primary_key=True)
    fate: Mapped[str] = mapped_column(String(16), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class BatchReferenceRecord(Base):
    """An opaque reference in a batch: of one expiry once with each `turn`, 1 or 2.

    Who gets a letter or is held out takes the first turn, who is mailed again the second:
    so by the key nobody gets a third.
    """

    __tablename__ = "batch_references"
    __table_args__ = (
        Index("ix_batch_references_batch", "batch"),
        CheckConstraint(
            "turn = CASE arm WHEN 'mailed again' THEN 2 ELSE 1 END",
            name="ck_batch_references_turn",
        ),
    )

    service: Mapped[str] = mapped_column(String(64), primary_key=True)
    expiry_week: Mapped[date] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(128), primary_key=True)
    turn: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=1, server_default="1"
    )
    batch: Mapped[str] = mapped_column(ForeignKey("batches.name"))
    arm: Mapped[str] = mapped_column(String(16))
