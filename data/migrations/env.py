"""Alembic environment: migrates the database at the given URL, all of it or nothing.

Everything happens in one transaction that begins with a lock, so that a process that
is killed leaves the schema as it was, and of two that start at once the second finds
the work done.
"""

from alembic import context
from sqlalchemy import create_engine, event

from forecasting.records import Base

LOCK = 7_305_201_614
"""Any number, the same for every process: what PostgreSQL's writers of schema lock."""

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")

if engine.dialect.name == "sqlite":
    # The driver begins no transaction before DDL of its own accord: do it ourselves.

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection, _) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def _begin_with_the_lock(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")


try:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True
        )
        context.run_migrations()
finally:
    engine.dispose()
