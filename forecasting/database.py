"""The database: reach it by its URL, bring its schema up to date, say what is wrong."""

import re
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

NO_PRIVILEGE = "42501"
"""PostgreSQL's code for what an account may not do."""

NO_ROOM = "disk|unable to open|readonly"
"""What SQLite says when the folder of the home is full, or closed to this account."""

SQLITE_HINT = " Is there room on the disk, and may this account write in that folder?"

WAIT_S = 10
"""How long a writer waits for the one before it."""


def open_database(url: str, migrations: Path) -> Engine:
    """Connect and bring the schema up to date.

    Raises:
        StoreError: the URL is none, or the database cannot be reached or used, or a
            newer version of the product made it.
    """
    engine = _engine(url)
    try:
        with usable(engine):
            _bring_up_to_date(engine, url, migrations)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: Engine, url: str, migrations: Path) -> None:
    stamped = schema_version(engine)
    known = sorted(file.stem for file in (migrations / "versions").glob("*.py"))
    if stamped is not None and stamped not in known:
        name = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"{name}: expected a database of this version or an older one, came one "
            f"with schema {stamped:.32}. Use the version that made it, or a newer one."
        )
    if stamped != known[-1]:
        _migrate(url, migrations)


def _engine(url: str) -> Engine:
    """An engine for a database URL; a wrong one may hold a password, so it is not told."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            return _postgresql(url)
        engine = create_engine(address, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise StoreError(
            "PIEKWIJZER_DATABASE_URL: expected a database URL of SQLite or PostgreSQL "
            "such as postgresql+psycopg://user@host/name, came another text."
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _use_write_ahead_log)
    return engine


def _postgresql(url: str) -> Engine:
    """Whatever the server's own defaults: lasting connections, waits that end."""
    engine = create_engine(
        make_url(url),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def wait_no_longer(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_S}s'")

    return engine


@contextmanager
def usable(engine: Engine) -> Iterator[None]:
    """Tell in one line that a database is out of reach, locked, full or damaged.

    Errors in what was asked of it are mistakes of this program and pass through.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError) as error:
        if getattr(error.orig, "sqlstate", None) != NO_PRIVILEGE:
            raise
        raise _unusable(engine, error) from None
    except DatabaseError as error:
        raise _unusable(engine, error) from None


def _unusable(engine: Engine, error: DatabaseError) -> StoreError:
    name = engine.url.render_as_string(hide_password=True)
    hint = SQLITE_HINT if engine.dialect.name == "sqlite" else ""
    hint = hint if re.search(NO_ROOM, f"{error.orig}") else ""
    reason = f"{error.orig}".rstrip("?. ")
    return StoreError(f"{name}: expected a usable database; {reason}.{hint}")


def _use_write_ahead_log(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"PRAGMA busy_timeout={1000 * WAIT_S}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def schema_version(engine: Engine) -> str | None:
    """The migration a database stands at; None for a new one. Loads no Alembic."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        stamped = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        found = stamped.scalar()
    return None if found is None else str(found)


def _migrate(url: str, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
