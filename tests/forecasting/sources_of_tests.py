"""Two small sources that tests of imports read with, and a home that knows them."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import polars as pl

from forecasting.ingest import ImportResult, import_file
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.empty_home import open_home

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
EVENTS = """
kind = "contacts"
label = "test"
zone = "Europe/Amsterdam"
constants = { location = "hall", product = "general/visit/walk_in" }
identity = ["id"]
[fields.start]
column = "at"
formats = ["%d-%m-%Y %H:%M"]
[fields.handling_s]
column = "minutes"
multiply = 60
[csv]
separator = ";"
decimal = ","
"""
COUNTS = """
kind = "contacts"
label = "test"
zone = "Europe/Amsterdam"
constants = { period_s = 900, location = "hall" }
[fields.start]
column = "at"
formats = ["%d-%m-%Y %H:%M"]
[fields.product]
column = "what"
values = { a = "general/question/phone", b = "move/question/phone" }
[fields.count]
column = "n"
[csv]
separator = ";"
"""


def home(folder: Path, mapping: str = EVENTS) -> Workspace:
    """An empty home that knows one source, `test`."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True, exist_ok=True)
    (config / "sources" / "test.toml").write_text(mapping, "utf-8")
    copyfile(Settings().config / "catalogue.toml", config / "catalogue.toml")
    return open_home(Settings(home=folder / "home", config=config))


def bring(
    workspace: Workspace,
    file: Path,
    text: str | bytes,
    *,
    max_rejects: float = 0.02,
    instead: bool = False,
) -> ImportResult:
    """Write a file and import it."""
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_file(
        workspace, file, "test", now=NOW, max_rejects=max_rejects, instead=instead
    )


def contacts(workspace: Workspace) -> pl.DataFrame:
    """The rows that count."""
    return workspace.imported("contacts").sort("start", "row_id").collect()
