"""An empty home on SQLite, copied and not migrated anew each time."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from forecasting.runs import open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace


@cache
def migrated() -> bytes:
    """The content of an empty database with every table."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "piekwijzer.db"
        open_ledger(f"sqlite:///{file}", Settings().migrations).engine.dispose()
        return file.read_bytes()


def open_home(settings: Settings) -> Workspace:
    """Open a home; a new one gets the empty database first."""
    file = settings.home / "piekwijzer.db"
    if not file.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        file.write_bytes(migrated())
    return Workspace.open(settings)
