"""The letters of the next weeks are the same on the overview, in a status and by batch."""

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.labels.words import LANGUAGES, Language, Words
from dashboard.queries.letters_ahead import WEEKS, letters_ahead
from forecasting.calendar import parse_week
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch
from staffing.pipeline.withdrawing import withdraw_batch
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.test_pages import _said

FIRST = parse_week("2026-W48")
SECOND, THIRD = FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=2)


def _home(folder: Path) -> Workspace:
    """Three weeks approved: one with files, one without, one withdrawn again."""
    home = fill(folder)
    for week in (FIRST, SECOND, THIRD):
        approve_batch(home, week=week, now=NOW, by="Anna")
    export_batch(home, week=SECOND, now=NOW, out=folder / "out")
    withdraw_batch(home, week=THIRD, now=NOW, by="Anna", reason="printer broken")
    return home


def _told(home: Workspace, *words: str) -> dict[str, object]:
    own = ["--home", str(home.settings.home), "--json"]
    done = CliRunner().invoke(app, [*words, *own])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _planned(home: Workspace) -> dict[object, int]:
    """Letters by mailing week of services with five or more in that week, by hand."""
    letters = home.table(home.latest("reminders"), "letters").collect()
    counted: dict[tuple[object, object], int] = {}
    for row in letters.to_dicts():
        key = row["mailing_week"], row["service"]
        counted[key] = counted.get(key, 0) + row["letters"]
    weeks: dict[object, int] = {}
    for (week, _), count in counted.items():
        if count >= 5:
            weeks[week] = weeks.get(week, 0) + count
    return weeks


def test_each_letter_of_the_next_weeks_is_exported_approved_or_waits(tmp_path: Path):
    home = _home(tmp_path)
    planned = _planned(home)
    found = letters_ahead(home, home.latest("reminders"), FIRST)
    weeks = [FIRST + timedelta(weeks=n) for n in range(WEEKS)]
    assert found.approved == planned[FIRST]
    assert found.exported == planned[SECOND]
    assert found.waiting == {week: planned[week] for week in weeks[2:]}
    assert found.wanted == sum(planned[week] for week in weeks)


def test_after_the_last_week_of_letters_none_are_told(tmp_path: Path):
    home = _home(tmp_path)
    later = max(pl.Series([*_planned(home)])) + timedelta(weeks=1)
    found = letters_ahead(home, home.latest("reminders"), later)
    assert (found.wanted, dict(found.waiting)) == (0, {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_tells_what_status_and_batches_tell(
    open_page: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
):
    """Card, decisions and both commands: one set of numbers, whose turn, and where."""
    home, words = _home(tmp_path), Words(language)
    figures = _told(home, "status")["letters_ahead"]
    assert isinstance(figures, dict)
    batches = _told(home, "reminders", "batches")["batches"]
    assert isinstance(batches, list)
    counted = {"approved": 0, "exported": 0, "withdrawn": 0}
    for batch in batches:
        counted[batch["state"]] += batch["letters_approved"]
    assert counted["withdrawn"] > 0
    assert (figures["approved"], figures["exported"]) == (
        counted["approved"],
        counted["exported"],
    )
    assert figures["waiting_weeks"][0] == "2026-W50"
    page = open_page(tmp_path, "overview", lang=language)
    names = ("wanted", "waiting", "approved", "exported")
    told = {name: words.number(figures[name]) for name in names}
    parts = {"exported": "exported", "approved": "approved", "waiting": "unapproved"}
    assert all(figures[name] for name in parts)
    card = words(
        "overview.ahead",
        weeks=figures["weeks"],
        told=", ".join(
            words(f"overview.ahead_{part}", letters=told[name])
            for name, part in parts.items()
        ),
    )
    assert card in [caption.value for caption in page.caption]
    said = _said(page)
    week = words.week("2026-W50")
    asks = {
        "approver": words("decision.letters", week=week, letters=told["waiting"]),
        "planner": words(
            "decision.letters_files", weeks=WEEKS, letters=told["approved"]
        ),
    }
    for role, text in asks.items():
        turn = words("decision.turn", role=words(f"role.{role}"))
        assert f"{text} \N{MIDDLE DOT} *{turn}*" in said
    assert "mailing=2026-W50" in said


def test_before_there_is_a_plan_status_tells_of_no_letters(tmp_path: Path):
    home = Workspace.open(Settings(home=tmp_path))
    assert _told(home, "status")["letters_ahead"] is None
