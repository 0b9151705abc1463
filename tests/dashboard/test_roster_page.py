"""The roster page: what it shows is what was stored, in every part and both languages."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.labels.words import LANGUAGES, Words
from dashboard.pages.roster import PARTS
from dashboard.queries import roster_checks
from dashboard.queries.roster_versions import differences, shown
from forecasting.calendar import week_name
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import publish_roster
from staffing.publish.versions import read_version, versions
from tests.dashboard.conftest import Open
from tests.dashboard.roster_village import clock, next_week, store_drawn, village
from tests.dashboard.test_pages import RAW_KEY, _said

NOW = clock()
MONDAY = next_week(NOW)
WEEK = week_name(MONDAY)
ZONE = "Europe/Amsterdam"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    """Version 1 is published; version 2 differs from it and is not."""
    workspace = village(tmp_path_factory.mktemp("village"), NOW)
    store_drawn(workspace, MONDAY, 1)
    publish_roster(workspace, week=MONDAY, now=NOW, who="A. Planner")
    store_drawn(workspace, MONDAY, 2, share=0.9)
    return workspace


@pytest.fixture
def page(open_page: Open, home: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Open the roster page of this home."""
    monkeypatch.setenv("PIEKWIJZER_CONFIG", str(home.settings.config))

    def opened(**params: str) -> AppTest:
        test = open_page(home.settings.home, "roster", **params)
        assert not test.exception
        return test

    return opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_page_speaks_both_languages(page, part: str, language: str):
    """No part shows an error or a raw label."""
    test = page(show=part, lang=language)
    assert not test.error
    assert RAW_KEY.search(_said(test)) is None


@pytest.mark.parametrize("number", [1, 2])
def test_the_headlines_are_the_figures_of_the_version_shown(page, home, number: int):
    """Each card equals what `piekwijzer roster --json` told of that version."""
    test, words = page(version=str(number)), Words("nl")
    at = shown(home, WEEK, number)
    assert at is not None
    told = at.run.figures
    cards = {metric.label: metric.value for metric in test.metric}
    assert cards == {
        words("roster.rostered"): words.hours(float(str(told["rostered_hours"]))),
        words("roster.violations"): words.number(float(str(told["hard_violations"]))),
        words("roster.short"): words.number(float(str(told["shortfall_count"]))),
        words("roster.gap"): words("missing")
        if told["gap"] is None
        else words.share(float(str(told["gap"])), 1),
    }


def test_the_grid_shows_every_shift_of_the_version_once(page, home):
    """Person by person: the hours of all cells are those of the stored assignments."""
    _, roster = read_version(home, versions(home, MONDAY)[0])
    grid = _grid(page(version="1"))
    assert len(re.findall(r'class="pw-shift"', grid)) == len(roster.assignments)
    for shift in roster.assignments:
        assert f"Medewerker {shift.person}" in grid
    hours = sum(shift.worked_hours for shift in roster.assignments)
    told = re.findall(r'class="pw-plain pw-number">([\d.,]+)</td><td', grid)
    assert sum(float(t.replace(",", ".")) for t in told) == pytest.approx(hours)


def _grid(test: AppTest) -> str:
    bodies = [str(node.proto.body) for node in test.get("html")]
    return next(body for body in bodies if '<div class="pw-grid">' in body)


def test_what_differs_from_the_published_version_is_marked_and_told(page, home):
    """As many marked cells as days that differ, each with what it was."""
    new, old = (shown(home, WEEK, number) for number in (2, 1))
    assert new is not None
    assert old is not None
    rows = differences(home, new.run, old.run, ZONE)
    assert rows.height > 0
    grid = _grid(page())
    assert grid.count("\u25c6") == rows.height
    assert grid.count("was ") == rows.height
    assert _grid(page(version="1")).count("\u25c6") == 0


def test_the_hours_of_the_coverage_table_add_up_to_the_headline(page, home):
    """Required and rostered hours per team and day, against the stored figures."""
    test = page(version="1")
    cells = re.findall(r"([\d.,]+) / ([\d.,]+) uur", _said(test))
    required = sum(float(need.replace(",", ".")) for _, need in cells)
    at = shown(home, WEEK, 1)
    assert at is not None
    assert required == pytest.approx(at.run.figures["required_hours"], abs=0.6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shortfall_is_told_once_with_its_reason(page, home, language):
    """Those that nobody could prevent stand apart; together they are all of them."""
    at = shown(home, WEEK, 1)
    assert at is not None
    found = roster_checks.shortfalls(home, at.run, 1)
    words, said = Words(language), _said(page(show="short", version="1", lang=language))
    some = [one for one in found if one.kind == "unavoidable"]
    assert words("shortfall.unavoidable", n=len(some)) in said
    assert words("shortfall.avoidable", n=len(found) - len(some)) in said
    assert f"**{len(found)}**" in said
    for one in found[:40]:
        reason = one.shortfall.reason_nl if language == "nl" else one.shortfall.reason
        assert reason.replace("'", "&#x27;") in said or reason in said


def test_the_week_the_place_and_the_version_stand_in_the_address(page):
    """A link repeats what was looked at; an unknown version is passed over."""
    test = page(week=WEEK, location="gemeentehuis", version="1", show="short")
    assert [box.value for box in test.selectbox] == [WEEK, "gemeentehuis", "", "1"]
    assert page(version="77").selectbox[3].value == ""


def test_an_older_version_says_that_there_is_a_newer_one(page):
    """Whoever follows an old link is told."""
    words = Words("nl")
    told = [warning.value for warning in page(version="1").warning]
    assert words("roster.not_newest", number=2) in told
    assert not page().warning


def test_what_a_person_is_called_is_no_markup(page, home):
    """The name of who published is shown as it is written."""
    lines = [text.value for text in page(version="1").text]
    assert any(line.startswith("Versie 1: gepubliceerd op") for line in lines)
    assert any("A. Planner" in line for line in lines)


def test_a_home_without_rosters_says_how_to_make_one(open_page: Open, tmp_path: Path):
    """The empty state names the command and offers the job."""
    test = open_page(tmp_path, "roster")
    assert any("piekwijzer roster" in told.value for told in test.info)
    assert [button.label for button in test.button] == [Words("nl")("job.start_roster")]
