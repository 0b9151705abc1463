"""The page Agenda and the sliders of what-if: what they show is what was stored."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.labels.words import LANGUAGES, Words
from dashboard.queries import agenda, chain
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.agenda.by_product import by_product
from staffing.pipeline.telling_what_if import targets_of_team
from staffing.whatif import between, by_target, points
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_agenda import agenda as made_agenda
from tests.dashboard.made_up_agenda import hours_of
from tests.dashboard.made_up_demand import NOW, WEEK
from tests.dashboard.made_up_staffing import requirement, weekly_load
from tests.dashboard.test_pages import _said

WORDS = Words("nl")


def hours_shown(test) -> str:
    return str({one.label: one.value for one in test.metric}[WORDS("whatif.hours")])


def fill_without_roster(home: Path) -> Workspace:
    workspace = Workspace.open(Settings(home=home))
    key = workspace.key("requirement", [], {}, 0)
    tables = {"requirement": requirement(), "weekly_load": weekly_load()}
    workspace.store(key, tables, {"required_hours": {WEEK: 430.0}}, now=NOW)
    return workspace


NORM = {"skill": "phone", "location": "stadhuis", "show": "norm"}


def slide(test, axis: str, value: float):
    (slider,) = [s for s in test.select_slider if s.key == f"choice_{axis}_phone"]
    return slider.set_value(f"{value:g}").run()


def test_the_sliders_begin_at_the_settings_of_today(open_page: Open, full_home: Path):
    test = open_page(full_home, "requirement", **NORM)
    assert not test.exception
    assert hours_shown(test) == WORDS.hours(hours_of(1.0, 0.8, 25.0), 1)


@pytest.mark.parametrize(
    ("axis", "value", "point"),
    [
        ("target", 0.95, (1.0, 0.95, 25.0)),
        ("factor", 1.1, (1.1, 0.8, 25.0)),
        ("threshold_s", 15.0, (1.0, 0.8, 15.0)),
    ],
)
def test_moving_a_slider_shows_the_hours_reckoned_beforehand(
    open_page: Open, full_home: Path, axis, value, point
):
    test = open_page(full_home, "requirement", **NORM)
    test = slide(test, axis, value)
    assert not test.exception
    assert hours_shown(test) == WORDS.hours(hours_of(*point), 1)


def test_one_person_less_is_shown_when_it_is_asked_for(
    open_page: Open, full_home: Path
):
    people = {**NORM, "show": "people"}
    more = open_page(full_home, "requirement", **people)
    less = open_page(full_home, "requirement", **people, person="less")
    change = 12.0 - (7.0 + 9 / 10)
    assert WORDS.signed(change, 1) in _said(less)
    assert WORDS.signed(change, 1) not in _said(more)
    assert WORDS.signed(4.0 - 7.9, 1) in _said(more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agenda_page_names_what_stands_in_the_way(
    open_page: Open, full_home: Path, language: str
):
    test = open_page(full_home, "agenda", lang=language, product="passport/application")
    words = Words("nl" if language == "nl" else "en")
    assert not test.exception
    assert words("agenda.limit_staff") in test.warning[0].value
    shown = {metric.label: metric.value for metric in test.metric}
    days = made_agenda()["agenda_days"].filter(service="passport")
    kept = days["limit"].null_count()
    assert shown[words("agenda.kept")] == words("agenda.of", n=kept, all=days.height)
    assert shown[words("agenda.longest")] == words("agenda.days", n=8)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("product", ["passport/application", "id_card/application"])
def test_the_cards_of_the_agenda_are_what_its_command_prints(
    open_page: Open,
    full_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    product: str,
    language: str,
):
    """`products` of `piekwijzer agenda --json`, and all of them add up to its places."""
    workspace = Workspace.open(Settings(home=full_home))
    run = workspace.latest("agenda")
    opening = "staffing.pipeline.opening_agenda.run_agenda"
    monkeypatch.setattr(opening, lambda *_, **__: run)  # the agenda that stands
    asked = ["agenda", "--weeks", "4", "--json", "--home", str(full_home)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["products"]
    (row,) = [r for r in rows if f"{r['service']}/{r['step']}" == product]
    words = Words("nl" if language == "nl" else "en")
    test = open_page(full_home, "agenda", lang=language, product=product)
    assert {card.label: card.value for card in test.metric} == {
        words("agenda.per_week"): words.number(row["places_per_week"]),
        words("agenda.longest"): words("agenda.days", n=row["wait_q80"]),
        words("agenda.kept"): words("agenda.of", n=row["days_kept"], all=row["days"]),
        words("agenda.people"): words.number(row["people"]),
    }
    told = made_agenda()["agenda_days"]
    assert 4 * sum(r["places_per_week"] for r in rows) == told["places"].sum()


def test_a_wait_beyond_the_agenda_is_no_number_and_unknown_people_are_missing():
    tables = made_agenda()
    days = tables["agenda_days"].with_columns(
        wait_q80=pl.when(pl.col("service") == "passport").then(pl.col("wait_q80"))
    )
    rows = by_product(days, tables["agenda_staff"].clear(), 4)
    assert rows.sort("service")["wait_q80"].to_list() == [None, 8]
    assert rows["people"].to_list() == [None, None]


def test_an_agenda_from_before_the_newest_requirement_says_so(
    open_page: Open, tmp_path: Path
):
    workspace = fill(tmp_path)
    for page, label in (("agenda", "agenda.old"), ("requirement", "whatif.old")):
        assert WORDS(label) not in _said(open_page(tmp_path, page, show="norm"))
    key = workspace.key("requirement", ["other"], {}, 0)
    run = workspace.latest("requirement")
    tables = {
        name: workspace.table(run, name).collect()
        for name in ("requirement", "weekly_load")
    }
    workspace.store(key, tables, run.figures, now=NOW + timedelta(hours=3))
    for page, label in (("agenda", "agenda.old"), ("requirement", "whatif.old")):
        test = open_page(tmp_path, page, show="norm")
        assert WORDS(label) in [told.value for told in test.info]


def test_queries_give_the_points_tried_and_the_promises_broken(full_home: Path):
    workspace = Workspace.open(Settings(home=full_home))
    run = chain.newest_run(workspace, "what_if")
    assert run is not None
    table = targets_of_team(workspace, run, "stadhuis", "phone")
    at = {"factor": 1.0, "target": 0.8, "threshold_s": 25.0}
    assert between(table, at).hours == hours_of(1.0, 0.8, 25.0)
    line = by_target(table, at)
    assert line["target"].to_list() == points(table, "target")
    opened = chain.newest_run(workspace, "agenda")
    assert opened is not None
    assert [row.limit for row in agenda.unkept(opened, "stadhuis")] == ["staff"]
    assert agenda.unkept(opened, "noord") == []


def test_a_requirement_without_a_roster_is_drawn(open_page: Open, tmp_path: Path):
    fill_without_roster(tmp_path)
    test = open_page(tmp_path, "requirement", week=WEEK)
    assert not test.exception
    assert WORDS("slots.no_roster") in [told.value for told in test.info]


@pytest.mark.parametrize("page", ["agenda", "requirement"])
def test_what_an_older_requirement_gave_is_still_shown_and_said_to_be_old(
    open_page: Open, full_home: Path, tmp_path: Path, page: str
):
    home = shutil.copytree(full_home, tmp_path / "home")
    workspace = Workspace.open(Settings(home=home))
    key = workspace.key("requirement", [], {"again": "yes"}, 0)
    tables = {"requirement": requirement(), "weekly_load": weekly_load()}
    later = NOW + timedelta(days=1)
    workspace.store(key, tables, {"required_hours": {WEEK: 430.0}}, now=later)
    test = open_page(home, page, **NORM)
    assert not test.exception
    label = WORDS("job.start_agenda" if page == "agenda" else "job.start_what_if")
    assert label in [button.label for button in test.button]
    assert len(test.get("plotly_chart")) > 0
