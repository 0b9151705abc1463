"""Letters are approved on the page by a second person, of the plan that was looked at."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from dashboard.labels.words import label_catalogue
from dashboard.pages.asking import READ
from dashboard.pages.letters import LETTERS, taking
from dashboard.queries.approvals import preview, to_approve
from dashboard.roles import Role, User
from forecasting.calendar import monday, week_name
from forecasting.errors import OvertakenError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch, told_of
from staffing.pipeline.withdrawing import withdraw_batch
from staffing.reminders.batches.stored import APPROVED, batches
from staffing.reminders.batches.tables import QUOTA_ARMS
from tests.dashboard.made_up_staffing import reminders
from tests.dashboard.test_pages import _said
from tests.staffing.batch_cases import letters

WORDS = label_catalogue("nl")
NOW = datetime.now(UTC)  # noqa: TID251 - the page knows only the real time
WEEK = monday(NOW.date()) + timedelta(weeks=10)
WEEKS = (WEEK, WEEK + timedelta(weeks=1))
PREPARE = f"prepare_{week_name(WEEK)}"


def plan(
    home: Path,
    actor: str,
    seed: int = 0,
    *,
    at: datetime = NOW,
    channel: str = "letter",
) -> Workspace:
    """A plan with letters in two weeks, made by somebody."""
    workspace = Workspace.open(Settings(home=home, actor=actor))
    key = workspace.key("reminders", [], {"weeks": "52"}, seed)
    tables = {**reminders(), "letters": letters(weeks=WEEKS, seed=seed)}
    figures = {"letters_planned": 1, "settings": {"channel": channel}}
    workspace.store(key, tables, figures, now=at)
    return workspace


class Reader:
    """Somebody with the page of peaks and letters open."""

    def __init__(
        self, home: Path, name: str, patch: pytest.MonkeyPatch, week: date | None = None
    ) -> None:
        patch.setenv("PIEKWIJZER_HOME", str(home))
        patch.setenv("PIEKWIJZER_ACTOR", name)
        self.page = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        self.page.query_params["lang"] = "nl"
        self.page.query_params["show"] = "send"
        if week is not None:
            self.page.query_params["mailing"] = week_name(week)
        self.page._page_hash = calc_hash("peaks")
        self.page.run()
        assert not self.page.exception

    def approve(self) -> None:
        self.press("approve")

    def press(self, key: str) -> None:
        next(b for b in self.page.button if b.key == key).click().run()
        assert not self.page.exception


def _errors(reader: Reader) -> list[str]:
    return [error.value for error in reader.page.error]


def test_a_second_person_approves_what_stands_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first week that waits; without a login it is told as unverified."""
    workspace = plan(tmp_path, "anna")
    Reader(tmp_path, "bob", monkeypatch).approve()
    (batch,) = batches(workspace)
    assert batch.mailing_week == WEEK
    step = batch.steps[APPROVED]
    assert (step.by, step.verified) == ("bob", False)
    run = workspace.latest("reminders")
    assert list(to_approve(workspace, run, WEEK)) == [WEEKS[1]]


def test_who_made_the_plan_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is approved, whatever the roles."""
    workspace = plan(tmp_path, "anna")
    anna = Reader(tmp_path, "anna", monkeypatch)
    anna.approve()
    assert WORDS["approval.no_name"] in _errors(anna)  # it is not filled in for her
    anna.page.text_input(key="approver").set_value("Anna")
    anna.approve()
    assert WORDS["approval.same"].format(name="Anna") in _errors(anna)
    assert batches(workspace) == []


def test_a_week_is_shown_before_approval_as_it_is_told_after(tmp_path: Path):
    """Looking stores nothing; every number is that of the batch that comes of it."""
    workspace = plan(tmp_path, "anna")
    seen = preview(workspace, workspace.latest("reminders"), WEEK)
    assert batches(workspace) == []
    batch = approve_batch(workspace, week=WEEK, now=NOW, by="bob")
    told = told_of(workspace, batch)
    assert seen.draft.letters == batch.letters
    assert seen.shown.counts.equals(told.counts)
    for arm in QUOTA_ARMS:
        assert seen.shown.of(arm).equals(told.of(arm))


@pytest.mark.parametrize(
    ("channel", "paper"), [("letter", 1.0), ("message_box", 0.37), ("text", 0.0)]
)
def test_only_paper_costs_print_and_postage(tmp_path: Path, channel: str, paper: float):
    """Those sent as such, and those that follow a message that is not read."""
    workspace = plan(tmp_path, "anna", channel=channel)
    draft = preview(workspace, workspace.latest("reminders"), WEEK).draft
    assert draft.paper_letters == pytest.approx(
        paper * draft.letters, abs=0.1 * draft.letters
    )
    assert (draft.paper_letters == 0) == (channel == "text")


def test_another_plan_than_the_one_looked_at_is_not_approved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Who planned again meanwhile is told; a second look approves the new plan."""
    workspace = plan(tmp_path, "anna")
    bob = Reader(tmp_path, "bob", monkeypatch)
    plan(tmp_path, "carla", seed=1, at=NOW + timedelta(seconds=1))
    bob.approve()
    assert any("carla" in warning.value for warning in bob.page.warning)
    assert batches(workspace) == []
    bob.approve()
    (batch,) = batches(workspace)
    assert batch.run == workspace.latest("reminders").id


