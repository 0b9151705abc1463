"""The overview: the next peak and its cause, and whose turn each decision is."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from dashboard.labels.words import LANGUAGES, Words
from dashboard.queries import chain, load
from dashboard.queries.letters_ahead import letters_ahead
from dashboard.queries.next_peak import AROUND, why
from forecasting.calendar import parse_week, week_name
from forecasting.insight_tables import Peaks
from forecasting.records import RosterRecord, RosterStepRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.keeping_standards import KeptStandard, keep_standard
from staffing.tables import WeeklyLoad
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_demand import NOW
from tests.dashboard.made_up_staffing import weekly_load, work
from tests.dashboard.test_pages import _said
from tests.empty_home import open_home

MONDAY = NOW.date() - timedelta(days=NOW.date().weekday())


def _peak(capacity: float | None = 100.0) -> load.Peak:
    return load.Peak("stadhuis", "phone", WEEK, 120.0, 130.0, 140.0, capacity)


WEEK = MONDAY + timedelta(weeks=6)


def _sentences(*rows: tuple[str, float, float]) -> pl.DataFrame:
    """Peaks of groups in the week: name, expected and usual."""
    return Peaks.validate(
        pl.DataFrame(
            [
                {
                    "group": group, "week": WEEK, "expected": expected,
                    "q75": expected * 1.1, "usual": usual, "first": WEEK, "last": WEEK,
                    "top": True, "text_nl": f"Week: {group} nl.",
                    "text_en": f"Week: {group} en.",
                }
                for group, expected, usual in rows
            ]
        ),
        cast=True,
    )  # fmt: skip


def _home(tmp_path: Path, told: pl.DataFrame, capacities: list[float]) -> Workspace:
    """A forecast that names peaks, and a requirement with these capacities around WEEK."""
    workspace = open_home(Settings(home=tmp_path))
    key = workspace.key("forecast", [], {}, 0)
    workspace.store(key, {"peaks": told}, {}, now=NOW)
    rows = [
        {
            "location": "stadhuis", "skill": "phone",
            "week": WEEK + timedelta(weeks=i - len(capacities) // 2),
            "hours": 90.0, "hours_q75": 95.0, "hours_at_hand": None, "capacity": one,
        }
        for i, one in enumerate(capacities)
    ]  # fmt: skip
    tables = {
        "weekly_load": WeeklyLoad.validate(pl.DataFrame(rows), cast=True),
        "work": work(),
    }
    needed = workspace.key("requirement", [key.id], {}, 0)
    workspace.store(needed, tables, {}, now=NOW)
    return workspace


def test_the_sentence_is_of_the_group_of_the_team_that_is_furthest_above_its_usual(
    tmp_path: Path,
):
    """Calls come to the phone team; walk-ins stand out more, and are another team's."""
    told = _sentences(("walk_in", 900.0, 100.0), ("phone", 500.0, 400.0))
    workspace = _home(tmp_path, told, [100.0] * 9)
    run = workspace.latest("requirement")
    found = why(workspace, run, _peak())
    assert (found.text_nl, found.text_en) == ("Week: phone nl.", "Week: phone en.")
    assert found.usual is None


def test_of_a_week_that_the_forecast_does_not_name_nothing_is_made_up(tmp_path: Path):
    workspace = _home(tmp_path, Peaks.create_empty(), [100.0] * 9)
    found = why(workspace, workspace.latest("requirement"), _peak())
    assert (found.text_nl, found.text_en, found.usual) == (None, None, None)


def test_less_capacity_than_in_the_weeks_around_is_told_as_a_cause(tmp_path: Path):
    around = [150.0, 160.0, 170.0, 160.0, 90.0, 150.0, 170.0, 180.0, 160.0]
    workspace = _home(tmp_path, Peaks.create_empty(), around)
    run = workspace.latest("requirement")
    own = sorted(around[:4] + around[5:])
    assert 2 * AROUND / timedelta(weeks=1) == len(own)
    assert why(workspace, run, _peak(90.0)).usual == (own[3] + own[4]) / 2
    assert why(workspace, run, _peak(158.0)).usual is None
    assert why(workspace, run, _peak(None)).usual is None


def test_a_forecast_that_the_requirement_did_not_read_explains_nothing(tmp_path: Path):
    workspace = _home(tmp_path, _sentences(("phone", 500.0, 400.0)), [100.0] * 9)
    key = workspace.key("requirement", ["another"], {}, 0)
    tables = {"weekly_load": weekly_load(), "work": work()}
    run = workspace.store(key, tables, {}, now=NOW)
    assert why(workspace, run, _peak()).text_nl is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_why_the_next_peak_comes(
    open_page: Open, full_home: Path, language
):
    words = Words(language)
    test = open_page(full_home, "overview", lang=language)
    workspace = Workspace.open(Settings(home=full_home))
    first = parse_week("2026-W48")
    peak = load.peaks(workspace, workspace.latest("requirement"), first=first)[0]
    title = words(
        "overview.why",
        week=words.short_week(peak.week),
        team=words.named("skill", peak.skill),
        place=words.named("location", peak.location),
    )
    told = [text.value for text in test.markdown if title in text.value]
    assert len(told) == 1
    assert (
        words("overview.why_unknown") in told[0]
    )  # the made-up peaks are of other weeks


