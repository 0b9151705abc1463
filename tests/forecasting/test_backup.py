"""Backup and restore: the same home again, on any engine; damaged files change nothing."""

import os
import shutil
import threading
from datetime import date, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from forecasting.audit import lifted
from forecasting.errors import InputError, StoreError
from forecasting.keeping import back_up, restore, restoring
from forecasting.keeping.dumping import dump
from forecasting.notes import Exclusion
from forecasting.planner import add, standing_exclusions
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.conftest import Home
from tests.forecasting.small_home import NOW, bring, fill, lake_files, write_bookings


def _dumped(workspace: Workspace, folder: Path) -> dict[str, list[str]]:
    """Every table as text, less what backing up and restoring tell of themselves."""
    folder.mkdir()
    with workspace.ledger.snapshot() as session:
        dump(session, folder)
    tables = {
        file.stem: file.read_text("utf-8").splitlines() for file in folder.iterdir()
    }
    own = ('"action": "backup"', '"action": "restore"')
    tables["audit"] = [
        line for line in tables["audit"] if not any(act in line for act in own)
    ]
    del tables["audit_head"]
    return tables


def _frames(workspace: Workspace) -> dict[str, pl.DataFrame]:
    found = {
        dataset: workspace.imported(dataset).collect()
        for dataset in ("contacts", "slots", "bookings", "references", "rejects")
    }
    run = workspace.latest("forecast")
    return {**found, "forecast": workspace.table(run, "forecast").collect()}


def _same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(frame.equals(other[name]) for name, frame in one.items())


def test_a_home_goes_from_engine_to_engine_and_back_unchanged(
    new_home: Home, tmp_path: Path
):
    home = new_home("home", "sqlite")
    fill(home, tmp_path)
    tables, frames = _dumped(home, tmp_path / "first"), _frames(home)
    for place, engine in enumerate(["postgresql", "sqlite"]):
        file = tmp_path / f"backup-{place}"
        back_up(home, file, now=NOW)
        home = new_home(f"home-{place}", engine)
        restore(home, file, now=NOW)
        assert _dumped(home, tmp_path / f"after-{place}") == tables
        assert _same(frames, _frames(home))
        assert home.ledger.prove().broken is None


def test_after_a_restore_work_goes_on(any_workspace: Workspace, new_home: Home):
    folder = any_workspace.settings.home
    fill(any_workspace, folder)
    back_up(any_workspace, folder / "backup", now=NOW)
    engine = any_workspace.ledger.engine.dialect.name
    home = new_home("other", engine)
    restore(home, folder / "backup", now=NOW)
    assert bring(home, folder / "bookings.csv").already
    noted = add(home, Exclusion(date(2026, 3, 1), date(2026, 3, 1), "x"), now=NOW)
    assert [record.id for record in standing_exclusions(home)] == [1, noted]
    bring(home, write_bookings(folder / "more.csv", date(2026, 4, 1), 3))
    assert home.imported("contacts").collect().height == 69
    trail = home.ledger.trail()
    assert [entry.action for entry in trail][-3:] == ["restore", "note", "import"]
    assert home.ledger.prove().broken is None


def test_the_trail_tells_of_a_backup_by_its_hash_and_the_file_is_private(
    workspace: Workspace, tmp_path: Path
):
    made = back_up(workspace, tmp_path / "backup", now=NOW)
    entry = workspace.ledger.trail()[-1]
    assert (entry.action, entry.subject) == ("backup", "backup")
    assert made.sha256 in entry.detail
    assert made.file.stat().st_mode & 0o077 == 0
    assert made.size == made.file.stat().st_size


def test_a_backup_never_overwrites(workspace: Workspace, tmp_path: Path):
    (tmp_path / "backup").write_text("mine")
    with pytest.raises(InputError, match="expected a new file"):
        back_up(workspace, tmp_path / "backup", now=NOW)
    with pytest.raises(InputError, match="expected a folder"):
        back_up(workspace, tmp_path / "none" / "backup", now=NOW)
    assert (tmp_path / "backup").read_text() == "mine"
    assert workspace.ledger.trail() == []


def test_a_backup_while_imports_commit_is_of_one_moment(
    any_workspace: Workspace, new_home: Home, tmp_path: Path
):
    fill(any_workspace, tmp_path)
    files = [
        write_bookings(tmp_path / f"{place}.csv", days=20 + place)
        for place in range(1, 5)
    ]
    importer = threading.Thread(
        target=lambda: [bring(any_workspace, file) for file in files]
    )
    importer.start()
    made = [back_up(any_workspace, tmp_path / "one", now=NOW)]
    while importer.is_alive() and len(made) < 4:
        made.append(back_up(any_workspace, tmp_path / f"b{len(made)}", now=NOW))
    importer.join()
    for place, backup in enumerate(made):
        home = new_home(f"copy-{place}")
        restore(home, backup.file, now=NOW)
        rows = home.imported("contacts").select(pl.len()).collect().item()
        slots = home.imported("slots").select(pl.col("count").sum()).collect().item()
        assert rows == slots
        assert rows in {60 + 3 * more for more in range(5)}
        assert home.ledger.prove().broken is None


def test_a_broken_audit_trail_is_kept_as_it_is_and_told(new_home: Home, tmp_path: Path):
    source, home = new_home("source"), new_home("home", "postgresql")
    fill(source, tmp_path)
    with source.ledger.reading() as session, session.begin(), lifted(session):
        session.execute(text("DELETE FROM audit WHERE place = 2"))
    made = back_up(source, tmp_path / "backup", now=NOW)
    assert made.broken == 2
    assert restore(home, made.file, now=NOW).broken == 2
    assert home.ledger.prove().broken == 2
    assert _same(_frames(source), _frames(home))


