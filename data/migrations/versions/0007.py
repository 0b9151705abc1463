"""Standards that are kept in the place of those of the settings, and lines of the board."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHEN = sa.DateTime(timezone=True)
STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    """Make the tables; of each skill and of each line of the board one row stands."""
    op.create_table(
        "kept_standards",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("skill", sa.String(64), nullable=False),
        sa.Column("target", sa.Double, nullable=False),
        sa.Column("threshold_s", sa.Double, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        *_acts(),
    )
    op.create_table(
        "board_lines",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("next_step", sa.String(200), nullable=False),
        *_acts(),
    )
    _one_stands("kept_standards", "skill")
    _one_stands("board_lines", "subject")


def _acts() -> list["sa.Column[object]"]:
    return [
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("withdrawn_at", WHEN),
        sa.Column("withdrawn_by", sa.String(120)),
    ]


def _one_stands(table: str, column: str) -> None:
    op.create_index(
        f"ix_{table}_standing",
        table,
        [column],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """Go back; what was kept is lost."""
    op.drop_table("board_lines")
    op.drop_table("kept_standards")