@pytest.mark.parametrize(("ahead", "told"), [(4, False), (12, True)])
def test_a_next_peak_after_the_weeks_of_the_table_is_named_below_it(
    open_page: Open, tmp_path: Path, ahead: int, told: bool
):
    workspace = fill(tmp_path)
    week = parse_week("2026-W48") + timedelta(weeks=ahead)
    run = workspace.latest("requirement")
    figures = {**run.figures, "peak_weeks": {"stadhuis/counter": [week_name(week)]}}
    tables = {"weekly_load": weekly_load(), "work": work()}
    key = workspace.key("requirement", ["another"], {}, 0)
    workspace.store(key, tables, figures, now=NOW + timedelta(hours=3))
    words = Words("nl")
    said = [one.value for one in open_page(tmp_path, "overview").markdown]
    assert (words("overview.peak_later", week=words.week(week)) in said) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_decision_tells_whose_turn_it_is(
    open_page: Open, full_home: Path, language
):
    """A promise that is missed is the planner's, letters to approve the approver's."""
    words = Words(language)
    said = _said(open_page(full_home, "overview", lang=language))
    missed = words(
        "decision.missed",
        skill=words.named("skill", "counter"),
        week=words.week("2027-W02"),
        share=words.share(0.874, 1),
        target=words.share(0.9),
    )
    planner, approver = (
        words("decision.turn", role=words(f"role.{role}"))
        for role in ("planner", "approver")
    )
    assert f"{missed} \N{MIDDLE DOT} *{planner}*" in said
    workspace = Workspace.open(Settings(home=full_home))
    run = workspace.latest("reminders")
    ahead = letters_ahead(workspace, run, parse_week("2026-W48"))
    count = words.number(ahead.unapproved)
    letters = words("decision.letters", week=words.week("2026-W48"), letters=count)
    assert f"{letters} \N{MIDDLE DOT} *{approver}*" in said


def test_a_task_that_meets_its_promise_asks_for_no_decision(
    open_page: Open, full_home: Path
):
    words = Words("nl")
    said = _said(open_page(full_home, "overview"))
    assert f"{words.named('skill', 'counter')} haalt" in said
    assert f"{words.named('skill', 'phone')} haalt" not in said


def test_after_a_standard_is_kept_the_overview_asks_to_work_out_staffing_again(
    open_page: Open, tmp_path: Path
):
    workspace = fill(tmp_path)
    kept = KeptStandard("phone", 0.9, 25.0, "asked for")
    keep_standard(workspace, kept, seen=None, now=NOW)
    stale = {step.kind for step in chain.steps(workspace) if step.is_stale}
    assert "forecast" not in stale
    assert "requirement" in stale
    said = _said(open_page(tmp_path, "overview"))
    assert Words("nl")("overview.stale") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_earlier_forecast_that_came_true_or_not_is_told_with_its_error(
    open_page: Open, tmp_path: Path, language
):
    words = Words(language)
    workspace = fill(tmp_path)
    told = [c.value for c in open_page(tmp_path, "overview", lang=language).caption]
    assert words("overview.error_note", share=words.share(0.894)) in told
    run = workspace.latest("forecast")
    figures = {**run.figures, "verification": {"wape": 0.137}, "forecast_warnings": 2}
    key = workspace.key("forecast", ["later"], {}, 0)
    workspace.store(key, {}, figures, now=NOW + timedelta(hours=3))
    test = open_page(tmp_path, "overview", lang=language)
    told = [caption.value for caption in test.caption]
    assert words("overview.came_true", share=words.share(0.137, 1)) in told
    assert words("decision.warned", count=2) in _said(test)
    said = _said(open_page(tmp_path, "board", lang=language))
    assert words("board.warned", count=2) in said


@pytest.mark.parametrize(
    ("weeks", "state", "asked"),
    [(2, "verified", True), (2, "published", False), (5, "verified", False)],
)
def test_a_roster_within_the_notice_that_nobody_published_asks_for_a_decision(
    open_page: Open, tmp_path: Path, weeks: int, state: str, asked: bool
):
    """The notice is 28 days; a week further off can wait."""
    workspace = fill(tmp_path)
    run = workspace.latest("roster").id
    week = parse_week("2026-W48") + timedelta(weeks=weeks)
    record = RosterRecord(week=week, version=1, run=run, file=run, state=state)
    steps = [
        RosterStepRecord(week=week, version=1, state=one, at=NOW, by="anna", people=[])
        for one in dict.fromkeys(("draft", "verified", state))
    ]
    with workspace.ledger.writing() as session:
        session.add(record)
        session.flush()
        session.add_all(steps)
    words = Words("nl")
    said = _said(open_page(tmp_path, "overview"))
    told = words("decision.unpublished", week=words.week(week))
    assert (told in said) == asked
