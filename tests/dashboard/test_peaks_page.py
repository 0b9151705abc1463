"""The page Peaks and reminders: what it says in each state, and that figures are stored."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.labels.words import Words
from dashboard.queries import mailing
from forecasting.registry_tables import Outcomes
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch
from staffing.pipeline.measuring_letters import run_effect
from staffing.pipeline.reminding import run_reminders
from staffing.reminders.batches.stored import batch_arms
from staffing.reminders.choices import Choices
from staffing.reminders.gains import HOURS, NO_HELP, NO_NEED, PEAK
from tests.adopting import adopt, record_of
from tests.dashboard.conftest import Open
from tests.dashboard.made_up_staffing import reminder_figures, reminders
from tests.empty_home import open_home
from tests.staffing.reminder_cases import crest_town
from tests.staffing.test_reminding import bring_in, require

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NL = Words("nl")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A town with a plan, a batch that was handed out, and what came of it."""
    workspace = open_home(Settings(home=tmp_path_factory.mktemp("mailed")))
    town = crest_town(weeks=40)
    bring_in(workspace, town.expiries, NOW)
    half = town.capacity["hours"][0] / 2
    require(workspace, town, NOW, [half, half])
    run = run_reminders(workspace, now=NOW)
    letters = workspace.table(run, "letters").collect()
    weekly = letters.group_by("mailing_week").agg(pl.col("letters").sum())
    week = weekly.sort("letters")["mailing_week"][-1]
    approve_batch(workspace, week=week, now=NOW, by="M. Bakker")
    export_batch(workspace, week=week, now=NOW, out=workspace.settings.exports)
    _count_outcomes(workspace)
    run_effect(workspace, now=NOW)
    run_reminders(workspace, now=NOW + timedelta(hours=1))
    return workspace


