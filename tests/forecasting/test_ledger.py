"""The ledger and the lake: what is recorded is seen, what is not recorded is not."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from forecasting.errors import MissingStepError
from forecasting.lake import Lake
from forecasting.runs import ImportRecord, Ledger, RunKey, open_ledger
from forecasting.settings import Settings
from forecasting.workspace import Workspace

MIGRATIONS = Settings().migrations


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        found = open_ledger(f"sqlite:///{tmp_path / 'test.db'}", MIGRATIONS)
        yield found
        found.engine.dispose()
        return
    found = open_ledger(request.getfixturevalue("postgres_url"), MIGRATIONS)
    yield found
    with found.engine.begin() as connection:
        connection.execute(text("DROP TABLE imports, runs, alembic_version"))
    found.engine.dispose()


def _import(now: datetime, name: str = "a") -> ImportRecord:
    return ImportRecord(
        id=name,
        source="jcc",
        kind="contacts",
        file="bookings.csv",
        sha256=name * 8,
        rows_imported=3,
        rows_rejected=1,
        at=now,
    )


def test_an_import_is_found_by_its_content(ledger: Ledger, now: datetime):
    ledger.record(_import(now))
    found = ledger.find_import("jcc", "aaaaaaaa")
    assert found is not None
    assert (found.rows_imported, found.at) == (3, now)
    assert ledger.find_import("qmatic", "aaaaaaaa") is None


def test_imports_are_listed_by_kind(ledger: Ledger, now: datetime):
    ledger.record(_import(now))
    assert [record.id for record in ledger.imports("contacts")] == ["a"]
    assert ledger.imports("expiries") == []


def test_opening_twice_keeps_what_is_there(tmp_path: Path, now: datetime):
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    open_ledger(url, MIGRATIONS).record(_import(now))
    assert len(open_ledger(url, MIGRATIONS).imports()) == 1


def test_the_same_inputs_give_the_same_run_id():
    key = RunKey("forecast", "c", ("b", "a"), {"week": "2027-W02"}, 0)
    assert key.id == RunKey("forecast", "c", ("a", "b"), {"week": "2027-W02"}, 0).id
    assert key.id != RunKey("forecast", "c", ("a", "b"), {"week": "2027-W02"}, 1).id
    assert key.id != RunKey("forecast", "d", ("a", "b"), {"week": "2027-W02"}, 0).id


def test_a_run_is_found_by_its_parameters(workspace: Workspace, now: datetime):
    key = workspace.key("roster", [], {"week": "2027-W02"}, seed=0)
    frame = pl.DataFrame({"person": ["M1"]})
    stored = workspace.store(key, {"shifts": frame}, {"hard_violations": 0}, now=now)
    run = workspace.latest("roster", week="2027-W02")
    assert (run.id, run.figures) == (stored.id, {"hard_violations": 0})
    assert workspace.table(run, "shifts").collect().equals(frame)


def test_a_missing_step_names_its_command(workspace: Workspace):
    with pytest.raises(MissingStepError, match="piekwijzer roster --week 2027-W02"):
        workspace.latest("roster", week="2027-W02")
    with pytest.raises(MissingStepError, match="piekwijzer import"):
        workspace.imported("contacts")


def test_a_table_without_a_committed_import_is_not_read(
    workspace: Workspace, now: datetime
):
    workspace.lake.write("contacts", "a", pl.DataFrame({"x": [1]}))
    assert not workspace.has_imported("contacts")
    workspace.ledger.record(_import(now))
    assert workspace.imported("contacts").collect().height == 1


def test_a_failed_write_leaves_the_table_as_it_was(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.write("demand", "run", pl.DataFrame({"x": [1]}))
    broken = pl.LazyFrame({"x": ["a"]}).select(pl.col("x").cast(pl.Int64))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        lake.write("demand", "run", broken)
    seen = lake.scan("demand", ["run"])
    assert seen is not None
    assert seen.collect()["x"].to_list() == [1]
    assert [file.name for file in (tmp_path / "demand").iterdir()] == ["run.parquet"]


def test_a_naive_moment_is_refused(ledger: Ledger):
    with pytest.raises(Exception, match="naive"):
        ledger.record(_import(datetime(2026, 1, 1)))  # noqa: DTZ001
