"""A headline on a page is the figure that the command line tells, as far as it is shown."""

import json
import re
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.labels.words import LANGUAGES, Language, Words
from dashboard.queries import chain, roster, slots
from forecasting.calendar import parse_week
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.requiring import run_requirement
from tests.dashboard.conftest import Open
from tests.dashboard.made_up_demand import WEEK
from tests.staffing.forecast_cases import people
from tests.staffing.test_requiring import MEANS, import_people, store_forecast


@pytest.fixture(scope="module")
def status(full_home: Path) -> dict[str, object]:
    """What `piekwijzer status --json` prints of the made-up home."""
    done = CliRunner().invoke(app, ["status", "--json", "--home", str(full_home)])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _part(told: dict[str, object], name: str, part: str) -> float:
    found = told[name]
    assert isinstance(found, dict)
    return float(found[part])


def _number(told: dict[str, object], name: str) -> float:
    found = told[name]
    assert isinstance(found, int | float)
    return float(found)


def _figure(home: Path, kind: str, *path: str) -> float:
    """A figure that the command of a step prints with `--json`: those of its run."""
    run = chain.newest_run(Workspace.open(Settings(home=home)), kind)
    found = chain.figure(run, *path)
    assert found is not None
    return found


def _cards(test: AppTest) -> dict[str, tuple[str, str]]:
    return {card.label: (card.value, card.delta) for card in test.metric}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cards_of_the_overview_are_the_figures_of_status(
    open_page: Open,
    full_home: Path,
    status: dict[str, object],
    language: Language,
):
    words = Words(language)
    cards = _cards(open_page(full_home, "overview", lang=language))
    share = words.share(_part(status, "within_25s", "mean"), 1)
    assert cards[words("overview.service")][0] == share
    hours = [
        words.number(_number(status, name))
        for name in ("rostered_hours", "required_hours")
    ]
    assert cards[words("overview.hours")][0] == " / ".join(hours)
    ends = {
        end: words.number(_part(status, "peak_load_hours", end))
        for end in ("before", "after")
    }
    letters = words.number(_number(status, "letters_planned"))
    change = words("overview.peak_change", **ends)
    assert cards[words("overview.letters")] == (letters, change)
    error = words.share(_number(status, "wape"), 1)
    naive = words(
        "overview.naive", naive=words.share(_number(status, "wape_last_year"), 1)
    )
    assert cards[words("overview.error")] == (error, naive)


def test_the_interval_and_the_week_beside_a_share_are_those_that_were_simulated(
    open_page: Open, full_home: Path, status: dict[str, object]
):
    words = Words("nl")
    low, high = (
        words.share(_part(status, "within_25s", end), 1) for end in ("low", "high")
    )
    told = [caption.value for caption in open_page(full_home, "overview").caption]
    week = words.short_week(parse_week(WEEK))
    interval = f"{low} \N{EN DASH} {high}"
    assert words("overview.sure", week=week, interval=interval) in told
    waits = [
        _figure(full_home, "simulate", "skills", "counter", "mean_wait_s", end)
        for end in ("low", "high")
    ]
    interval = words.waits(*waits)
    assert words("overview.sure", week=week, interval=interval) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wait_at_the_counter_is_that_of_simulate(
    open_page: Open, full_home: Path, language: Language
):
    words, path = Words(language), ("skills", "counter")
    cards = _cards(open_page(full_home, "overview", lang=language))
    wait = _figure(full_home, "simulate", *path, "mean_wait_s", "mean")
    share = _figure(full_home, "simulate", *path, "within_target", "mean")
    target = _figure(full_home, "simulate", *path, "target")
    beside = words(
        "overview.within", share=words.share(share, 1), target=words.share(target)
    )
    assert cards[words("overview.wait")] == (words.wait(wait), beside)


def test_beside_the_hours_stands_how_often_somebody_is_missing_all_the_same(
    open_page: Open, full_home: Path
):
    """As many as the page of the roster names."""
    words = Words("nl")
    run = Workspace.open(Settings(home=full_home)).latest("roster")
    short = words.many("overview.short", roster.shortfall_count(run))
    told = [caption.value for caption in open_page(full_home, "overview").caption]
    assert len([caption for caption in told if short in caption]) == 1


def test_the_next_peak_is_the_first_that_requirement_names(
    open_page: Open, full_home: Path
):
    """`peak_weeks` of its `--json`, from this week on."""
    words = Words("nl")
    run = chain.newest_run(Workspace.open(Settings(home=full_home)), "requirement")
    assert run is not None
    found = run.figures["peak_weeks"]
    assert isinstance(found, dict)
    weeks = sorted(parse_week(week) for named in found.values() for week in named)
    ahead = [week for week in weeks if week >= parse_week("2026-W48")]
    shown = _cards(open_page(full_home, "overview"))[words("overview.peak")][0]
    assert shown == words.short_week(ahead[0])