def _count_outcomes(workspace: Workspace) -> None:
    """A third of those mailed came in week 8, a ninth of those held out."""
    arms = batch_arms(workspace)
    sums = arms.group_by("batch", "arm", "stratum", "mailing_week").agg(
        pl.col("count").sum()
    )
    part = pl.when(arm="mailed").then(3).otherwise(9)
    came = sums.with_columns(
        (pl.col("count") // part).cast(pl.Int64).alias("count"),
        (pl.col("mailing_week") + timedelta(weeks=8)).alias("request_week"),
    ).select(Outcomes.column_names())
    record = record_of("batch_outcomes", "outcomes", came.height, now=NOW)
    adopt(workspace, record, {"outcomes": Outcomes.validate(came)}, now=NOW)


def _said(test: AppTest) -> str:
    return "\n".join(str(getattr(node, "proto", "")) for node in test.main)


def _json_of(workspace: Workspace, *words: str) -> dict[str, object]:
    home = ["--home", str(workspace.settings.home), "--json"]
    told: dict[str, object] = json.loads(
        CliRunner().invoke(app, [*words, *home]).stdout
    )
    return told


def test_an_empty_home_says_what_to_do_for_a_plan_a_batch_and_an_effect(
    open_page: Open, empty_home: Path
):
    told = [node.value for node in open_page(empty_home, "peaks").info]
    for key in ("peaks.empty", "batches.empty", "did.empty", "peaks.no_requirement"):
        assert NL(key) in told


def test_what_the_page_tells_is_what_the_command_line_prints(
    open_page: Open, mailed: Workspace
):
    test = open_page(mailed.settings.home, "peaks")
    assert not test.exception
    status = _json_of(mailed, "status")
    said, shown = _said(test), {node.label: node.value for node in test.metric}
    letters, peak = status["letters_planned"], status["peak_load_hours"]
    assert isinstance(peak, dict)
    assert shown[NL("peaks.letters_planned")] == NL.number(float(str(letters)))
    assert shown[NL("peaks.peak_before")] == NL.hours(peak["before"])
    assert shown[NL("peaks.peak_after")] == NL.hours(peak["after"])
    over = status["weeks_over_capacity"]
    assert isinstance(over, dict)
    run = mailed.latest("reminders")
    weeks = mailed.table(run, "smoothing").collect().height
    assert NL("peaks.smoothing_alt", weeks=weeks, **over) in said
    for row in mailed.table(run, "mailing_gains").collect().to_dicts():
        if row["measure"] in (HOURS, PEAK):
            assert NL.number(row["before"], 1) in said
            assert NL.signed(row["change"], 1) in said


def test_batches_show_their_arms_who_stands_for_them_and_their_files(
    open_page: Open, mailed: Workspace
):
    told = _json_of(mailed, "reminders", "batches")["batches"]
    assert isinstance(told, list)
    (batch,) = told
    home, name = mailed.settings.home, batch["batch"]
    test = open_page(home, "peaks", show="send", mailing=name)
    said = _said(test)
    every = batch["counts"][-1]
    table = next(n for n in test.main if NL("batches.approved") in str(n.proto))
    for arm in ("mailed", "held out"):
        assert f">{NL.number(every[arm])}<" in str(table.proto)
    assert "M. Bakker" in said
    assert NL("batches.unverified") in said
    assert NL("batch_state.exported") in said
    files = [button.proto.label for button in test.get("download_button")]
    assert files == [NL(f"handing.{kind}") for kind in ("csv", "xlsx", "json")]


def test_what_letters_did_is_told_in_the_words_that_were_stored(
    open_page: Open, mailed: Workspace
):
    run = mailed.latest("effect")
    (row,) = mailed.table(run, "letters_did").filter(lead="all").collect().to_dicts()
    assert row["shown"]
    for language in ("nl", "en"):
        test = open_page(mailed.settings.home, "peaks", lang=language, show="learned")
        assert row[f"text_{language}"] in [node.value for node in test.success]


def test_what_was_measured_is_told_beside_what_was_assumed(
    open_page: Open, mailed: Workspace
):
    said = _said(open_page(mailed.settings.home, "peaks", show="learned"))
    assert NL("reply.before", value="35%") in said
    assert "measured: " in said


def test_every_document_of_the_stock_is_somewhere(mailed: Workspace):
    run = mailed.latest("reminders")
    found = mailing.whereabouts(mailed, run)
    assert found is not None
    stock = mailed.imported("expiries").select(pl.col("count").sum()).collect().item()
    assert found.total == stock
    assert run.figures["in_batches"]
    hidden = [count for count in found.counts.values() if count is None]
    known = [count for count in found.counts.values() if count is not None]
    assert sum(known) == stock or hidden


def test_a_slider_is_answered_at_once_and_its_plan_can_be_made(
    open_page: Open, mailed: Workspace
):
    test = open_page(mailed.settings.home, "peaks", show="choices")
    labels = [node.label for node in test.button]
    assert NL("quick.move") in [node.value for node in test.info]
    assert NL("quick.start") not in labels
    own = mailed.latest("reminders").id
    test.select_slider(key=f"quick_budget_{own}").set_value(500).run()
    assert not test.exception
    shown = {node.label: node.value for node in test.metric}
    assert shown[NL("quick.letters")] == NL("quick.about", value="0")
    assert NL("quick.start") in [node.label for node in test.button]


def test_a_choice_that_cannot_be_reckoned_is_said_and_breaks_nothing(
    open_page: Open, mailed: Workspace
):
    """All letters of the budget may be spent on approved batches: none are left."""
    test = open_page(mailed.settings.home, "peaks", show="choices")
    own = mailed.latest("reminders").id
    test.select_slider(key=f"quick_budget_{own}").set_value(0).run()
    assert not test.exception
    assert NL("quick.no_help") in [node.value for node in test.warning]


@pytest.fixture
def own_home(full_home: Path, tmp_path: Path) -> Path:
    """A copy of the made-up chain, to be changed."""
    return Path(shutil.copytree(full_home, tmp_path / "own"))


def test_a_plan_of_own_choices_says_so_and_its_sliders_stand_there(
    open_page: Open, mailed: Workspace, tmp_path: Path
):
    home = Path(shutil.copytree(mailed.settings.home, tmp_path / "chosen"))
    workspace = Workspace.open(Settings(home=home))
    later = NOW + timedelta(hours=2)
    run = run_reminders(
        workspace, now=later, choices=Choices(budget=1250, channel="text")
    )
    test = open_page(home, "peaks", show="choices")
    assert not test.exception
    assert test.select_slider(key=f"quick_budget_{run.id}").value == 1250
    told = f"{NL('choice.budget').lower()} 1.250"
    assert any(told in node.value and "Sms" in node.value for node in test.caption)
    assert NL("quick.move") in [node.value for node in test.info]


def test_a_plan_that_counts_on_documents_approved_since_says_so(
    open_page: Open, mailed: Workspace, tmp_path: Path
):
    home = Path(shutil.copytree(mailed.settings.home, tmp_path / "since"))
    assert NL("verdict.batches") not in [i.value for i in open_page(home, "peaks").info]
    workspace = Workspace.open(Settings(home=home))
    letters = workspace.table(workspace.latest("reminders"), "letters").collect()
    weekly = letters.group_by("mailing_week").agg(pl.col("letters").sum())
    week = weekly.sort("letters")["mailing_week"][-1]
    later = NOW + timedelta(hours=3)
    approve_batch(workspace, week=week, now=later, by="M. Bakker")
    assert NL("verdict.batches") in [i.value for i in open_page(home, "peaks").info]


def _with_plan(workspace: Workspace, **figures: object) -> None:
    tables = reminders()
    none = {"letters": tables["letters"].clear()}
    key = workspace.key("reminders", [], {"weeks": "40"}, 1)
    told = reminder_figures() | {"letters_planned": 0} | figures
    workspace.store(key, tables | none, told, now=datetime(2027, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("tried", "why"),
    [
        ({"letters": 40, HOURS: -0.3, "staff_hours": 0.1, PEAK: 0.0}, "verdict.least"),
        ({"letters": 40, HOURS: -9.0, "staff_hours": 0.1, PEAK: 2.0}, "verdict.higher"),
        ({"letters": 0, HOURS: 0.0, "staff_hours": 0.0, PEAK: 0.0}, "verdict.none_worth"),
    ],
)  # fmt: skip
def test_a_plan_without_help_says_why(
    open_page: Open, own_home: Path, tried: dict[str, float], why: str
):
    _with_plan(Workspace.open(Settings(home=own_home)), verdict=NO_HELP, tried=tried)
    test = open_page(own_home, "peaks", show="letters")
    assert not test.exception
    said = "\n".join(node.value for node in test.warning)
    assert NL("verdict.no_help") in said
    assert NL(why, least="1,0") in said
    assert NL("peaks.no_letters") in [node.value for node in test.info]


def test_a_plan_that_is_not_needed_says_so(open_page: Open, own_home: Path):
    _with_plan(Workspace.open(Settings(home=own_home)), verdict=NO_NEED)
    said = [node.value for node in open_page(own_home, "peaks").info]
    assert NL("verdict.no_need", hours="150,2") in said


def test_an_older_plan_shows_what_it_has_and_what_is_missing(
    open_page: Open, own_home: Path
):
    workspace = Workspace.open(Settings(home=own_home))
    old = reminders()
    names = ["week", "before", "after", "capacity"]
    tables = {"letters": old["letters"], "smoothing": old["smoothing"].select(names)}
    key = workspace.key("reminders", [], {}, 7)
    figures = {"letters_planned": 12}
    workspace.store(key, tables, figures, now=datetime(2027, 1, 9, tzinfo=UTC))
    for part, missing in (("weeks", "gains.empty"), ("letters", "tally.empty")):
        test = open_page(own_home, "peaks", show=part)
        assert not test.exception
        assert NL(missing) in [node.value for node in test.info]


def test_few_documents_are_not_told_on_the_page(open_page: Open, full_home: Path):
    """Three in a group too small: neither they nor what would tell them."""
    found = mailing.whereabouts(
        workspace := Workspace.open(Settings(home=full_home)),
        workspace.latest("reminders"),
    )
    assert found is not None
    assert found.total == 30_000
    assert found.counts["suppressed_small"] is None
    assert sum(count is None for count in found.counts.values()) == 2
    assert NL("tally.note") in _said(open_page(full_home, "peaks", show="letters"))
