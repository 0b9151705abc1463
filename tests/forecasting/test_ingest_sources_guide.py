"""The guide to new sources: its example is run, and its tables name every key there is."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from forecasting.ingest import REGISTRY_TARGETS, import_file
from forecasting.ingest.mapping import FieldMapping, SourceMapping
from forecasting.settings import PACKAGE, Settings
from forecasting.workspace import Workspace

GUIDE = (PACKAGE.parent / "docs" / "sources.md").read_text("utf-8")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found.group(1)


def table() -> list[tuple[str, ...]]:
    """The rows of the first table after `It is read as`."""
    after = GUIDE.split("It is read as:")[1].strip().split("\n\n")[0]
    rows = after.splitlines()[2:]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]


def test_the_worked_example_is_read_as_the_guide_says(tmp_path: Path):
    config = tmp_path / "config"
    shutil.copytree(Settings().config, config)
    (config / "sources" / "exchange.toml").write_text(block("toml"), "utf-8")
    (tmp_path / "calls.csv").write_bytes(block("csv").encode("cp1252"))
    workspace = Workspace.open(Settings(home=tmp_path / "home", config=config))
    result = import_file(workspace, tmp_path / "calls.csv", "exchange", now=NOW)
    assert (result.rows_rejected, result.rows_left_out) == (0, 1)
    found = workspace.imported("contacts").sort("start", "service").collect()
    numbers = [pl.col(name).cast(pl.Int64).cast(pl.String) for name in NUMBERS]
    start = pl.col("start").dt.to_string("%Y-%m-%d %H:%M")
    assert found.select(start, "service", *numbers).rows() == table()


NUMBERS = ("count", "abandoned", "in_time", "handling_s")


def test_the_guide_explains_every_key_of_a_mapping_and_every_kind():
    explained = set(re.findall(r"`(\w+)`", GUIDE))
    keys = {*SourceMapping.model_fields, *FieldMapping.model_fields}
    assert keys - {"label", "fields", "shift_weeks"} <= explained
    assert {"contacts", "expiries", *REGISTRY_TARGETS} <= explained
