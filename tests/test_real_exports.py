"""The same commands on exports that others made: a real call log and real bookings.

The team of forty is invented (`tests/data/invented_team_of_40.csv`), and the call log of
1999 is moved by whole weeks to stand beside the bookings of today.
"""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.quicker import quicker_config
from tests.test_cli import ROOT
from tests.typed import typed

TEAM = ROOT / "tests" / "data" / "invented_team_of_40.csv"
WEEK = "2026-W09"


def _figures(*words: str, home: Path) -> dict[str, object]:
    done = typed(*words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert isinstance(figures, dict)
    return figures


@pytest.fixture(scope="module")
def home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "home"
    for file, source in [
        (shared_data / "phone" / "call_log_1999_01.csv", "call_log"),
        (shared_data / "counter" / "bookings_daily_4_offices.csv", "office_daily"),
        (TEAM, "people"),
    ]:
        _figures("import", str(file), "--source", source, home=folder)
    config = str(quicker_config(tmp_path_factory.mktemp("settings")))
    told = ("--config", config)
    _figures(*told, "forecast", "--as-of", "2026-03-01", home=folder)
    _figures(*told, "requirement", home=folder)
    _figures(*told, "roster", "--week", WEEK, home=folder)
    _figures(*told, "simulate", "--week", WEEK, home=folder)
    _figures(*told, "export", "roster", "--week", WEEK, "--format", "csv", home=folder)
    return folder


def test_real_exports_become_a_lawful_roster_for_phone_and_counter(home: Path):
    figures = _figures("status", home=home)
    assert figures["hard_violations"] == 0
    assert figures["series"] == 5  # one call centre and four offices
    rostered, required = figures["rostered_hours"], figures["required_hours"]
    assert isinstance(rostered, float)
    assert isinstance(required, float)
    assert rostered > 0.5 * required


def test_wrong_rows_of_the_real_log_are_rejected_and_counted(home: Path):
    figures = _figures("status", home=home)
    assert isinstance(figures["rows_rejected"], int)
    assert figures["rows_rejected"] > 0


def test_both_skills_are_staffed(home: Path):
    csv = next((home / "exports").glob("*.csv"))
    text = csv.read_text("utf-8-sig")
    assert "callcentre" in text
    assert "graz" in text
    assert len(pl.read_csv(csv, separator=";")) > 50


def test_the_share_within_25_seconds_comes_with_an_interval(home: Path):
    share = _figures("status", home=home)["within_25s"]
    assert isinstance(share, dict)
    assert 0 < share["low"] <= share["mean"] <= share["high"] <= 1
