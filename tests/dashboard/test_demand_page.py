"""On the page Demand: notes where they hold, adjustments tried, files of others."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from dashboard.charts.reasons import decade_chart
from dashboard.labels.words import LANGUAGES, Words
from dashboard.pages.note_keeping import Form, keep_note, withdraw_note
from dashboard.pages.offering import read_in
from dashboard.pages.view import View
from dashboard.roles import RefusedError, Role, User
from forecasting.notes import Adjustment, Event
from forecasting.planner import add, standing_adjustments, standing_events
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.store import calendar
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import LAST, NOW, ZONE, accuracy
from tests.dashboard.made_up_reasons import outlook
from tests.dashboard.test_pages import unfolded

SAY = Words("nl")
MONDAY = LAST + timedelta(days=3)
SUNDAY = MONDAY + timedelta(days=6)
BEFORE = NOW - timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path).ledger.engine.dispose()
    return tmp_path


def _of(home: Path) -> Workspace:
    return Workspace.open(Settings(home=home, actor="wilhelmina"))


def _said(test: AppTest) -> str:
    return "\n".join(str(getattr(node, "proto", "")) for node in test.main)


def _bands(test: AppTest) -> list[dict[str, object]]:
    """The bands of the first chart: what marks a note."""
    (chart, *_) = test.get("plotly_chart")
    layout = json.loads(chart.proto.spec)["layout"]
    return [
        {
            "from": shape["x0"][:10],
            "letters": text["text"],
            "border": shape["line"]["dash"],
        }
        for shape, text in zip(
            [s for s in layout["shapes"] if s["type"] == "rect"],
            layout["annotations"],
            strict=True,
        )
    ]


def test_a_note_is_marked_in_the_chart_of_its_series_and_listed_beside_it(
    home: Path, open_page: Open
):
    """By letters and a border of its own, in the text alternative, and for no other."""
    workspace = _of(home)
    add(
        workspace,
        Event(MONDAY, SUNDAY, "music", "*/passport/*/*", name="fair"),
        now=BEFORE,
    )
    test = open_page(home, "demand", service="passport")
    marks = {band["letters"]: band for band in _bands(test)}
    assert marks["G1"]["from"] == str(MONDAY - timedelta(days=4))
    assert marks["G1"]["border"] == "solid"
    assert any("G1 (fair, 23 nov 2026" in caption.value for caption in test.caption)
    assert "music" in _said(test)
    other = open_page(home, "demand", service="move")
    assert "G1" not in [band["letters"] for band in _bands(other)]
    assert any(caption.value == SAY("noted.none") for caption in other.caption)


def test_what_was_noted_since_the_forecast_waits_and_a_new_one_can_be_started(
    home: Path, open_page: Open
):
    add(_of(home), Adjustment(MONDAY, SUNDAY, "fair", "", factor=2.0), now=BEFORE)
    known = open_page(home, "demand")
    assert not any(told.value == SAY("noted.waiting") for told in known.info)
    late = NOW + timedelta(days=1)
    add(_of(home), Adjustment(MONDAY, SUNDAY, "fair", "", factor=2.0), now=late)
    waits = open_page(home, "demand")
    assert any(told.value == SAY("noted.waiting") for told in waits.info)
    assert any(button.label == SAY("noted.start") for button in waits.button)


class Filled:
    """The form on the page Demand, for the passports of one place."""

    def __init__(self, test: AppTest) -> None:
        self.test = test

    def choose(self, kind: str) -> None:
        self.test.selectbox(key="note_kind").set_value(kind).run()

    def type(self, label: str, value: object) -> None:
        boxes = [*self.test.text_input, *self.test.number_input]
        next(box for box in boxes if box.label == SAY(label)).set_value(value)
        self.test.run()

    def read(self, label: str) -> object:
        boxes = [*self.test.text_input, *self.test.date_input]
        return next(box.value for box in boxes if box.label == SAY(label))

    def press(self, label: str) -> None:
        next(b for b in self.test.button if b.label == SAY(label)).click()
        self.test.run()
        assert not self.test.exception


def test_an_adjustment_is_tried_before_it_is_kept_and_kept_for_the_series_shown(
    home: Path, open_page: Open
):
    form = Filled(open_page(home, "demand", service="passport", step="application"))
    form.choose("adjustment")
    assert form.read("notes.column_series") == "*/passport/application/*"
    assert form.read("notes.column_first") == MONDAY
    assert any(c.value == SAY("trying.nothing_yet") for c in form.test.caption)
    form.type("amount.by_percent", 50.0)
    (told,) = [c.value for c in form.test.caption if "met deze aanpassing" in c.value]
    before, after = (
        int(told.split(word)[0].split()[-1].replace(".", ""))
        for word in (" zonder", " met")
    )
    assert after == pytest.approx(1.5 * before, abs=1)
    assert standing_adjustments(_of(home)) == []
    form.press("notes.add")
    assert [error.value for error in form.test.error] == ["Vul in: Reden."]
    form.type("notes.column_reason", "a fair")
    form.press("notes.add")
    (note,) = standing_adjustments(_of(home))
    assert (note.series, note.factor) == ("*/passport/application/*", 1.5)
    assert (note.first, note.last) == (MONDAY, MONDAY + timedelta(days=27))
    assert any(told.value == SAY("noted.waiting") for told in form.test.info)
    assert form.read("notes.column_reason") == ""


def test_a_suggestion_stands_in_the_form_in_one_step_and_is_kept_by_a_second(
    home: Path, open_page: Open
):
    test = open_page(home, "demand", service="passport", location="stadhuis")
    form = Filled(test)
    assert not standing_events(_of(home))
    form.press("suggested.take_event")
    assert not standing_events(_of(home))
    assert str(form.read("notes.column_first")) == "2026-03-02"
    form.type("notes.column_name", "rebuilding")
    form.type("notes.column_reason", "the other counter is shut")
    form.press("notes.add")
    (event,) = standing_events(_of(home))
    assert event.series == "stadhuis/passport/application/appointment"
    assert (str(event.first), event.last) == ("2026-03-02", LAST)
    labels = [button.label for button in test.button]
    assert SAY("suggested.take_event") not in labels


def test_a_number_chosen_for_some_series_is_not_carried_to_others(
    home: Path, open_page: Open
):
    """Else the empty form of a note of elsewhere would stand there to be kept."""
    number = add(
        _of(home),
        Event(MONDAY, SUNDAY, "music", "noord/*/*/*", name="fair"),
        now=BEFORE,
    )
    test = open_page(home, "demand", location="noord")
    Filled(test).choose("event")
    test.selectbox(key="note_number_event_noord/*/*/*").set_value(f"{number}").run()
    assert Filled(test).read("notes.column_reason") == "music"
    test.selectbox(key="choice_location").set_value("stadhuis").run()
    assert Filled(test).read("notes.column_reason") == ""
    labels = [button.label for button in test.button]
    assert SAY("notes.add") in labels
    assert SAY("notes.change") not in labels


def test_a_backtest_stands_beside_with_its_days_and_moments(
    home: Path, open_page: Open
):
    workspace = _of(home)
    key = workspace.key("backtest", [], {}, 0)
    figures = {"horizon_days": 91, "origins": 5}
    workspace.store(key, {"accuracy": accuracy()}, figures, now=NOW)
    said = [part.label for part in open_page(home, "demand", show="trust").expander]
    at = SAY.moment(NOW.astimezone(ZONE))
    assert SAY("demand.backtest", at=at, horizon_days=91, origins=5) in said


def _look(home: Path, role: Role) -> View:
    workspace, user = _of(home), User("V. Kijker", frozenset({role}), verified=True)
    return View(
        workspace,
        SAY,
        NOW,
        NOW.date(),
        calendar(workspace),
        {},
        user,
        lambda: user,
        lambda: NOW,
    )


@pytest.mark.parametrize("role", [Role.viewer, Role.approver])
def test_who_is_no_planner_writes_nothing_whatever_was_drawn(home: Path, role: Role):
    """Asked at the server, and told in the audit trail."""
    view = _look(home, role)
    number = add(_of(home), Event(MONDAY, SUNDAY, "fair", name="fair"), now=BEFORE)
    fields = {"first": MONDAY, "last": SUNDAY, "reason": "x", "series": "", "name": "y"}
    deeds: list[Callable[[], object]] = [
        lambda: keep_note(view, Form("event", "", {}, ""), fields),
        lambda: keep_note(view, Form("event", f"{number}", {}, ""), fields),
        lambda: withdraw_note(view, Form("event", f"{number}", {}, "")),
        lambda: read_in(view, "own.csv", b"", "own_outlook"),
    ]
    for deed in deeds:
        with pytest.raises(RefusedError):
            deed()
    assert [event.id for event in standing_events(_of(home))] == [number]
    last = [entry.action for entry in _of(home).ledger.trail(last=4)]
    assert last == ["refused"] * 4
    assert not (home / "uploads").exists()


def test_a_viewer_sees_the_notes_without_names_and_without_a_form(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    add(_of(home), Event(MONDAY, SUNDAY, "music", name="fair"), now=BEFORE)
    user = User("V. Kijker", frozenset({Role.viewer}), verified=True)
    monkeypatch.setattr("dashboard.pages.door.owner", lambda _: user)
    monkeypatch.setenv("PIEKWIJZER_HOME", str(home))
    test = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
    test._page_hash = calc_hash("demand")
    test.run()
    assert not test.exception
    said = _said(test)
    assert "music" in said
    assert "wilhelmina" not in said
    assert not test.text_input
    assert SAY("offered.heading") not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_years_ahead_are_told_with_the_law_of_2014_and_stand_in_a_table(
    full_home: Path, open_page: Open, language
):
    words = Words(language)
    chosen = {"service": "passport", "lang": language, "show": "decade"}
    said = _said(unfolded(open_page(full_home, "demand", **chosen)))
    days = [words.day(date(year, 3, 9)) for year in (2014, 2019, 2024)]
    told = words(
        "decade.turn_longer",
        number=1,
        before=5,
        now=10,
        **dict(zip(("day", "gap", "crest"), days, strict=True)),
    )
    assert told in said
    assert "2036" in said.split(words("decade.month"))[-1]


def test_the_law_of_2014_is_marked_in_a_chart_that_reaches_back_to_it():
    """In words, and where old documents are gone and new ones begin to expire."""
    months = [date(2013 + i // 12, i % 12 + 1, 1) for i in range(160)]
    past = pl.DataFrame({"start": months, "count": [100.0] * 160})
    turns = [("law of 2014", date(2014, 3, 9)), ("1c", date(2024, 3, 9))]
    ahead = outlook()
    both = decade_chart(past, ahead, turns, SAY).layout
    assert [mark.text for mark in both.annotations] == ["law of 2014", "1c"]
    assert len(both.shapes) == 2
    late = decade_chart(past.tail(60), ahead, turns, SAY).layout
    assert [mark.text for mark in late.annotations] == ["1c"]
