"""A standard is tried by anybody, kept by an approver, and then asks for its hours."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from typer.testing import CliRunner

import dashboard.app.script
from dashboard.cli import app
from dashboard.labels.words import Words
from dashboard.queries import norms
from dashboard.roles import Role, User
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.keeping_standards import KeptStandard, keep_standard
from staffing.pipeline.worked_for import worked_for
from staffing.store import standards
from tests.dashboard.chromium import PATIENCE_MS, findings, settle
from tests.dashboard.conftest import Open
from tests.dashboard.filled import fill
from tests.dashboard.made_up_agenda import hours_of
from tests.dashboard.made_up_demand import NOW, WEEK
from tests.dashboard.served import open_dashboard
from tests.dashboard.test_pages import _said

WORDS = Words("nl")
PHONE = {"location": "stadhuis", "skill": "phone", "week": WEEK, "show": "norm"}
LATER = NOW + timedelta(hours=2)


class Approver:
    """Somebody with the calls of a week open on the page Staffing."""

    def __init__(self, home: Path, name: str, patch: pytest.MonkeyPatch) -> None:
        self.home, self.name, self.patch = home, name, patch
        self.page = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        for part, value in PHONE.items():
            self.page.query_params[part] = value
        self.page._page_hash = calc_hash("requirement")
        self.look()

    def look(self) -> None:
        self.patch.setenv("PIEKWIJZER_HOME", str(self.home))
        self.patch.setenv("PIEKWIJZER_ACTOR", self.name)
        self.page.run()
        assert not self.page.exception

    def slide(self, target: float) -> None:
        self.page.select_slider(key="choice_target_phone").set_value(f"{target:g}")
        self.look()

    def keep(self, reason: str) -> None:
        self.page.text_input(key="why_phone").set_value(reason)
        label = next(b for b in self.page.button if b.key == "keep_phone")
        label.click()
        self.look()


def _of(home: Path) -> Workspace:
    return Workspace.open(Settings(home=home))


def test_a_kept_standard_holds_and_the_page_says_what_is_of_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fill(tmp_path)
    bob = Approver(tmp_path, "bob", monkeypatch)
    assert list(bob.page.text_input) == []  # today's standard needs no keeping
    bob.slide(0.9)
    bob.keep("besluit van de raad")
    kept = norms.kept(_of(tmp_path), "phone")
    assert kept is not None
    assert (kept.target, kept.threshold_s, kept.by) == (0.9, 25.0, "bob")
    said = _said(bob.page)
    assert "besluit van de raad" in said
    now, before = (
        WORDS("slots.within", share=share, time="25 s") for share in ("90%", "80%")
    )
    told = [warning.value for warning in bob.page.warning]
    assert WORDS("norms.changed", now=now, worked=before) in told
    shown = {card.label: card.value for card in bob.page.metric}[WORDS("slots.target")]
    assert shown == before  # what stands there was worked out for it
    last = _of(tmp_path).ledger.trail(last=1)[0]
    assert (last.by, last.action, last.subject) == ("bob", "standard", "phone")
    next(b for b in bob.page.button if b.key == "drop_phone").click()
    bob.look()
    assert norms.kept(_of(tmp_path), "phone") is None


def test_without_a_reason_nothing_is_kept_and_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fill(tmp_path)
    bob = Approver(tmp_path, "bob", monkeypatch)
    bob.slide(0.9)
    bob.keep("  ")
    assert [error.value for error in bob.page.error] == ["Vul in: Waarom deze norm."]
    assert norms.kept(_of(tmp_path), "phone") is None


def test_what_another_kept_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Who looked at the old standard is told who was first, and keeps what was typed."""
    fill(tmp_path)
    bob = Approver(tmp_path, "bob", monkeypatch)
    bob.slide(0.9)
    anna = Workspace.open(Settings(home=tmp_path, actor="anna"))
    kept = KeptStandard("phone", 0.7, 25.0, "bezuiniging")
    keep_standard(anna, kept, seen=None, now=LATER)
    bob.keep("besluit van de raad")
    assert any("anna" in warning.value for warning in bob.page.warning)
    assert standards(_of(tmp_path)).skill["phone"].target == 0.7
    assert bob.page.text_input(key="why_phone").value == "besluit van de raad"


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.viewer, False), (Role.planner, False), (Role.approver, True)],
)
def test_everybody_tries_a_standard_and_an_approver_keeps_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role, may: bool
):
    fill(tmp_path)
    user = User("somebody", frozenset({role}))
    monkeypatch.setattr("dashboard.pages.door.owner", lambda _: user)
    page = Approver(tmp_path, "somebody", monkeypatch)
    page.slide(0.9)
    shown = {card.label: card.value for card in page.page.metric}
    hours = WORDS.hours(hours_of(1.0, 0.9, 25.0), 1)
    assert shown[WORDS("whatif.hours")] == hours
    assert bool(list(page.page.text_input)) == may
    said = [caption.value for caption in page.page.caption]
    assert (WORDS("norms.who") in said) != may


