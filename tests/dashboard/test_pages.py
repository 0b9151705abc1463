import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from dashboard.labels.words import LANGUAGES, Words, label_catalogue
from dashboard.pages.data import UPLOADS
from dashboard.pages.decade import _why_not
from dashboard.pages.demand import PARTS
from dashboard.queries.demand import Selection
from forecasting.ingest.readers.reading import READERS
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.dashboard.conftest import Open
from tests.dashboard.looks import looks

PAGES = tuple(dashboard.app.script.PAGES)
RAW_KEY = re.compile(
    "|".join(re.escape(key) for key in label_catalogue("nl") if "." in key)
)


def _said(test: AppTest) -> str:
    """All text on the page, HTML tables included."""
    return "\n".join(str(getattr(node, "proto", "")) for node in test.main)


def unfolded(test: AppTest) -> AppTest:
    """The page with the figures behind its charts, which are sent once asked for."""
    known = test.session_state._state.filtered_state
    folded = [key for key in known if key.startswith("data_")]
    for key in folded:
        test.session_state[key] = True
    return test.run() if folded else test


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "part"), looks())
def test_a_page_of_a_full_home_shows_no_error_and_no_raw_label(
    open_page: Open, full_home: Path, page: str, part: str, language: str
):
    test = unfolded(open_page(full_home, page, lang=language, show=part))
    assert not test.exception
    assert not test.error
    assert test.title[0].value == label_catalogue(language)[f"pages.{page}"]
    assert RAW_KEY.search(_said(test)) is None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_home_says_what_to_do(
    open_page: Open, empty_home: Path, page: str
):
    test = open_page(empty_home, page)
    assert not test.exception
    assert not test.error
    assert any("piekwijzer " in told.value for told in test.info)


def test_headline_figures_equal_what_the_runs_stored(open_page: Open, full_home: Path):
    test = open_page(full_home, "overview")
    shown = {metric.label: metric.value for metric in test.metric}
    words = Words("nl")
    assert shown[words("overview.service")] == "83,1%"
    assert shown[words("overview.hours")] == "456 / 430"
    assert shown[words("overview.letters")] == "3.391"
    assert shown[words("overview.error")] == "11,2%"


def test_missing_figures_show_as_missing_and_not_as_zero(
    open_page: Open, empty_home: Path
):
    test = open_page(empty_home, "overview")
    assert {metric.value for metric in test.metric} == {"ontbreekt"}


def test_an_empty_home_is_not_said_to_need_no_decision(
    open_page: Open, empty_home: Path
):
    """Nothing was worked out that could ask for one."""
    test = open_page(empty_home, "overview")
    words = Words("nl")
    assert words("overview.no_decisions") not in [told.value for told in test.success]
    told = "\n".join(caption.value for caption in test.caption)
    assert words("step.requirement") in told


def test_a_link_repeats_the_choice_of_series(open_page: Open, full_home: Path):
    chosen = {"location": "noord", "step": "application", "channel": "walk_in"}
    test = open_page(full_home, "demand", **chosen)
    boxes = [box.value for box in test.selectbox][:4]
    assert boxes == ["noord", "", "application", "walk_in"]


def test_a_link_repeats_the_team_and_week(open_page: Open, full_home: Path):
    chosen = {"location": "noord", "skill": "counter", "week": "2026-W50"}
    test = open_page(full_home, "requirement", **chosen)
    assert [box.value for box in test.selectbox][:3] == list(chosen.values())


def test_what_was_asked_in_vain_is_told_beside_what_was_served(
    open_page: Open, full_home: Path
):
    told = "\n".join(
        caption.value for caption in open_page(full_home, "demand").caption
    )
    assert "Vergeefs gevraagd in de getoonde periode" in told
    counter = open_page(full_home, "demand", location="noord")
    assert any("niets bekend" in caption.value for caption in counter.caption)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_page_tells_who_did_what_and_the_hash_that_seals_it(
    open_page: Open, full_home: Path, language
):
    test, words = open_page(full_home, "data", lang=language), Words(language)
    workspace = Workspace.open(Settings(home=full_home))
    last = workspace.ledger.trail()[-1]
    workspace.ledger.engine.dispose()
    assert any(last.hash in caption.value for caption in test.caption)
    told = _said(test).split(words("trail.title"))[-1]
    for said in (
        last.by,
        words("act.reminders"),
        words("act.import"),
        "telefonie_2026",
    ):
        assert said in told


def test_what_can_be_imported_can_be_uploaded():
    assert {f".{suffix}" for suffix in UPLOADS} == set(READERS)


def test_a_choice_is_written_in_the_address(open_page: Open, full_home: Path):
    test = open_page(full_home, "demand")
    test.selectbox[0].set_value("noord").run()
    assert test.query_params["location"] == "noord"


