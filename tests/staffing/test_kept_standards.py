"""Standards that are kept: they hold for the next requirement, and make others out of date."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.queries.chain import figure, figure_names, steps
from forecasting.errors import InputError, OvertakenError
from forecasting.keeping import back_up, restore
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.keeping_standards import (
    KeptStandard,
    drop_standard,
    keep_standard,
)
from staffing.pipeline.requiring import run_requirement
from staffing.store import standards
from tests.conftest import Home
from tests.staffing.test_requiring import CALLS, store_forecast

STRICTER = KeptStandard("phone", 0.9, 15.0, "council asked for it")

MINUTE = timedelta(minutes=1)


def _stale(workspace: Workspace) -> set[str]:
    return {step.kind for step in steps(workspace) if step.is_stale}


def _worked_for(run: RunRecord) -> tuple[float | None, float | None]:
    path = ("standards", "phone")
    return figure(run, *path, "target"), figure(run, *path, "threshold_s")


def test_a_kept_standard_holds_until_it_is_dropped(
    any_workspace: Workspace, now: datetime
):
    before = standards(any_workspace).skill["phone"]
    number = keep_standard(any_workspace, STRICTER, seen=None, now=now)
    held = standards(any_workspace).skill["phone"]
    assert (held.target, held.threshold_s) == (0.9, 15.0)
    assert held.patience_s == before.patience_s
    assert "council asked for it" in held.source
    drop_standard(any_workspace, "phone", seen=number, now=now)
    assert standards(any_workspace).skill["phone"] == before


def test_what_was_kept_meanwhile_is_not_written_over(
    any_workspace: Workspace, now: datetime
):
    number = keep_standard(any_workspace, STRICTER, seen=None, now=now)
    looser = KeptStandard("phone", 0.7, 30.0, "no money")
    with pytest.raises(OvertakenError, match="changed by planner"):
        keep_standard(any_workspace, looser, seen=None, now=now)
    with pytest.raises(OvertakenError):
        drop_standard(any_workspace, "phone", seen=number + 1, now=now)
    assert standards(any_workspace).skill["phone"].target == 0.9
    assert len(any_workspace.ledger.trail()) == 1


def test_the_requirement_is_out_of_date_until_it_ran_with_the_kept_standard(
    workspace: Workspace, now: datetime
):
    """More hours for more calls in time; the forecast reads no standards and stays."""
    store_forecast(workspace, now, {CALLS: 600.0})
    first = run_requirement(workspace, now=now)
    assert _worked_for(first) == (0.8, 25.0)
    assert _stale(workspace) == set()
    number = keep_standard(workspace, STRICTER, seen=None, now=now)
    assert _stale(workspace) == {"requirement"}
    second = run_requirement(workspace, now=now + MINUTE)
    assert _stale(workspace) == set()
    assert second.id != first.id
    assert second.config_hash != first.config_hash
    assert _worked_for(second) == (0.9, 15.0)
    for week in figure_names(first, "required_hours"):
        before, after = (figure(r, "required_hours", week) for r in (first, second))
        assert before is not None
        assert after is not None
        assert after > before
    drop_standard(workspace, "phone", seen=number, now=now)
    assert run_requirement(workspace, now=now + 2 * MINUTE).id == first.id


def test_the_trail_tells_what_was_kept_and_by_whom(workspace: Workspace, now: datetime):
    number = keep_standard(workspace, STRICTER, seen=None, now=now)
    drop_standard(workspace, "phone", seen=number, now=now)
    told = [(e.by, e.action, e.subject, e.detail) for e in workspace.ledger.trail()]
    actor = workspace.settings.actor
    assert told == [
        (actor, "standard", "phone", "1: 90.00% in 15 s"),
        (actor, "standard_dropped", "phone", "1"),
    ]


@pytest.mark.parametrize(
    ("skill", "target", "seconds", "reason", "told"),
    [
        ("phone", 1.0, 25.0, "x", "target: expected from 0.3 to 0.99, came 1"),
        ("phone", float("nan"), 25.0, "x", "target: expected"),
        ("phone", 0.8, 0.0, "x", "threshold_s: expected from 1"),
        ("phone", 0.8, 25.0, "  ", "--reason: expected a reason"),
        ("phone", 0.8, 25.0, "mail jan@gemeente.example", "e-mail"),
        ("swimming", 0.8, 25.0, "x", "skill: expected one of .*phone.*'swimming'"),
    ],
)
def test_a_standard_that_cannot_be_is_one_clear_line(
    workspace: Workspace, now: datetime, skill, target, seconds, reason, told
):
    with pytest.raises(InputError, match=told):
        keep_standard(
            workspace, KeptStandard(skill, target, seconds, reason), seen=None, now=now
        )
    assert workspace.ledger.trail() == []


def test_a_backup_brings_kept_standards_to_another_engine(
    new_home: Home, now: datetime, tmp_path
):
    home = new_home("home", "postgresql")
    keep_standard(home, STRICTER, seen=None, now=now)
    back_up(home, tmp_path / "backup", now=now)
    other = new_home("other", "sqlite")
    restore(other, tmp_path / "backup", now=now)
    assert standards(other).skill["phone"].target == 0.9
    assert other.policy_hash("requirement") == home.policy_hash("requirement")
    assert other.policy_hash("forecast") == other.config_hash


def _say(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["standards", *words, "--home", str(home)])
    return done.exit_code, done.output


def test_the_command_line_keeps_lists_and_drops_a_standard(tmp_path: Path):
    reason = ("--reason", "budget of 2027")
    told = ("--target", "0.85", "--seconds", "25", *reason)
    assert _say(tmp_path, "keep", "phone", *told)[0] == 0
    status, said = _say(tmp_path, "list")
    assert status == 0
    assert "85% in 25 s  kept by" in said
    assert _say(tmp_path, "keep", "phone", *told[:1], "0.9", *told[2:])[0] == 0
    assert "90% in 25 s" in _say(tmp_path, "list")[1]
    assert _say(tmp_path, "drop", "phone")[0] == 0
    assert "80% in 25 s  national norm" in _say(tmp_path, "list")[1]
