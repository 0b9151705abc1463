"""The lake: tables are whole or absent, only what the ledger names counts."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import StoreError
from forecasting.lake import DRAFTS, Lake
from forecasting.records import ImportRecord
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.forecasting.small_home import NOW, bring, write_bookings

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _record(now: datetime) -> ImportRecord:
    return ImportRecord(
        id="jcc-1",
        source="jcc",
        kind="contacts",
        file="a.csv",
        sha256="aa",
        rows_imported=1,
        rows_rejected=0,
        at=now,
    )


def _file(lake: Lake, path: str) -> Path:
    file = lake.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"x": [1]}).write_parquet(file)
    os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    return file


def test_a_table_without_a_committed_import_is_not_read(
    workspace: Workspace, now: datetime
):
    _file(workspace.lake, "contacts/source=jcc/stray.parquet")
    assert not workspace.has_imported("contacts")
    adopt(workspace, _record(now), {"contacts": pl.DataFrame({"x": [2]})}, now=now)
    assert workspace.imported("contacts").collect()["x"].to_list() == [2]


def test_a_failed_write_leaves_the_table_as_it_was(tmp_path: Path):
    lake = Lake(tmp_path)
    lake.write("demand", "run", pl.DataFrame({"x": [1]}))
    broken = pl.LazyFrame({"x": ["a"]}).select(pl.col("x").cast(pl.Int64))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        lake.write("demand", "run", broken)
    seen = lake.scan("demand", "run")
    assert seen is not None
    assert seen.collect()["x"].to_list() == [1]
    assert [file.name for file in (tmp_path / "demand").iterdir()] == ["run.parquet"]


@pytest.mark.parametrize("damage", ["gone", "cut off"])
def test_a_part_that_is_gone_or_damaged_is_named(
    workspace: Workspace, now: datetime, damage: str
):
    adopt(workspace, _record(now), {"contacts": pl.DataFrame({"x": [2]})}, now=now)
    file = workspace.lake.part_path(workspace.ledger.parts()[0])
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(StoreError, match=r"jcc-1\.parquet"):
        workspace.imported("contacts")


def test_sweeping_takes_only_what_is_old_and_nobody_names(
    workspace: Workspace, now: datetime
):
    lake = workspace.lake
    adopt(workspace, _record(now), {"contacts": pl.DataFrame({"x": [2]})}, now=now)
    kept = [lake.part_path(part) for part in workspace.ledger.parts()]
    kept.append(_file(lake, "demand/forecast-1.parquet"))
    young = _file(lake, "contacts/source=jcc/young.parquet")
    os.utime(young)
    old = _file(lake, "contacts/source=jcc/old.parquet")
    today = datetime.fromtimestamp(young.stat().st_mtime, UTC) + timedelta(minutes=1)
    lake.sweep(workspace.ledger.parts(), {"forecast-1"}, today)
    assert not old.exists()
    assert all(file.exists() for file in [*kept, young])


def test_parts_that_made_way_just_now_are_spared_for_who_reads_them(
    workspace: Workspace, tmp_path: Path
):
    bring(workspace, write_bookings(tmp_path / "a.csv"))
    old = [workspace.lake.part_path(part) for part in workspace.ledger.parts()]
    reading = workspace.imported("contacts")
    for file in old:
        os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    for place in (1, 2):
        more = write_bookings(
            tmp_path / f"b{place}.csv", status="noshow", days=20 + place
        )
        bring(workspace, more, now=NOW + timedelta(minutes=place))
    assert reading.collect().height == 60


def test_purging_leaves_named_parts_and_tables_of_runs_and_ones_own_desk(
    workspace: Workspace, now: datetime
):
    lake = workspace.lake
    adopt(workspace, _record(now), {"contacts": pl.DataFrame({"x": [2]})}, now=now)
    named = lake.part_path(workspace.ledger.parts()[0])
    run = _file(lake, "demand/forecast-1.parquet")
    strays = [
        _file(lake, "contacts/source=jcc/month=2026-01/stray.parquet"),
        _file(lake, "rejects/source=jcc/stray.parquet"),
        _file(lake, f"{DRAFTS}/killed/part.parquet"),
    ]
    with lake.desk(alone=True) as desk:
        own = desk / "own.parquet"
        own.write_text("x")
        lake.purge(workspace.ledger.parts(), desk)
        assert own.exists()
    assert named.exists()
    assert run.exists()
    assert not any(stray.exists() for stray in strays)


HOLD = """
import sys, time
from pathlib import Path
from forecasting.lake import Lake
with Lake(Path(sys.argv[1])).held(alone=sys.argv[2] == "alone"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [("shared", "shared", False), ("shared", "alone", True)],
)
def test_who_cleans_up_waits_for_importers_and_they_for_it(
    tmp_path: Path, first: str, second: str, *, waits: bool
):
    def hold(how: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with hold(first) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "held\n"
        with hold(second) as other:
            assert other.stdout is not None
            os.set_blocking(other.stdout.fileno(), False)
            assert _came(other, within_s=0.5 if waits else 20) is not waits
            one.kill()  # a process that dies lets go
            assert _came(other, within_s=20)
            other.communicate()
        one.communicate()


def _came(process: "subprocess.Popen[str]", *, within_s: float) -> bool:
    import selectors

    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return bool(selector.select(within_s))
