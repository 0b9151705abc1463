"""Versions of rosters, and their steps from draft to published."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WHEN = sa.DateTime(timezone=True)
PUBLISHED = sa.text("state = 'published'")
KEPT = ("draft", "verified")
"""The steps that a roster of before has behind it: none was stored unverified."""


def upgrade() -> None:
    """Make the tables; rosters of before become verified versions of their week."""
    rosters = op.create_table(
        "rosters",
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run", sa.String(64), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("file", sa.String(96), nullable=False),
        sa.Column("content", sa.String(64)),
        sa.Column("instance", sa.String(16)),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_index(
        "ix_rosters_published",
        "rosters",
        ["week"],
        unique=True,
        sqlite_where=PUBLISHED,
        postgresql_where=PUBLISHED,
    )
    steps = op.create_table(
        "roster_steps",
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), primary_key=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
        sa.Column("people", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["week", "version"], ["rosters.week", "rosters.version"]
        ),
    )
    _take_over(rosters, steps)


def _take_over(rosters: sa.Table, steps: sa.Table) -> None:
    """Number the rosters of each week by age; the audit trail knows who made them."""
    bind = op.get_bind()
    runs = sa.table(
        "runs",
        sa.column("id", sa.String),
        sa.column("kind", sa.String),
        sa.column("at", WHEN),
        sa.column("parameters", sa.JSON),
    )
    query = sa.select(runs.c.id, runs.c.at, runs.c.parameters)
    query = query.where(runs.c.kind == "roster").order_by(runs.c.at, runs.c.id)
    makers = _makers(bind)
    numbers: dict[str, int] = {}
    for run, at, parameters in bind.execute(query).all():
        name = parameters["week"]
        number = numbers[name] = numbers.get(name, 0) + 1
        week = datetime.strptime(f"{name}-1", "%G-W%V-%u").date()  # noqa: DTZ007
        key = {"week": week, "version": number}
        row = {**key, "run": run, "file": run, "state": "verified"}
        bind.execute(rosters.insert().values(row))
        made = {"at": at, "by": makers.get(run, ""), "agreed": False, "people": []}
        bind.execute(steps.insert(), [{**key, "state": s, **made} for s in KEPT])


def _makers(bind: sa.Connection) -> dict[str, str]:
    """Who made each roster, the last time."""
    names = ("place", "by", "action", "subject")
    audit = sa.table("audit", *(sa.column(name) for name in names))
    query = sa.select(audit.c.subject, audit.c.by).where(audit.c.action == "roster")
    rows = bind.execute(query.order_by(audit.c.place)).all()
    return {row.subject: row.by for row in rows}


def downgrade() -> None:
    """Drop the tables; the runs stay."""
    op.drop_table("roster_steps")
    op.drop_index("ix_rosters_published", "rosters")
    op.drop_table("rosters")
