"""Parts of imports, notes of the planner, retention, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHEN = sa.DateTime(timezone=True)
NOTES = ("exclusions", "events", "adjustments")

REFUSAL = "the audit trail is append-only"
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{act} BEFORE {act.upper()} ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ],
}


def upgrade() -> None:
    """Make the tables; imports of before have no parts and must come again."""
    op.execute("DELETE FROM imports")
    with op.batch_alter_table("imports") as imports:
        imports.alter_column("rows_imported", type_=sa.BigInteger)
        imports.alter_column("rows_rejected", type_=sa.BigInteger)
        imports.add_column(
            sa.Column(
                "rows_left_out", sa.BigInteger, nullable=False, server_default="0"
            )
        )
        imports.add_column(
            sa.Column("arrival", sa.Integer, nullable=False, server_default="0")
        )
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("dataset", sa.String(32), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("file", sa.String(96), nullable=False),
        sa.Column(
            "import_id", sa.String(64), sa.ForeignKey("imports.id"), nullable=False
        ),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("dataset", "source", "month", "file"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parts_dataset", "parts", ["dataset"])
    op.create_index("ix_parts_import_id", "parts", ["import_id"])
    _make_notes()
    _make_trail()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_notes() -> None:
    own = {
        "exclusions": [],
        "events": [sa.Column("name", sa.String(120), nullable=False)],
        "adjustments": [
            sa.Column("factor", sa.Double, nullable=False),
            sa.Column("plus", sa.Double, nullable=False),
        ],
    }
    for table in NOTES:
        op.create_table(
            table,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("series", sa.String(255), nullable=False),
            sa.Column("first", sa.Date, nullable=False),
            sa.Column("last", sa.Date, nullable=False),
            sa.Column("reason", sa.String(500), nullable=False),
            sa.Column("by", sa.String(120), nullable=False),
            sa.Column("at", WHEN, nullable=False),
            sa.Column("withdrawn_at", WHEN),
            sa.Column("withdrawn_by", sa.String(120)),
            *own[table],
        )


def _make_trail() -> None:
    op.create_table(
        "retention",
        sa.Column("before", sa.Date, primary_key=True),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", WHEN, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "entries": 0, "hash": "0" * 64}])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("audit_head", "audit", "retention", *NOTES, "parts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
    with op.batch_alter_table("imports") as imports:
        imports.drop_column("arrival")
        imports.drop_column("rows_left_out")
