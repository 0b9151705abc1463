"""What people decide beside the plan: standards that are kept, and lines of the board."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from forecasting.records.ledger import Base, UtcDateTime

STANDING = text("withdrawn_at IS NULL")


def _one_stands(table: str, column: str) -> Index:
    return Index(
        f"ix_{table}_standing",
        column,
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


class Kept:
    """Who wrote it and when, and who took it back; a row is never changed otherwise."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))


class KeptStandardRecord(Kept, Base):
    """A share and a time that hold for a skill in the place of those of the settings."""

    __tablename__ = "kept_standards"
    __table_args__ = (_one_stands("kept_standards", "skill"),)

    skill: Mapped[str] = mapped_column(String(64))
    target: Mapped[float]
    threshold_s: Mapped[float]
    reason: Mapped[str] = mapped_column(String(500))


class BoardLineRecord(Kept, Base):
    """Who owns a promise or a team on the board, and what the next step is."""

    __tablename__ = "board_lines"
    __table_args__ = (_one_stands("board_lines", "subject"),)

    subject: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(80))
    next_step: Mapped[str] = mapped_column(String(200))
