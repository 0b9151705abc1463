"""The database: reach it by its URL, bring its schema up to date, say what is wrong."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
)

from forecasting.errors import StoreError


def open_database(url: str, migrations: Path) -> Engine:
    """Connect and bring the schema up to date.

    Raises:
        StoreError: the URL is none, or the database cannot be reached or used.
    """
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_write_ahead_log)
    with usable(engine):
        if not _is_current(engine, migrations):
            _migrate_once(engine, url, migrations)
    return engine


def _engine(url: str) -> Engine:
    """An engine for a database URL; a wrong one may hold a password, so it is not told."""
    try:
        return create_engine(make_url(url))
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise StoreError(
            "PIEKWIJZER_DATABASE_URL: expected a database URL of SQLite or PostgreSQL "
            "such as postgresql+psycopg://user@host/name, came another text."
        ) from None


@contextmanager
def usable(engine: Engine) -> Iterator[None]:
    """Tell in one line that a database is out of reach, locked, full or damaged.

    Errors in what was asked of it are mistakes of this program and pass through.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DatabaseError as error:
        name = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"{name}: expected a usable database; {error.orig}.") from None


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


def _migrate_once(engine: Engine, url: str, migrations: Path) -> None:
    """Migrate, or wait for another process that opened the same new home just now."""
    try:
        _migrate(url, migrations)
    except DatabaseError:
        for _ in range(20):
            if _is_current(engine, migrations):
                return
            time.sleep(0.1)
        raise


def _migrate(url: str, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