def test_the_cards_of_peaks_are_the_figures_of_status_and_gains_bear_another_name(
    open_page: Open, full_home: Path, status: dict[str, object]
):
    words = Words("nl")
    test = open_page(full_home, "peaks")
    cards = _cards(test)
    for end in ("before", "after"):
        hours = words.hours(_part(status, "peak_load_hours", end))
        assert cards[words(f"peaks.peak_{end}")][0] == hours
    letters = words.number(_number(status, "letters_planned"))
    assert cards[words("peaks.letters_planned")][0] == letters
    above = _figure(full_home, "reminders", "gains", "hours_above_capacity", "after")
    assert cards[words("peaks.above")][0] == words.hours(above, 1)
    for language in LANGUAGES:
        own = Words(language)
        names = {own("peaks.peak_before"), own("peaks.peak_after")}
        names |= {own("overview.peak"), own("gains.peak_load_hours")}
        assert len(names) == 4


def test_the_cards_of_the_roster_are_the_figures_of_status(
    open_page: Open, full_home: Path, status: dict[str, object]
):
    """The page tells the parts of the one card of the overview."""
    words = Words("nl")
    test = open_page(full_home, "roster", week=WEEK)
    cards = _cards(test)
    have, need = (
        words.hours(_number(status, name))
        for name in ("rostered_hours", "required_hours")
    )
    assert cards[words("roster.rostered")][0] == have
    told = [caption.value for caption in test.caption]
    assert words("roster.required", hours=need) in told
    broken = words.number(_number(status, "hard_violations"))
    assert cards[words("roster.violations")][0] == broken


def test_the_series_of_the_demand_page_are_those_of_status(
    open_page: Open, full_home: Path, status: dict[str, object]
):
    words = Words("nl")
    shown = _cards(open_page(full_home, "demand"))[words("demand.series")][0]
    assert shown == words.number(_number(status, "series"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_weeks_on_the_demand_page_are_those_of_status(
    open_page: Open, full_home: Path, status: dict[str, object], language: Language
):
    words = Words(language)
    cards = _cards(open_page(full_home, "demand", lang=language))
    expected = _part(status, "next_4_weeks", "expected")
    earlier = _part(status, "next_4_weeks", "last_year")
    change = 100 * (round(expected) / round(earlier) - 1)
    assert cards[words("demand.coming")][0] == words.number(expected)
    assert cards[words("demand.earlier")][0] == words.number(earlier)
    assert cards[words("demand.change")][0] == f"{words.signed(change, 1)}%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cards_of_staffing_are_what_requirement_shows_of_that_week(
    open_page: Open, full_home: Path, language: Language
):
    words = Words(language)
    asked = ["requirement", "--show", WEEK, "--json", "--home", str(full_home)]
    told = json.loads(CliRunner().invoke(app, asked).stdout)
    team = next(
        row
        for row in told["teams"]
        if (row["location"], row["skill"]) == ("stadhuis", "phone")
    )
    chosen = {"location": "stadhuis", "skill": "phone", "week": WEEK}
    cards = _cards(open_page(full_home, "requirement", lang=language, **chosen))
    shown = [cards[words(f"slots.{name}")][0] for name in ("hours", "late")]
    assert shown == [words.hours(team["hours"], 1), words.number(team["late"], 1)]
    for name in ("one_less", "one_more"):
        assert team[name]
        assert cards[words(f"slots.{name}")][0] == words.signed(team[name], 1)


def test_a_week_that_the_requirement_has_not_is_one_clear_line(full_home: Path):
    asked = ["requirement", "--show", "2031-W02", "--home", str(full_home)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code != 0
    assert "expected a week of the stored requirement" in str(done.output + done.stderr)


def test_the_files_on_the_data_page_add_up_to_the_rows_of_status(
    open_page: Open, full_home: Path, status: dict[str, object]
):
    """A row per import; together they are `rows_imported` and `rows_rejected`."""
    words = Words("nl")
    tables = [str(node.proto.body) for node in open_page(full_home, "data").get("html")]
    table = next(text for text in tables if "telefonie_2026.csv" in text)
    numbers = [
        int(told.replace(".", ""))
        for told in re.findall(r'pw-number"[^>]*>([\d.]+)</td>', table)
    ]
    assert sum(numbers[::2]) == _number(status, "rows_imported")
    assert sum(numbers[1::2]) == _number(status, "rows_rejected")
    assert words.number(_number(status, "rows_rejected")) in table


def test_hours_of_all_teams_add_up_to_what_requirement_tells(
    workspace: Workspace, now: datetime
):
    """The card of each team on the page Staffing, over all teams of a week."""
    store_forecast(workspace, now, MEANS)
    import_people(workspace, now, people(("a", "stadhuis", ["phone"])))
    run = run_requirement(workspace, now=now)
    teams = slots.staffed(workspace, run).select("location", "skill").rows()
    weeks = chain.figure_names(run, "required_hours")
    assert weeks
    for week in weeks:
        shown = [
            slots.required(
                workspace, run, location, skill, parse_week(week), "Europe/Amsterdam"
            )
            for location, skill in teams
        ]
        hours = sum(float(rows["required"].sum()) / 4 for rows in shown)
        told = chain.figure(run, "required_hours", week)
        assert told == pytest.approx(hours), week
    assert pl.concat(shown).height > 0
