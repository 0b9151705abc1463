"""Batches of reminder letters: their steps, counts, and the references in them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "batches",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("mailing_week", sa.Date, nullable=False, unique=True),
        sa.Column("run", sa.String(64), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("letters", sa.BigInteger, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("held_out", sa.Double, nullable=False),
        sa.Column("content", sa.String(16)),
        sa.Column("source", sa.String(64)),
    )
    op.create_table(
        "batch_steps",
        _batch(primary_key=True),
        sa.Column("state", sa.String(16), primary_key=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
    )
    op.create_table(
        "batch_counts",
        _batch(primary_key=True),
        sa.Column("service", sa.String(64), primary_key=True),
        sa.Column("expiry_week", sa.Date, primary_key=True),
        sa.Column("age_band", sa.String(64), primary_key=True),
        sa.Column("district", sa.String(120), primary_key=True),
        sa.Column("arm", sa.String(16), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "batch_fates",
        _batch(primary_key=True),
        sa.Column("service", sa.String(64), primary_key=True),
        sa.Column("fate", sa.String(16), primary_key=True),
        sa.Column("reason", sa.String(16), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "batch_references",
        sa.Column("service", sa.String(64), primary_key=True),
        sa.Column("expiry_week", sa.Date, primary_key=True),
        sa.Column("reference", sa.String(128), primary_key=True),
        _batch(nullable=False),
        sa.Column("arm", sa.String(16), nullable=False),
    )
    op.create_index("ix_batch_references_batch", "batch_references", ["batch"])


def _batch(*, primary_key: bool = False, nullable: bool = False) -> sa.Column:
    owner = sa.ForeignKey("batches.name")
    return sa.Column(
        "batch", sa.String(32), owner, primary_key=primary_key, nullable=nullable
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("references", "fates", "counts", "steps"):
        op.drop_table(f"batch_{name}")
    op.drop_table("batches")
