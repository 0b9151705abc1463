"""The commands that look after the store: what they say, and what they leave behind."""

import json
import os
import re
import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.forgetting import forget_before
from dashboard.intake import TARGETS
from forecasting.audit import START
from forecasting.ingest import import_file
from forecasting.records import ImportRecord
from forecasting.workspace import Workspace
from staffing.staff_tables import Absence, People, completed
from staffing.tables import Activities, Coverage, Shifts
from tests.adopting import adopt
from tests.conftest import Home
from tests.forecasting.small_home import NOW, fill

BEFORE = date(2026, 3, 4)
PERIOD = ("--from", "2026-02-02", "--to", "2026-02-06")


def _piekwijzer(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def _said(home: Path, *words: str) -> dict[str, object]:
    done = _piekwijzer(home, *words, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def _refused(home: Path, *words: str) -> str:
    done = _piekwijzer(home, *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    ("group", "own"),
    [
        ("exclusions", ()),
        ("events", ("--name", "half-term")),
        ("adjustments", ("--factor", "1.2")),
    ],
)
def test_a_note_is_added_listed_and_withdrawn(
    tmp_path: Path, group: str, own: tuple[str, ...]
):
    words = ("--reason", "storm", "--series", "*/passport/*/*")
    assert _said(tmp_path, group, "add", *PERIOD, *words, *own)["id"] == 1
    listed = _said(tmp_path, group, "list")[group]
    assert isinstance(listed, list)
    assert listed[0]["series"] == "*/passport/*/*"
    assert "storm" in _piekwijzer(tmp_path, group, "list").stdout
    _said(tmp_path, group, "withdraw", "1")
    assert _said(tmp_path, group, "list")[group] == []
    assert "standing" in _refused(tmp_path, group, "withdraw", "1")
    assert "--reason" in _refused(tmp_path, group, "add", *PERIOD, "--reason", "", *own)


def test_the_audit_trail_is_proved_against_a_head_kept_in_a_file(tmp_path: Path):
    _said(tmp_path, "exclusions", "add", *PERIOD, "--reason", "storm")
    printed = _piekwijzer(tmp_path, "status", "--audit").stdout
    assert "whole: 1 entries" in printed
    assert "note\texclusion 1" in printed
    kept = tmp_path / "head.txt"
    kept.write_text(printed)
    _said(tmp_path, "exclusions", "withdraw", "1")
    found = _said(tmp_path, "status", "--audit", "--head", str(kept))
    assert found["entries"] == 2
    done = _piekwijzer(tmp_path, "status", "--audit", "--head", str(kept))
    assert "kept is in the trail" in done.stdout
    assert "rewritten" in _refused(tmp_path, "status", "--audit", "--head", "a" * 64)
    assert "64 hex digits" in _refused(tmp_path, "status", "--audit", "--head", "x")
    assert "--audit" in _refused(tmp_path, "status", "--head", "a" * 64)


def test_a_broken_trail_is_one_line_that_names_the_entry(tmp_path: Path):
    import sqlite3

    for _ in range(3):
        _said(tmp_path, "exclusions", "add", *PERIOD, "--reason", "storm")
    with sqlite3.connect(tmp_path / "piekwijzer.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET \"by\" = 'nobody' WHERE place = 2")
    connection.close()
    assert "broken at entry 2" in _refused(tmp_path, "status", "--audit")
    assert "broken at entry 2" in _refused(tmp_path, "status", "--audit", "--json")


def test_after_backup_and_restore_the_status_is_the_same(
    new_home: Home, tmp_path: Path
):
    source, file = new_home("source"), tmp_path / "backup.tgz"
    fill(source, tmp_path)
    url = source.settings.url
    env = {"PIEKWIJZER_DATABASE_URL": url}
    words = ["--home", str(source.settings.home)]
    runner = CliRunner()
    made = runner.invoke(app, ["backup", str(file), *words], env=env)
    assert re.search(r"SHA-256: [0-9a-f]{64}", made.stdout)
    status = runner.invoke(app, ["status", "--json", *words], env=env).stdout
    home = tmp_path / "restored"
    assert "Restored" in _piekwijzer(home, "restore", str(file)).stdout
    assert _piekwijzer(home, "status", "--json").stdout == status
    assert "without imports and runs" in _refused(home, "restore", str(file))
    assert _said(home, "restore", str(file), "--replace")["policy"] is None


def test_what_was_forgotten_stays_forgotten_when_an_older_backup_comes_back(
    tmp_path: Path, new_home: Home
):
    source, file, home = new_home("source"), tmp_path / "backup.tgz", tmp_path / "home"
    fill(source, tmp_path)
    CliRunner().invoke(
        app,
        ["backup", str(file), "--home", str(source.settings.home)],
        env={"PIEKWIJZER_DATABASE_URL": source.settings.url},
    )
    _said(home, "restore", str(file))
    words = ("forget", "--before", f"{BEFORE}")
    assert "36 of contacts" in _piekwijzer(home, *words).stdout
    done = _said(home, "restore", str(file), "--replace")
    assert done["forgotten_again"] == str(BEFORE)
    assert _said(home, *words)["forgotten"] == {}


def _adopt(
    workspace: Workspace, name: str, at: datetime, **tables: pl.DataFrame
) -> None:
    record = ImportRecord(
        id=name,
        source=name,
        kind=next(iter(tables)),
        file=name,
        sha256=name,
        rows_imported=1,
        rows_rejected=0,
        at=at,
    )
    adopt(workspace, record, tables, now=at)


def _people(*codes: str, last: date | None = None) -> pl.DataFrame:
    rows = pl.DataFrame(
        {
            "code": list(codes),
            "label": [f"Medewerker {code}" for code in codes],
            "location": "stadhuis",
            "contract_hours": 36.0,
            "working_days": [["mon", "tue"]] * len(codes),
            "skills": [["counter"]] * len(codes),
            "last": pl.Series([last] * len(codes), dtype=pl.Date),
        }
    )
    return People.validate(completed(People, rows).select(People.column_names()))


def _absence(**ends: date) -> pl.DataFrame:
    rows = {"code": list(ends), "first": [date(2025, 1, 1)] * len(ends)}
    return Absence.validate(pl.DataFrame({**rows, "last": list(ends.values())}))


def test_staff_who_left_are_forgotten_with_their_absence(workspace: Workspace):
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    _adopt(workspace, "old-list", long_ago, people=_people("A", "B"))
    _adopt(workspace, "ended", NOW, people=_people("C", last=date(2026, 1, 31)))
    _adopt(workspace, "new-list", NOW + timedelta(hours=1), people=_people("A", "D"))
    ends = {"A": BEFORE, "B": BEFORE, "C": BEFORE, "D": date(2025, 2, 1)}
    _adopt(workspace, "absence", NOW, absence=_absence(**ends))
    rows = forget_before(workspace, BEFORE, now=NOW + timedelta(hours=2))
    assert rows == {"people": 2, "absence": 3}
    left = workspace.imported("people").select("code").unique().collect()["code"]
    assert set(left) == {"A", "D"}
    assert workspace.imported("absence").collect()["code"].to_list() == ["A"]


def test_staff_of_a_list_that_is_still_the_newest_stays(workspace: Workspace):
    _adopt(workspace, "list", datetime(2025, 1, 1, tzinfo=UTC), people=_people("A"))
    assert forget_before(workspace, BEFORE, now=NOW) == {}


def _roster(workspace: Workspace, week: str, monday: date) -> str:
    start = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(hours=9)
    shift = {
        "person": "A",
        "day": monday,
        "location": "stadhuis",
        "start": start,
        "end": start + timedelta(hours=8),
        "break_start": None,
        "break_end": None,
    }
    place = {"start": start, "location": "stadhuis", "skill": "counter"}
    tables = {
        "shifts": pl.DataFrame([shift], schema=Shifts.create_empty().schema),
        "activities": pl.DataFrame(
            [{"person": "A", **place}], schema=Activities.create_empty().schema
        ),
        "coverage": pl.DataFrame(
            [{**place, "required": 1, "rostered": 1}],
            schema=Coverage.create_empty().schema,
        ),
    }
    key = workspace.key("roster", [], {"week": week}, seed=0)
    run = workspace.store(key, tables, {"hard_violations": 0}, now=NOW)
    folder = workspace.lake.root / "roster"
    folder.mkdir(exist_ok=True)
    for suffix in (".json", ".instance.json"):
        (folder / f"{run.id}{suffix}").write_text('{"person": "A"}')
    exports = workspace.settings.exports
    exports.mkdir(exist_ok=True)
    (exports / f"rooster-{week}.csv").write_text("A")
    return run.id


def test_rosters_of_weeks_that_ended_lose_who_worked_when(workspace: Workspace):
    past = _roster(workspace, "2026-W09", date(2026, 2, 23))
    current = _roster(workspace, "2026-W10", date(2026, 3, 2))
    rows = forget_before(workspace, BEFORE, now=NOW)
    assert rows == {"rosters": 2, "files": 1}
    runs = {run.id: run for run in workspace.ledger.runs("roster")}
    assert workspace.table(runs[past], "shifts").collect().is_empty()
    assert workspace.table(runs[past], "activities").collect().is_empty()
    assert workspace.table(runs[past], "coverage").collect().height == 1
    assert workspace.table(runs[current], "shifts").collect().height == 1
    kept = {file.name for file in (workspace.lake.root / "roster").iterdir()}
    assert kept == {f"{current}.json", f"{current}.instance.json"}
    exported = [file.name for file in workspace.settings.exports.iterdir()]
    assert exported == ["rooster-2026-W10.csv"]


def test_old_uploads_and_logs_go_and_young_ones_stay(workspace: Workspace):
    home = workspace.settings.home
    old, young = home / "uploads" / "a" / "x.csv", home / "jobs" / "b" / "log.txt"
    midnight = datetime(2026, 3, 3, 23, tzinfo=UTC).timestamp()  # in the Netherlands
    for file, moment in ((old, midnight - 1), (young, midnight)):
        file.parent.mkdir(parents=True)
        file.write_text("x")
        os.utime(file, (moment, moment))
    assert forget_before(workspace, BEFORE, now=NOW) == {"files": 1}
    assert not old.parent.exists()
    assert young.exists()


def test_staff_whose_employment_ended_are_not_taken_in_again(
    workspace: Workspace, tmp_path: Path
):
    forget_before(workspace, BEFORE, now=NOW)
    ends = "Code;Van;Tot en met\nA;2026-01-01;2026-01-05\nB;2026-03-01;2026-03-09\n"
    (tmp_path / "absence.csv").write_text(ends)
    import_file(
        workspace, tmp_path / "absence.csv", "absence", targets=TARGETS, now=NOW
    )
    assert workspace.imported("absence").collect()["code"].to_list() == ["B"]


def test_the_commands_of_the_page_on_the_store_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = Path(__file__).resolve().parents[2] / "docs" / "store.md"
    commands = re.findall(r"^    piekwijzer (.+)$", page.read_text("utf-8"), re.M)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "head.txt").write_text(START)
    for command in commands:
        words = shlex.split(command)
        home = [] if "--home" in words else ["--home", "home"]
        done = CliRunner().invoke(app, [*words, *home])
        assert done.exit_code == 0, f"{command}: {done.output}"
    assert len(commands) == 10