def test_a_table_that_is_gone_is_named_and_no_backup_is_left(
    workspace: Workspace, tmp_path: Path
):
    fill(workspace, tmp_path)
    part = workspace.ledger.parts("contacts")[0]
    workspace.lake.part_path(part).unlink()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(StoreError, match=part.file):
        back_up(workspace, out / "backup", now=NOW)
    assert list(out.iterdir()) == []


def test_a_home_in_use_is_refused_and_with_replace_becomes_the_backup(
    any_workspace: Workspace, new_home: Home, tmp_path: Path
):
    source = new_home("source")
    fill(source, tmp_path)
    back_up(source, tmp_path / "backup", now=NOW)
    later = write_bookings(tmp_path / "x.csv", date(2026, 6, 1))
    bring(any_workspace, later)
    key = any_workspace.key("forecast", source.holders("slots"), {}, seed=0)
    other = pl.DataFrame({"series": ["of this home"], "mean": [1.0]})
    any_workspace.store(key, {"forecast": other}, {}, now=NOW)
    head = any_workspace.ledger.prove().head
    before = lake_files(any_workspace)
    with pytest.raises(InputError, match="--replace"):
        restore(any_workspace, tmp_path / "backup", now=NOW)
    assert lake_files(any_workspace) == before
    restore(any_workspace, tmp_path / "backup", replace=True, now=NOW)
    assert _same(_frames(source), _frames(any_workspace))
    assert lake_files(any_workspace) == lake_files(source)
    assert head in any_workspace.ledger.trail()[-1].detail
    bring(any_workspace, later)
    assert any_workspace.imported("contacts").collect().height == 120


def test_the_policy_in_use_stays_and_that_of_the_backup_stands_beside_it(
    new_home: Home, tmp_path: Path
):
    source, home = new_home("source"), new_home("home")
    back_up(source, tmp_path / "backup", now=NOW)
    assert restore(home, tmp_path / "backup", now=NOW).policy is None
    config = tmp_path / "config"
    shutil.copytree(home.settings.config, config)
    (config / "calendar.toml").write_text("zone = 'Europe/Brussels'\n")
    settings = home.settings.model_copy(update={"config": config})
    other = Workspace.open(settings)
    policy = restore(other, tmp_path / "backup", now=NOW).policy
    other.ledger.engine.dispose()
    assert policy is not None
    assert (policy / "calendar.toml").read_bytes() == (
        home.settings.config / "calendar.toml"
    ).read_bytes()
    assert "Brussels" in (config / "calendar.toml").read_text()


@pytest.mark.parametrize("marked", [True, False])
def test_a_restored_home_says_whether_its_town_is_an_invented_one(
    new_home: Home, tmp_path: Path, *, marked: bool
):
    source, home = new_home("source"), new_home("home")
    (home.settings.home / "SYNTHETIC.txt").write_text("an earlier one")
    if marked:
        (source.settings.home / "SYNTHETIC.txt").write_text("village")
    back_up(source, tmp_path / "backup", now=NOW)
    restore(home, tmp_path / "backup", now=NOW)
    assert (home.settings.home / "SYNTHETIC.txt").exists() == marked


def restore_until(moment: str, settings: Settings, file: Path) -> None:
    """Restore in this process, and end it at once after one of its steps."""
    whole = getattr(restoring, moment)

    def cut_short(*given, **named) -> None:
        whole(*given, **named)
        os._exit(9)

    setattr(restoring, moment, cut_short)
    restore(Workspace.open(settings), file, replace=True, now=NOW)


@pytest.mark.parametrize(
    ("moment", "engine"),
    [
        ("unpack", "sqlite"),
        ("_place", "sqlite"),
        ("load", "sqlite"),
        ("load", "postgresql"),
        ("_count", "sqlite"),
    ],
)
def test_a_restore_that_is_killed_leaves_the_home_as_before_or_after(
    moment: str,
    engine: str,
    new_home: Home,
    tmp_path: Path,
    forkserver: ForkServerContext,
):
    source, any_workspace = new_home("source"), new_home("home", engine)
    fill(source, tmp_path)
    back_up(source, tmp_path / "backup", now=NOW)
    bring(any_workspace, write_bookings(tmp_path / "own.csv", date(2026, 6, 1)))
    before = any_workspace.imported("contacts").collect()
    given = (moment, any_workspace.settings, tmp_path / "backup")
    process = forkserver.Process(target=restore_until, args=given)
    process.start()
    process.join()
    assert process.exitcode == 9
    rows = any_workspace.imported("contacts").collect()
    after = source.imported("contacts").collect()
    assert rows.equals(after if moment == "_count" else before)
    assert any_workspace.ledger.prove().broken is None
    restore(any_workspace, tmp_path / "backup", replace=True, now=NOW)
    assert lake_files(any_workspace) == lake_files(source)


def test_what_this_home_had_forgotten_and_the_backup_had_not_is_told(
    new_home: Home, tmp_path: Path
):
    from forecasting.keeping import forget
    from tests.forecasting.small_home import TARGETS

    home = new_home("home")
    fill(home, tmp_path)
    back_up(home, tmp_path / "backup", now=NOW)
    day = date(2026, 3, 1)
    forget(home, day, targets=TARGETS, now=NOW)
    done = restore(home, tmp_path / "backup", replace=True, now=NOW)
    assert done.forgotten == day
    assert home.imported("contacts").collect().height == 60
    forget(home, done.forgotten, targets=TARGETS, now=NOW + timedelta(hours=1))
    back_up(home, tmp_path / "again", now=NOW)
    other = new_home("other")
    assert restore(other, tmp_path / "again", now=NOW).forgotten is None
    assert other.ledger.forgotten_before() == day
