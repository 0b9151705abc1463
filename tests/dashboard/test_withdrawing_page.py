"""A batch is withdrawn on the page as it was looked at, by who may, with a reason."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.labels.words import Words, label_catalogue
from dashboard.queries.approvals import to_approve
from dashboard.roles import Role, User
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch
from staffing.pipeline.withdrawing import withdraw_batch
from staffing.reminders.batches.stored import WITHDRAWN, Batch, batches
from tests.dashboard.test_batches_page import NOW, WEEK, Reader, plan

LABELS, SAY = label_catalogue("nl"), Words("nl")
WHY = "verkeerde stand van het register"
Patch = pytest.MonkeyPatch


def _batch(home: Path) -> Batch:
    """A batch of the first week, approved by Bob."""
    return approve_batch(plan(home, "anna"), week=WEEK, now=NOW, by="bob")


def _log_in(patch: Patch, name: str, *roles: Role) -> None:
    user = User(name, frozenset(roles), verified=True)
    patch.setattr("dashboard.pages.door.owner", lambda _: user)


def _fill(reader: Reader, batch: Batch, *, reason: str = WHY) -> None:
    key = f"withdraw_reason_{batch.name}"
    reader.page.text_input(key=key).set_value(reason)


def _said(reader: Reader) -> str:
    page = reader.page
    return "\n".join(one.value for one in (*page.error, *page.warning, *page.success))


def _tables(reader: Reader) -> str:
    return "\n".join(str(one.proto.body) for one in reader.page.get("html"))


def test_an_approver_withdraws_and_the_page_tells_who_and_why(
    tmp_path: Path, monkeypatch: Patch
):
    """Under the name of the login; the week can be approved again, the batch stays told."""
    batch = _batch(tmp_path)
    _log_in(monkeypatch, "carla@stad.example", Role.approver)
    carla = Reader(tmp_path, "server", monkeypatch, WEEK)
    assert [box.key for box in carla.page.checkbox] == []  # nothing was handed out
    _fill(carla, batch)
    carla.press("withdraw")
    assert SAY("withdrawal.done", week=SAY.week(WEEK)) in _said(carla)
    workspace = plan(tmp_path, "anna", seed=2, at=NOW + timedelta(seconds=2))
    (kept,) = batches(workspace)
    step = kept.steps[WITHDRAWN]
    assert (step.by, step.verified, step.reason) == ("carla@stad.example", True, WHY)
    deed = next(e for e in workspace.ledger.trail(last=4) if e.action == WITHDRAWN)
    assert (deed.by, deed.subject) == (step.by, f"batch {batch.name}")
    assert "unverified" not in deed.detail
    assert SAY("batches.reason", reason=WHY) in _tables(carla)
    assert "carla@stad.example" in _tables(carla)
    assert WEEK in to_approve(workspace, workspace.latest("reminders"), WEEK)


@pytest.mark.parametrize(
    ("reason", "key", "values"),
    [
        ("", "fault.empty", {}),
        ("brief aan 111222333", "fault.bsn", {}),
    ],
)
def test_what_is_wrong_is_told_by_the_labels_of_the_form(
    tmp_path: Path, monkeypatch: Patch, reason: str, key: str, values: dict[str, str]
):
    """No option of the command; what was typed still stands there."""
    batch = _batch(tmp_path)
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    _fill(bob, batch, reason=reason)
    bob.press("withdraw")
    field = LABELS["withdrawal.reason"]
    assert SAY(key, field=field, **values) in _said(bob)
    assert "--" not in _said(bob)
    kept = bob.page.text_input(key=f"withdraw_reason_{batch.name}").value
    assert kept == reason
    workspace = plan(tmp_path, "anna")
    assert not batches(workspace)[0].withdrawn


def test_what_was_handed_out_takes_the_statement_that_nothing_was_sent(
    tmp_path: Path, monkeypatch: Patch
):
    """Told by the label of its box; with the box ticked it is withdrawn."""
    batch = _batch(tmp_path)
    workspace = plan(tmp_path, "anna")
    export_batch(workspace, week=WEEK, now=NOW, out=tmp_path / "out")
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    _fill(bob, batch)
    bob.press("withdraw")
    label = LABELS["withdrawal.not_sent"]
    assert SAY("fault.unstated", field=label) in _said(bob)
    assert not batches(workspace)[0].withdrawn
    bob.page.checkbox(key=f"withdraw_not_sent_{batch.name}").check()
    bob.press("withdraw")
    assert batches(workspace)[0].withdrawn


def test_who_was_first_is_told_and_a_batch_of_after_it_stays(
    tmp_path: Path, monkeypatch: Patch
):
    """Withdrawn and approved anew while Bob read: his press is of what he looked at."""
    batch = _batch(tmp_path)
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    workspace = plan(tmp_path, "anna")
    withdraw_batch(workspace, week=WEEK, now=NOW, reason="fout", by="Dora")
    approve_batch(workspace, week=WEEK, now=NOW, by="Evert")
    _fill(bob, batch)
    bob.press("withdraw")
    assert "Dora" in _said(bob)
    assert [one.withdrawn for one in batches(workspace)] == [True, False]


def test_an_approval_of_what_somebody_else_approved_is_told(
    tmp_path: Path, monkeypatch: Patch
):
    """The press is not lost: the page says who was first."""
    workspace = plan(tmp_path, "anna")
    bob = Reader(tmp_path, "bob", monkeypatch)
    approve_batch(workspace, week=WEEK, now=NOW, by="Carla")
    bob.approve()
    assert "Carla" in _said(bob)
    (batch,) = batches(workspace)
    assert batch.steps["approved"].by == "Carla"


@pytest.mark.parametrize("role", [Role.viewer, Role.planner, Role.administrator])
def test_who_may_not_is_not_offered_it_and_a_press_is_refused_and_recorded(
    tmp_path: Path, monkeypatch: Patch, role: Role
):
    batch = _batch(tmp_path)
    reader = Reader(tmp_path, "eve", monkeypatch, WEEK)
    _fill(reader, batch)
    _log_in(monkeypatch, "eve", role)
    reader.press("withdraw")
    workspace = plan(tmp_path, "anna")
    assert not batches(workspace)[0].withdrawn
    entry = next(e for e in workspace.ledger.trail(last=3) if e.by == "eve")
    assert (entry.action, entry.subject) == ("refused", f"batch {batch.name}")
    later = Reader(tmp_path, "eve", monkeypatch, WEEK).page
    assert "withdraw" not in [button.key for button in later.button]
    if role is Role.viewer:
        assert LABELS["batches.heading"] not in [one.value for one in later.header]


@pytest.mark.parametrize("role", [Role.viewer, Role.planner, Role.administrator])
def test_who_may_not_approve_is_refused_by_a_press_all_the_same(
    tmp_path: Path, monkeypatch: Patch, role: Role
):
    workspace = plan(tmp_path, "anna")
    eve = Reader(tmp_path, "eve", monkeypatch)
    _log_in(monkeypatch, "eve", role)
    eve.approve()
    assert batches(workspace) == []
    last = workspace.ledger.trail(last=1)[0]
    assert (last.by, last.action, last.detail) == ("eve", "refused", "approve")


@pytest.mark.parametrize(
    "name", ["2027-W99", "'; DROP TABLE batches; --", "", "x" * 5000, "2027-W05-9"]
)
def test_an_address_that_names_no_batch_of_ours_shows_the_page_and_changes_nothing(
    tmp_path: Path, monkeypatch: Patch, name: str
):
    batch = _batch(tmp_path)
    bob = Reader(tmp_path, "bob", monkeypatch, WEEK)
    bob.page.query_params["mailing"] = name
    bob.page.query_params["batch"] = name
    bob.page.run()
    assert not bob.page.exception
    assert not bob.page.error
    workspace = plan(tmp_path, "anna")
    assert batches(workspace) == [batch]