def test_a_form_that_was_drawn_for_an_approver_is_refused_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The server asks again at the press: the role may be gone, and the trail tells."""
    workspace = fill(tmp_path)
    bob = Approver(tmp_path, "bob", monkeypatch)
    bob.slide(0.9)
    monkeypatch.setattr(
        "dashboard.pages.view.allowed", lambda *_: True
    )  # the page still offers it
    planner = User("bob", frozenset({Role.planner}))
    monkeypatch.setattr("dashboard.pages.door.owner", lambda _: planner)
    bob.keep("toch")
    assert norms.kept(workspace, "phone") is None
    last = workspace.ledger.trail(last=1)[0]
    assert (last.action, last.subject, last.detail) == (
        "refused",
        "phone",
        "set_standard",
    )


def test_a_requirement_that_told_its_standards_is_shown_with_these(
    open_page: Open, tmp_path: Path
):
    workspace = fill(tmp_path)
    run = workspace.latest("requirement")
    now = standards(workspace).skill["phone"]
    assert worked_for(workspace, run, "phone") == now  # an older one does not tell
    figures = {"standards": {"phone": {"target": 0.7, "threshold_s": 30.0}}}
    key = workspace.key("requirement", ["told"], {}, 0)
    tables = {
        name: workspace.table(run, name).collect()
        for name in ("requirement", "weekly_load", "requirement_weeks", "work")
    }
    workspace.store(key, tables, {**run.figures, **figures}, now=LATER)
    test = open_page(tmp_path, "requirement", **PHONE)
    worked = WORDS("slots.within", share="70%", time="30 s")
    assert {card.value for card in test.metric} >= {worked}
    asked = WORDS("slots.within", share="80%", time="25 s")
    changed = WORDS("norms.changed", now=asked, worked=worked)
    assert changed in [warning.value for warning in test.warning]


def _hours(page: Page) -> Locator:
    card = page.locator("[data-testid='stMetric']", has_text=WORDS("whatif.hours"))
    return card.locator("[data-testid='stMetricValue']")


def test_change_the_target_see_hours_change_and_keep_it(
    browser: Browser, tmp_path: Path
):
    """By keyboard, in a real browser; afterwards the command line tells it as well."""
    fill(tmp_path)
    with open_dashboard(Settings(home=tmp_path)) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        choice = "&".join(f"{name}={value}" for name, value in PHONE.items())
        page.goto(f"{address}/requirement?lang=nl&{choice}")
        settle(page, WORDS("pages.requirement"))
        before = WORDS.hours(hours_of(1.0, 0.8, 25.0), 1)
        expect(_hours(page)).to_have_text(before)
        thumb = page.get_by_role("slider", name=WORDS("whatif.target"))
        thumb.focus()
        thumb.press("ArrowRight")
        keep = page.get_by_role("button", name="vast")
        expect(keep).to_be_visible(timeout=PATIENCE_MS)
        expect(_hours(page)).not_to_have_text(before, timeout=PATIENCE_MS)
        page.get_by_role("textbox", name=WORDS("norms.reason")).fill("begroting 2027")
        keep.click()
        kept = page.get_by_text("begroting 2027", exact=False)
        expect(kept.first).to_be_visible(timeout=PATIENCE_MS)
        settle(page, WORDS("pages.requirement"))
        assert findings(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert findings(page) == []
        page.goto(f"{address}/?lang=nl")
        settle(page, WORDS("pages.overview"))
        expect(page.get_by_text(WORDS("overview.stale")).first).to_be_visible()
        page.close()
    done = CliRunner().invoke(app, ["status", "--json", "--home", str(tmp_path)])
    status = json.loads(done.stdout)
    assert "requirement" in status["out_of_date"]
    assert "forecast" not in status["out_of_date"]
    assert status["standards_kept"]["phone"].endswith("in 25 s")
