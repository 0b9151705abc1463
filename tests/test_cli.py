"""The command line: help that starts at once, one clear line for what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.typed import typed

ROOT = Path(__file__).resolve().parents[1]
KEYS = {
    "rows_imported",
    "rows_rejected",
    "series",
    "horizon_days",
    "wape",
    "wape_last_year",
    "required_hours",
    "rostered_hours",
    "hard_violations",
    "within_25s",
    "peak_week",
    "peak_load_hours",
    "letters_planned",
}
"""What `status --json` holds at least."""
HEAVY = ("polars", "pandas", "numba", "ortools", "prophet", "streamlit", "sqlalchemy")


def piekwijzer(
    *words: str, home: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    options = [] if home is None else ["--home", str(home)]
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *words, *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['piekwijzer', '--help']\n"
        "from dashboard.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stderr.strip() == "[]"
    assert "Run the whole chain" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("roster", "--weak", "3"),
        ("roster", "--week", "3"),
        ("import", "absent.csv"),
        ("import", "absent.csv", "--source", "jcc"),
        ("import", "absent.csv", "--source", "../jcc"),
        ("import", "README.md", "--source", "jcc", "--max-rejects", "many"),
        ("forecast",),
        ("forecast", "--seed", "-1"),
        ("roster", "--week", "9999-W52"),
        ("roster", "--seed", "99999999999999999999"),
        ("roster", "--time-limit", "nan"),
        ("status", "--config", "no/such/folder"),
        ("requirement",),
        ("roster", "--week", "2027-W02"),
        ("simulate", "--week", "2027-W02"),
        ("reminders", "plan"),
        ("reminders", "show"),
        ("reminders", "effect"),
        ("export", "roster", "--week", "2027-W02"),
        ("dashboard", "--address", "0.0.0.0"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_one_line_and_status_2(
    words: tuple[str, ...], tmp_path: Path
):
    done = typed(*words, home=tmp_path / "home")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("piekwijzer: ")
    assert done.stderr.count("\n") == 1


def test_a_process_of_its_own_says_the_same_and_ends_with_status_2(tmp_path: Path):
    words = ("roster", "--week", "2027-W02")
    alone, here = (how(*words, home=tmp_path) for how in (piekwijzer, typed))
    assert (alone.returncode, alone.stdout) == (2, "")
    assert alone.stderr == here.stderr
    assert alone.stderr.count("\n") == 1


def test_status_of_an_empty_home_shows_what_is_missing(tmp_path: Path):
    done = piekwijzer("status", "--json", home=tmp_path / "home")
    figures = json.loads(done.stdout)
    assert figures["rows_imported"] == 0
    assert figures["wape"] is None
    assert set(figures) >= KEYS


def test_global_options_may_stand_first(tmp_path: Path):
    home = str(tmp_path / "home")
    words = ["--home", home, "--json", "status"]
    done = typed(*words)
    assert json.loads(done.stdout)["series"] is None


def test_what_a_file_holds_cannot_steer_the_terminal(tmp_path: Path):
    file = tmp_path / "calls.csv"
    file.write_text("Interval start\x1b[31m;Wachtrij\nx;y\n")
    words = ["import", str(file), "--source", "telephony"]
    done = typed(*words, home=tmp_path / "home")
    assert done.returncode == 2
    assert done.stderr.strip().isprintable()
