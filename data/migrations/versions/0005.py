"""Batches that were withdrawn, and documents that are mailed a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STANDING = sa.text("NOT withdrawn")
NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key", "pk": "%(table_name)s_pkey"}
"""What PostgreSQL calls them by itself; SQLite gives no names."""

KEY = ("service", "expiry_week", "reference")
TURN = "turn = CASE arm WHEN 'mailed again' THEN 2 ELSE 1 END"


def upgrade() -> None:
    """Hold a week to one batch that stands, and a document to each turn once."""
    withdrawn = sa.Column(
        "withdrawn", sa.Boolean, nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("batches", naming_convention=NAMES) as batches:
        batches.add_column(withdrawn)
        batches.drop_constraint("batches_mailing_week_key", type_="unique")
    _index()
    reason = sa.Column("reason", sa.String(500), nullable=False, server_default="")
    op.add_column("batch_steps", reason)
    turn = sa.Column("turn", sa.Integer, nullable=False, server_default="1")
    with op.batch_alter_table("batch_references", naming_convention=NAMES) as named:
        named.add_column(turn)
        named.drop_constraint("batch_references_pkey", type_="primary")
        named.create_primary_key("batch_references_pkey", [*KEY, "turn"])
        named.create_check_constraint("ck_batch_references_turn", TURN)


def _index() -> None:
    op.create_index(
        "ix_batches_standing",
        "batches",
        ["mailing_week"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """Go back, where no batch was withdrawn and nobody was mailed twice."""
    with op.batch_alter_table("batch_references", naming_convention=NAMES) as named:
        named.drop_constraint("ck_batch_references_turn", type_="check")
        named.drop_constraint("batch_references_pkey", type_="primary")
        named.create_primary_key("batch_references_pkey", list(KEY))
        named.drop_column("turn")
    op.drop_column("batch_steps", "reason")
    op.drop_index("ix_batches_standing", "batches")
    with op.batch_alter_table("batches", naming_convention=NAMES) as batches:
        batches.drop_column("withdrawn")
        batches.create_unique_constraint("batches_mailing_week_key", ["mailing_week"])
