"""The page Promises: what it shows is what was stored, and what is missing says so."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.labels.words import LANGUAGES, Words
from dashboard.queries import chain, promises
from dashboard.roles import Action, action_of
from forecasting.calendar import parse_week
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.cli import app
from staffing.promises.tables import PROMISES
from tests.adopting import adopt, record_of
from tests.dashboard.conftest import Open
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.made_up_promises import (
    COMING,
    LAST,
    WEEKS,
    promise_figures,
    promise_weeks,
    stored,
)
from tests.dashboard.test_pages import _said, unfolded
from tests.staffing.promise_cases import call, contacts, slots

WORDS = Words("nl")
LATER = NOW + timedelta(hours=1)


def put(home: Path, tables: dict[str, pl.DataFrame], **figures: object) -> Path:
    workspace = Workspace.open(Settings(home=home))
    key = workspace.key("promises", [], {}, 0)
    workspace.store(key, tables, {**promise_figures(), **figures}, now=NOW)
    workspace.ledger.engine.dispose()
    return home


def cards(test: AppTest) -> dict[str, str]:
    return {str(one.label): str(one.value) for one in test.metric}


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_give_the_newest_week_of_each_promise(
    open_page: Open, full_home: Path, language
):
    words = Words(language)
    test = open_page(full_home, "promises", lang=language, location="stadhuis")
    newest = promise_weeks().filter(week=LAST, location="stadhuis")
    assert cards(test) == {
        words(f"promises.topic_{name}"): words.share(share, 1)
        for name, share in newest.select("promise", "share").iter_rows()
    }
    assert words("promises.verdict_kept") in _said(test)
    assert not test.exception


def test_a_week_of_which_a_day_is_unknown_says_so(open_page: Open, full_home: Path):
    test = open_page(full_home, "promises", location="stadhuis")
    told = [caption.value for caption in test.caption]
    assert told.count(WORDS("promises.partly", n=4, all=5)) == 1


def test_the_location_of_most_promises_comes_first(open_page: Open, full_home: Path):
    test = open_page(full_home, "promises")
    assert [box.value for box in test.selectbox] == ["stadhuis", "answered"]
    elsewhere = open_page(full_home, "promises", location="noord")
    told = [info.value for info in elsewhere.info]
    assert told == [WORDS("promises.elsewhere", places="Stadhuis")]
    assert cards(elsewhere)[WORDS("promises.topic_answered")] == WORDS("missing")


@pytest.mark.parametrize("name", promise_figures()["promises"])  # type: ignore[arg-type]
def test_each_promise_has_a_chart_a_table_and_how_it_was_measured(
    open_page: Open, full_home: Path, name: str
):
    test = open_page(full_home, "promises", location="stadhuis", promise=name)
    assert not test.exception
    assert len(test.get("plotly_chart")) == 1
    said = _said(test)
    for key in ("table", f"how_{name}", "sampling"):
        assert WORDS(f"promises.{key}")[:60] in said
    assert said.count(WORDS("promises.verdict_missed")) > 3


def test_the_choice_of_weeks_stands_in_the_address_and_is_kept(
    open_page: Open, full_home: Path
):
    asked = {"promise": "callback"}
    few = unfolded(open_page(full_home, "promises", **asked, promise_weeks="13"))
    many = unfolded(open_page(full_home, "promises", **asked, promise_weeks="52"))
    oldest = WORDS.week(LAST - timedelta(weeks=WEEKS - 1))
    assert oldest in _said(many)
    assert oldest not in _said(few)
    assert WORDS.week(LAST - timedelta(weeks=12)) in _said(few)
    assert WORDS.week(LAST - timedelta(weeks=13)) not in _said(few)
    chosen = few.selectbox[1].set_value("counter").run()
    assert chosen.query_params["promise"] == "counter"


def test_what_was_expected_stands_beside_what_happened(
    open_page: Open, full_home: Path
):
    test = open_page(full_home, "promises", location="stadhuis", promise="answered")
    said = _said(test)
    assert WORDS("promises.trust", inside=1, weeks=1) in said
    assert WORDS.week(COMING) in said
    assert WORDS("promises.to_come") in said
    nothing = open_page(full_home, "promises", location="stadhuis", promise="counter")
    assert WORDS("promises.no_expected_counter") in _said(nothing)


def test_a_week_agrees_only_within_what_was_expected(full_home: Path):
    workspace = Workspace.open(Settings(home=full_home))
    run = chain.newest_run(workspace, "promises")
    assert run is not None
    rows = promises.of_place(workspace, run, "answered", "stadhuis", 52)
    told = rows.filter(pl.col("agrees").is_not_null())
    assert told.select("week", "agrees").rows() == [(LAST, True)]
    coming = rows.filter(week=COMING).row(0, named=True)
    assert (coming["share"], coming["expected"]) == (None, 0.84)


def test_managers_see_all_locations_beside_all_promises(
    open_page: Open, full_home: Path
):
    said = _said(open_page(full_home, "promises"))
    heat = said.split(WORDS("promises.places"))[-1]
    newest = promise_weeks().filter(week=LAST)
    for share in newest["share"].unique():
        assert WORDS.share(share, 1) in heat
    assert WORDS("promises.not_here") in heat


def test_one_location_has_no_table_of_locations(open_page: Open, tmp_path: Path):
    alone = {
        name: table.filter(location="stadhuis") for name, table in stored().items()
    }
    said = _said(open_page(put(tmp_path, alone), "promises"))
    assert WORDS("promises.places") not in said


def test_a_promise_that_no_export_tells_names_the_export_that_would(
    open_page: Open, tmp_path: Path
):
    less = {
        name: table.filter(pl.col("promise") != "callback")
        for name, table in stored().items()
    }
    home = put(tmp_path, less, missing=["callback"])
    test = open_page(home, "promises", promise="callback")
    assert cards(test)[WORDS("promises.topic_callback")] == WORDS("missing")
    assert WORDS("promises.missing_callback") in [info.value for info in test.info]
    assert "open_klant_tasks" in WORDS("promises.missing_callback")
    assert not test.get("plotly_chart")


def test_when_nothing_at_all_is_told_every_export_is_named(
    open_page: Open, tmp_path: Path
):
    none = {name: table.clear() for name, table in stored().items()}
    test = open_page(put(tmp_path, none), "promises")
    asked = [WORDS(f"promises.missing_{name}") for name in PROMISES]
    assert [info.value for info in test.info] == asked
    assert not test.exception


@pytest.mark.parametrize(
    "note", ["threshold_differs", "threshold_untold", "short_untold"]
)
def test_a_share_that_measures_something_else_says_so_and_has_no_verdict(
    open_page: Open, tmp_path: Path, note: str
):
    tables = stored()
    tables["promise_weeks"] = tables["promise_weeks"].with_columns(
        pl.lit(note).alias("note"), pl.lit("unjudged").alias("verdict")
    )
    test = open_page(put(tmp_path, tables), "promises", promise="answered")
    assert not test.exception
    told = WORDS(f"promises.note_{note}", told="25 s", wanted="25 s")
    assert [warning.value for warning in test.warning] == [told]
    assert WORDS("promises.verdict_unjudged") in _said(test)
    assert WORDS("promises.no_trust").split("{")[0] in _said(test)


def test_weeks_with_few_contacts_show_no_number(open_page: Open, tmp_path: Path):
    hidden = ("asked", "hits", "share", "low", "high", "mean", "mean_low", "mean_high")
    tables = stored()
    tables["promise_weeks"] = tables["promise_weeks"].with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in hidden),
        pl.lit("few").alias("verdict"),
    )
    test = open_page(put(tmp_path, tables), "promises", location="stadhuis")
    assert not test.exception
    assert set(cards(test).values()) == {WORDS("missing")}
    assert WORDS("promises.fewer", n=5) in _said(test)
    assert WORDS("promises.alt_few", place="Stadhuis") in _said(test)


def test_figures_from_before_the_newest_import_say_so_and_can_be_made_again(
    open_page: Open, full_home: Path, tmp_path: Path
):
    home = shutil.copytree(full_home, tmp_path / "home")
    fresh = open_page(home, "promises")
    assert WORDS("promises.old") not in [info.value for info in fresh.info]
    workspace = Workspace.open(Settings(home=home))
    frame = contacts(call(date(2026, 11, 23), "09:00", 5, 4))
    bring(workspace, frame)
    old = open_page(home, "promises")
    assert WORDS("promises.old") in [info.value for info in old.info]
    assert WORDS("job.start_promises") in [button.label for button in old.button]


def bring(workspace: Workspace, frame: pl.DataFrame) -> None:
    record = record_of("telephony", "contacts", frame.height, now=LATER)
    record.id = "telephony-later"
    adopt(workspace, record, {"contacts": frame, "slots": slots(frame)}, now=LATER)
    workspace.ledger.engine.dispose()


def test_the_overview_tells_how_many_promises_were_not_kept(
    open_page: Open, full_home: Path
):
    missed = promise_weeks().filter(week=LAST, verdict="missed").height
    assert missed > 1
    told = WORDS.many("decision.promises", missed)
    assert told in _said(open_page(full_home, "overview"))


def test_reckoning_promises_is_for_planners():
    assert action_of(("promises",)) == Action.run


def test_the_page_shows_what_the_command_prints(open_page: Open, tmp_path: Path):
    first = date(2026, 8, 31)
    days = [first + timedelta(days=i) for i in range(7 * 12)]
    rows = [
        call(day, clock, 40, 30 + day.day % 7)
        for day in days
        if day.isoweekday() <= 5
        for clock in ("09:00", "16:45")
    ]
    bring(Workspace.open(Settings(home=tmp_path)), contacts(*rows))
    done = CliRunner().invoke(app, ["promises", "--json", "--home", str(tmp_path)])
    printed = json.loads(done.stdout)["promise_weeks"]
    said = _said(unfolded(open_page(tmp_path, "promises")))
    assert len(printed) == 12
    for row in printed:
        shown = [
            WORDS.week(parse_week(row["week"])),
            WORDS.number(row["asked"]),
            WORDS.number(row["hits"]),
            WORDS.share(row["share"], 1),
            WORDS("common.between", low=WORDS.share(row["low"], 1), high=WORDS.share(row["high"], 1)),
        ]  # fmt: skip
        begin = said.index(shown[0])
        line = said[begin : begin + 500]
        assert all(text in line for text in shown)
        assert WORDS(f"promises.verdict_{row['verdict']}") in line