def _turn(test: AppTest, page: str) -> AppTest:
    test._page_hash = calc_hash(page)
    test.query_params.clear()
    return test.run()


def test_a_choice_comes_along_to_the_next_page_and_a_default_does_not(
    open_page: Open, full_home: Path
):
    test = open_page(full_home, "requirement")
    assert _turn(test, "roster").selectbox[1].value == ""
    _turn(test, "requirement").selectbox[0].set_value("noord").run()
    assert _turn(test, "roster").selectbox[1].value == "noord"


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_any_page_keeps_its_location_service_and_week(
    open_page: Open, full_home: Path, page: str
):
    """Also where the page offers no such choice: it comes along to one that does."""
    named = {"location": "noord", "service": "passport", "week": "2026-W50"}
    test = open_page(full_home, page, **named)
    unknown = {"roster": {"week": "2027-W02"}, "agenda": {"location": "stadhuis"}}
    for name, first in unknown.get(page, {}).items():  # of others it holds nothing
        assert test.query_params[name] == first
        del named[name]
    assert {name: test.query_params[name] for name in named} == named
    assert _turn(test, "demand").selectbox[1].value == "passport"
    turned = _turn(test, "board")
    assert {name: turned.query_params[name] for name in named} == named


def test_the_service_looked_at_comes_first_in_the_agenda(
    open_page: Open, full_home: Path
):
    test = open_page(full_home, "demand", service="passport")
    first = str(open_page(full_home, "agenda").selectbox[1].value)
    assert first.split("/")[0] != "passport"
    turned = str(_turn(test, "agenda").selectbox[1].value)
    assert turned.split("/")[0] == "passport"


def test_an_unknown_choice_in_the_address_is_passed_over(
    open_page: Open, full_home: Path
):
    test = open_page(
        full_home, "roster", week="<script>", lang="xx", location="nowhere"
    )
    assert not test.exception
    assert test.selectbox[0].value == "2027-W02"


def test_an_invented_town_is_called_invented(open_page: Open, full_home: Path):
    test = open_page(full_home, "overview")
    assert any("verzonnen" in caption.value for caption in test.caption)


def test_a_home_without_the_mark_is_not_called_invented(
    open_page: Open, empty_home: Path
):
    test = open_page(empty_home, "overview")
    assert not any("verzonnen" in caption.value for caption in test.caption)


def test_people_are_named_on_the_roster_page_only(open_page: Open, full_home: Path):
    named = [p for p in PAGES if "Ada K." in _said(open_page(full_home, p))]
    assert named == ["roster"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demand_page_says_what_moved_what_others_expect_and_what_was_measured(
    open_page: Open, full_home: Path, language
):
    words = Words(language)
    chosen = {"lang": language, "service": "passport"}
    tests = [open_page(full_home, "demand", **chosen, show=part) for part in PARTS]
    heads = {node.value for test in tests for node in test.header}
    shown = ("busy", "moved", "others", "decade", "verification")
    assert {words(f"{name}.heading") for name in shown} <= heads
    said = "".join(map(_said, tests))
    for text in (
        words("outside_state.no_such_series"),
        words("measured.fee", name="2027", first="-8", last="0"),
        words("change.planner") + " 5",
        words("busy.per_service"),
    ):
        assert text in said
    assert words("busy.per_channel") not in said
    why = tests[list(PARTS).index("why")]
    moved = [m.value for m in why.markdown if m.value.count("**") == 4]
    told = [re.sub(r"[^0-9+]", "", part) for part in moved[0].split("**")]
    before, now, more = told[1], told[3], told[4]
    assert int(now) - int(before) == int(more)


def test_a_forecast_by_week_ends_on_the_sunday_of_its_last_week(
    open_page: Open, full_home: Path
):
    test = open_page(full_home, "demand")
    told = next(c.value for c in test.caption if c.value.startswith("Vraag en verw"))
    assert "tot en met 16 mei 2027" in told


def test_by_day_half_a_year_back_and_a_quarter_ahead_is_shown_first(
    open_page: Open, full_home: Path
):
    words = Words("nl")
    test = open_page(full_home, "demand", grain="day")
    assert any(caption.value == words("demand.soon") for caption in test.caption)
    assert test.query_params["window_day"] == "26"
    every = open_page(full_home, "demand", grain="day", window_day="all")
    assert all(caption.value != words("demand.soon") for caption in every.caption)


def test_ten_years_that_cannot_be_shown_are_said_to_be_missing_and_why():
    some = ["passport"]
    assert _why_not([], Selection()) == "no_stock"
    assert _why_not(some, Selection(service="move")) == "no_documents"
    assert _why_not(some, Selection(channel="phone")) == "whole_town"
    assert _why_not(some, Selection(service="passport")) is None