def test_who_approves_twice_is_told_it_is_done_and_who_comes_second_by_whom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A second press before the page answered, or in another window."""
    workspace = plan(tmp_path, "anna")
    open_before = [Reader(tmp_path, name, monkeypatch) for name in ("bob", "carla")]
    Reader(tmp_path, "bob", monkeypatch).approve()
    for reader, name in zip(open_before, ("bob", "carla"), strict=True):
        monkeypatch.setenv("PIEKWIJZER_ACTOR", name)
        reader.approve()
    (batch,) = batches(workspace)
    assert batch.steps[APPROVED].by == "bob"
    again, second = ([one.value for one in r.page.success] for r in open_before)
    assert WORDS["approval.done"].split("{")[0] in "".join(again)
    assert not open_before[0].page.warning
    assert second == []
    assert any("bob" in warning.value for warning in open_before[1].page.warning)


def test_what_came_of_a_press_is_told_until_it_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The page is drawn again when a task ends: the line must not go with that."""
    plan(tmp_path, "anna")
    bob = Reader(tmp_path, "bob", monkeypatch)
    bob.approve()
    for _ in range(2):
        assert len(bob.page.success) == 1
        bob.page.run()
    told = bob.page.session_state[f"{LETTERS}_told"]
    early = replace(told, first=told.first - READ)
    bob.page.session_state[f"{LETTERS}_told"] = early
    bob.page.run()
    assert not bob.page.success


def test_what_is_wrong_with_a_form_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Below it, and not a second time at the end of the page."""
    plan(tmp_path, "anna")
    anna = Reader(tmp_path, "anna", monkeypatch)
    for _ in range(2):
        anna.approve()
        assert _errors(anna) == [WORDS["approval.no_name"]]


def test_a_week_that_waits_tells_who_made_its_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """So that who is to approve it knows that it was somebody else."""
    plan(tmp_path, "anna")
    page = Reader(tmp_path, "bob", monkeypatch).page
    rows = [row for row in _said(page).split("<tr") if WORDS["approval.waits"] in row]
    assert len(rows) == len(WEEKS)
    assert all("anna" in row for row in rows)


def test_who_may_not_hand_out_settles_no_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """An approver is not offered it, and a press all the same is refused and recorded."""
    workspace = plan(tmp_path, "anna")
    approve_batch(workspace, week=WEEK, now=NOW, by="bob")
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    approver = User("bob", frozenset({Role.approver}))
    monkeypatch.setattr("dashboard.pages.door.owner", lambda _: approver)
    later = Reader(tmp_path, "bob", monkeypatch, WEEK).page
    assert WORDS["handing.who"] in [caption.value for caption in later.caption]
    monkeypatch.setattr("dashboard.pages.view.allowed", lambda *_: True)
    bob.press(PREPARE)
    (batch,) = batches(workspace)
    assert batch.content is None
    last = workspace.ledger.trail(last=1)[0]
    told = (last.by, last.action, last.subject, last.detail)
    assert told == ("bob", "refused", f"batch {batch.name}", "hand_out")


def test_a_disk_that_takes_no_files_is_told_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One line with what to do; nothing is settled, and nothing is left behind."""
    workspace = plan(tmp_path, "anna")
    approve_batch(workspace, week=WEEK, now=NOW, by="bob")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    monkeypatch.setattr(taking, "TemporaryDirectory", full)
    bob.press(PREPARE)
    (told,) = _errors(bob)
    assert "de schijf is vol" in told
    assert batches(workspace)[0].content is None
    monkeypatch.undo()
    Reader(tmp_path, "bob", monkeypatch, WEEK).press(PREPARE)
    (batch,) = batches(workspace)
    assert (batch.content, batch.last.by) == ("quota", "bob")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_press_on_a_batch_that_was_withdrawn_settles_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Neither on the page nor by a file that is asked for from an open page."""
    workspace = plan(tmp_path, "anna")
    approve_batch(workspace, week=WEEK, now=NOW, by="bob")
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    withdraw_batch(workspace, week=WEEK, now=NOW, by="carla", reason="wrong stock")
    later = approve_batch(workspace, week=WEEK, now=NOW, by="carla")
    bob.press(PREPARE)
    with pytest.raises(OvertakenError, match=f"batch {week_name(WEEK)} was changed by"):
        export_batch(
            workspace, week=WEEK, now=NOW, out=tmp_path / "out", name=week_name(WEEK)
        )
    assert batches(workspace)[-1] == later
    done = export_batch(
        workspace, week=WEEK, now=NOW, out=tmp_path / "out", name=later.name
    )
    assert done.batch.name == later.name
