"""What the first look at a file, the template and the terminal show when things are odd."""

import json
import resource
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from dashboard.template.making import make_template
from forecasting.errors import InputError, StoreError
from forecasting.ingest.drafting import readable
from forecasting.workspace import Workspace

HEADING = (
    "Interval start;Wachtrij;Aangeboden;Afgehaakt;Beantwoord binnen 25 s;"
    "Gem. gesprekstijd (s);Gem. nawerktijd (s)"
)


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def _telephony(file: Path, rows: list[str]) -> Path:
    file.write_text("\n".join([HEADING, *rows]), "utf-8")
    return file


def test_a_check_shows_every_filled_column_and_counts_what_is_wrong_further_on(
    tmp_path,
):
    good = [
        f"{day:02d}-11-2026 09:00;Rijbewijs;12;2;7;210,5;30" for day in range(1, 21)
    ]
    wrong = "29-03-2026 02:30;Verhuizen;3;1;1;210,5;30"
    file = _telephony(
        tmp_path / "t.csv", [*good, wrong, "21-11-2026 09:00;?;1;0;0;9;9"]
    )
    said = _run(tmp_path / "home", "check", str(file), "--source", "telephony").stdout
    heading, first, *_, last = said.splitlines()
    assert heading.split()[:5] == ["line", "start", "period_s", "location", "product"]
    assert "licence/question/phone" in first
    assert "2026-11-01 09:00 CET" in first
    assert last.startswith("22 rows in all, 2 would be rejected (")
    assert "1 x Wachtrij: unknown value" in last


def test_a_time_that_never_was_is_shown_as_none(tmp_path):
    file = _telephony(tmp_path / "t.csv", ["29-03-2026 02:30;Verhuizen;3;1;1;210,5;30"])
    said = _run(tmp_path / "home", "check", str(file), "--source", "telephony").stdout
    assert "0001" not in said
    assert "the clock skipped" in said


def test_a_name_cannot_steer_the_terminal(tmp_path):
    odd = "t\x1b[31m.csv"
    file = _telephony(tmp_path / odd, ["02-11-2026 09:00;Rijbewijs;3;1;1;210,5;30"])
    done = _run(tmp_path / "home", "import", str(file), "--source", "telephony")
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout


def test_a_template_that_cannot_be_written_is_one_line_and_leaves_no_file(
    workspace: Workspace, tmp_path: Path
):
    out = tmp_path / "t.xlsx"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(InputError, match=r"t\.xlsx: expected to write a workbook"):
            make_template(workspace, out, language="nl", filled=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not out.exists()


def test_a_full_disk_is_not_put_down_to_the_file_that_is_read(tmp_path: Path):
    with (
        pytest.raises(StoreError, match="No space left"),
        readable(tmp_path / "good.csv"),
    ):
        pl.DataFrame({"a": range(100_000)}).write_parquet("/dev/full")


def test_a_number_that_no_note_can_have_and_a_wrong_day_are_one_line(tmp_path):
    from tests.typed import typed

    for number in ("9" * 20, "9" * 10, "0"):
        done = typed("exclusions", "withdraw", number, home=tmp_path)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
    done = typed("forget", "--before", "01-02-2026", home=tmp_path)
    assert done.returncode == 2
    assert "Value error" not in done.stderr


def test_a_backup_of_an_empty_home_warns_that_nothing_is_in_it(tmp_path):
    home = tmp_path / "typo"
    done = _run(home, "backup", str(tmp_path / "b.tgz"))
    assert f"is {home} the right home?" in done.stdout


def test_a_check_counts_rows_that_come_again_as_the_import_does(tmp_path):
    row = "02-11-2026 09:00;Rijbewijs;{};1;1;210,5;30"
    file = _telephony(tmp_path / "t.csv", [row.format(n) for n in (3, 4, 5)])
    words = (str(file), "--source", "telephony")
    seen = json.loads(_run(tmp_path / "home", "check", *words, "--json").stdout)
    done = _run(tmp_path / "home", "import", *words, "--json", "--max-rejects", "90%")
    assert seen["problems"] == json.loads(done.stdout)["reasons"]
    assert sum(seen["problems"].values()) == 2


def test_an_entry_of_the_trail_stays_one_line_whoever_made_it(tmp_path):
    period = ("--from", "2026-02-02", "--to", "2026-02-06")
    words = ["exclusions", "add", *period, "--reason", "x", "--home", str(tmp_path)]
    CliRunner().invoke(app, words, env={"PIEKWIJZER_ACTOR": "me\n9\tforged"})
    assert len(_run(tmp_path, "status", "--audit").stdout.splitlines()) == 3
