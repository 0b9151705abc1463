"""The board: results of stored runs, owners and next steps of planners, one page."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from dashboard.forgetting import forget_before
from dashboard.labels.words import LANGUAGES, Words, label_catalogue
from dashboard.pages.board_rows import MOST_ROWS
from dashboard.queries import board, chain
from dashboard.roles import Role, User
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.board_lines import (
    OWNER,
    STEP,
    BoardLine,
    board_lines,
    write_line,
)
from staffing.promises.newest import as_rows, newest_weeks
from staffing.tables import WeeklyLoad
from tests.dashboard import made_up_promises
from tests.dashboard.chromium import PICTURES
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import NOW, WEEK_MONDAY
from tests.dashboard.made_up_promises import promise_figures
from tests.dashboard.served import open_dashboard
from tests.dashboard.test_pages import _said

WORDS = label_catalogue("nl")
PHONE = "promise/phone"
LATER = NOW + timedelta(hours=2)


def _of(home: Path, actor: str) -> Workspace:
    return Workspace.open(Settings(home=home, actor=actor))


class Reader:
    """Somebody with the board open in a browser of their own."""

    def __init__(self, home: Path, name: str, patch: pytest.MonkeyPatch) -> None:
        self.home, self.name, self.patch = home, name, patch
        self.page = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        self.page.query_params["lang"] = "nl"
        self.page._page_hash = calc_hash("board")
        self.look()

    def look(self) -> None:
        self.patch.setenv("PIEKWIJZER_HOME", str(self.home))
        self.patch.setenv("PIEKWIJZER_ACTOR", self.name)
        self.page.run()
        assert not self.page.exception

    def type(self, owner: str, step: str) -> None:
        self.page.text_input(key=f"board_owner_{PHONE}").set_value(owner)
        self.page.text_input(key=f"board_step_{PHONE}").set_value(step)

    def save(self) -> None:
        label = WORDS["board.save"]
        next(b for b in self.page.button if b.label == label).click()
        self.look()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_says_what_the_stored_runs_say(
    open_page: Open, full_home: Path, language
):
    words = Words(language)
    said = _said(open_page(full_home, "board", lang=language))
    planned = chain.newest_run(_of(full_home, "x"), "reminders")
    ends = [chain.figure_week(planned, "peak_week", end) for end in ("before", "after")]
    letters = [words.short_week(end) for end in ends if end is not None]
    told = (
        words("board.met", share=words.share(0.831, 1)),
        words("board.missed", share=words.share(0.874, 1)),
        words("board.wait", wait=words.wait(246.0)),
        words("board.busiest", before=words.number(270.4), after=words.number(245.0)),
        words("board.error", share=words.share(0.112, 1)),
        words("board.weeks_over", count=6),
        words.short_week(WEEK_MONDAY),
        f"{letters[0]} \N{RIGHTWARDS ARROW} {letters[1]}",
    )
    for text in told:
        assert text.replace(">", "&gt;") in said
    assert said.count(words("board.nobody")) == 2 * len(_subjects(full_home))


def _subjects(home: Path) -> list[str]:
    """The promises that the made-up home tells of, and its three teams."""
    run = chain.newest_run(_of(home, "x"), "simulate")
    alone = ["callback", "no_show", "agenda", "letters", "forecast"]
    return [one.skill for one in board.promises(run)] + alone + ["a", "b", "c"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_tells_what_was_measured_as_the_command_prints_it(
    open_page: Open, full_home: Path, language
):
    """The location furthest behind, of each promise, in its newest whole week."""
    words, said = Words(language), _said(open_page(full_home, "board", lang=language))
    told: dict[str, list[dict[str, Any]]] = {}
    run = chain.newest_run(_of(full_home, "x"), "promises")
    assert run is not None
    weeks = _of(full_home, "x").table(run, "promise_weeks").collect()
    for row in as_rows(newest_weeks(weeks)):
        told.setdefault(str(row["promise"]), []).append(row)
    for name, rows in told.items():
        worst = (max if name == "no_show" else min)(rows, key=lambda row: row["share"])
        share = words.share(worst["share"], 1)
        verdict = words(f"promises.verdict_{worst['verdict']}")
        place = words.named("location", str(worst["location"]))
        key = "board.kept_alone" if len(rows) == 1 else "board.kept_worst"
        text = words(key, share=share, verdict=verdict, place=place)
        assert text in said, name
    assert words("board.kept_missed", missed=1, places=2, place="Noord") in said


def test_what_was_measured_stands_on_the_board_before_anything_is_simulated(
    open_page: Open, tmp_path: Path
):
    """A line for each promise, without a roster, a simulation or an agenda."""
    workspace = Workspace.open(Settings(home=tmp_path))
    key = workspace.key("promises", [], {}, seed=0)
    workspace.store(key, made_up_promises.stored(), promise_figures(), now=NOW)
    said = _said(open_page(tmp_path, "board"))
    for name in promise_figures()["promises"]:  # type: ignore[attr-defined]  # by name
        assert said.count(WORDS[f"promises.topic_{name}"]) >= 1, name


def test_a_promise_that_no_export_tells_of_is_missing_on_the_board(
    open_page: Open, tmp_path: Path
):
    """It is measured nowhere: that is said, and no number stands there."""
    workspace = fill(tmp_path)
    tables = made_up_promises.stored()
    for name, table in tables.items():
        tables[name] = table.filter(pl.col("promise") != "callback")
    key = workspace.key("promises", ["another"], {}, seed=1)
    workspace.store(key, tables, promise_figures(), now=LATER)
    said = _said(open_page(tmp_path, "board"))
    assert WORDS["board.kept_no_export"] in said
    assert WORDS["promises.topic_callback"] in said


def test_quarters_short_of_people_are_those_of_the_roster(full_home: Path):
    workspace = _of(full_home, "x")
    run = chain.newest_run(workspace, "roster")
    assert run is not None
    quarters, worst = board.short(workspace, run, "counter", "Europe/Amsterdam")
    cover = workspace.table(run, "coverage").filter(skill="counter").collect()
    low = cover.filter(pl.col("rostered") < pl.col("required"))
    assert quarters == low.height > 0
    assert worst is not None
    days = low.with_columns(pl.col("start").dt.convert_time_zone("Europe/Amsterdam"))
    most = days.group_by("location", pl.col("start").dt.date()).len()["len"].max()
    assert worst.quarters == most


def test_a_planner_writes_a_line_and_it_stands_on_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace = fill(tmp_path)
    anna = Reader(tmp_path, "anna", monkeypatch)
    anna.type("Teamleider KCC", "Drie mensen inwerken")
    anna.save()
    line = board_lines(workspace)[PHONE]
    assert (line.owner, line.next_step) == ("Teamleider KCC", "Drie mensen inwerken")
    assert line.by == "anna"
    assert "Drie mensen inwerken" in _said(anna.page)
    last = workspace.ledger.trail(last=1)[0]
    assert (last.by, last.action, last.subject) == ("anna", "board", PHONE)


def test_who_comes_second_is_told_keeps_the_text_and_may_look_and_save_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace = fill(tmp_path)
    anna, bob = (Reader(tmp_path, name, monkeypatch) for name in ("anna", "bob"))
    anna.type("Teamleider KCC", "Drie mensen inwerken")
    anna.save()
    bob.type("Planner", "Rooster opnieuw maken")
    bob.save()
    said = [warning.value for warning in bob.page.warning]
    assert any("anna" in text for text in said), said
    assert board_lines(workspace)[PHONE].owner == "Teamleider KCC"
    step = bob.page.text_input(key=f"board_step_{PHONE}").value
    assert step == "Rooster opnieuw maken"
    assert "Drie mensen inwerken" in _said(bob.page)
    bob.save()
    assert board_lines(workspace)[PHONE].owner == "Planner"


def test_what_is_personal_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace = fill(tmp_path)
    anna = Reader(tmp_path, "anna", monkeypatch)
    anna.type("jan@gemeente.example", "")
    anna.save()
    assert any(
        "Eigenaar: er staat een e-mailadres in" in e.value for e in anna.page.error
    )
    assert board_lines(workspace) == {}


def test_forgetting_takes_lines_away_that_were_replaced(tmp_path: Path):
    workspace = fill(tmp_path)
    write_line(workspace, BoardLine(PHONE, "Anna", "Bellen"), seen=None, now=NOW)
    seen = board_lines(workspace)[PHONE].id
    write_line(workspace, BoardLine(PHONE, "Planner", "Bellen"), seen=seen, now=NOW)
    day = NOW.date() + timedelta(days=1)
    gone = forget_before(workspace, day, now=NOW + timedelta(days=2))
    assert gone["lines of the board"] == 1
    assert board_lines(workspace)[PHONE].owner == "Planner"


def test_a_viewer_sees_the_board_and_has_no_form(
    open_page: Open, full_home: Path, monkeypatch: pytest.MonkeyPatch
):
    viewer = User("vera", frozenset({Role.viewer}))
    monkeypatch.setattr("dashboard.pages.door.owner", lambda _: viewer)
    test = open_page(full_home, "board")
    assert WORDS["board.bottleneck"] in _said(test)
    assert [box.label for box in test.text_input] == []


def test_teams_that_do_not_fit_are_counted(open_page: Open, tmp_path: Path):
    _many_teams(fill(tmp_path))
    test = open_page(tmp_path, "board")
    said = _said(test)
    left = 20 - (MOST_ROWS - 7)
    assert label_catalogue("nl")["board.left"].format(count=left) in said
    assert "Post 19" in said
    assert "Post 00" not in said


def _many_teams(workspace: Workspace) -> None:
    """A requirement of twenty teams, the last the fullest, and none with a peak."""
    rows = [
        {
            "location": f"post_{i:02d}",
            "skill": "counter",
            "week": date(2026, 11, 23) + timedelta(weeks=k),
            "hours": 60.0 + i,
            "hours_q75": 62.0 + i,
            "hours_at_hand": 140.0,
            "capacity": 100.0,
        }
        for i in range(20)
        for k in range(8)
    ]
    load = WeeklyLoad.validate(pl.DataFrame(rows), cast=True)
    key = workspace.key("requirement", ["another"], {}, seed=1)
    workspace.store(key, {"weekly_load": load}, {"peak_weeks": {}}, now=LATER)


def test_the_board_prints_on_one_page_with_every_line_as_long_as_it_may_be(
    browser: Browser, tmp_path: Path
):
    workspace = fill(tmp_path)
    _many_teams(workspace)
    subjects = [PHONE, "promise/counter", "promise/letters", "promise/forecast"]
    subjects += [f"team/post_{i:02d}/counter" for i in range(20)]
    long = "Afspreken met de teams van Noord en Zuid wie er bijspringt, en wanneer. "
    for subject in subjects:
        line = BoardLine(subject, (long * 9)[:OWNER], (long * 9)[:STEP])
        write_line(workspace, line, seen=None, now=LATER)
    PICTURES.mkdir(exist_ok=True)
    with open_dashboard(Settings(home=tmp_path)) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{address}/board?lang=nl")
        expect(page.locator(".pw-table")).to_be_visible(timeout=90_000)
        expect(page.get_by_text("Post 19")).to_be_visible()
        paper = page.pdf(
            path=PICTURES / "board.pdf",
            prefer_css_page_size=True,
            print_background=True,
        )
        page.emulate_media(media="print")
        expect(page.get_by_text(WORDS["board.write"])).to_be_hidden()
        expect(page.get_by_role("link", name=WORDS["pages.overview"])).to_be_hidden()
        expect(page.get_by_text(long[:30]).first).to_be_visible()
        page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 84[12]\S* 59[45]", paper)
