"""Letters that follow the messages of a batch: told, printed and paid for."""

import json
import shutil
from datetime import timedelta

import pytest

from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import after_batches
from staffing.pipeline.exporting_batch import export_batch
from staffing.pipeline.response_inputs import reminder_settings
from staffing.pipeline.withdrawing import withdraw_batch
from tests.staffing.batch_cases import NEXT, NOW, WEEK, approved, letters

UNREAD = 0.42
"""Of the message box after three weeks, as shipped."""


@pytest.fixture
def home(new_home, tmp_path) -> Workspace:
    """A town that writes to the message box."""
    made = new_home("home")
    config = tmp_path / "config"
    shutil.copytree(made.settings.config, config)
    file = config / "reminders.toml"
    told = file.read_text().replace('channel = "letter"', 'channel = "message_box"', 1)
    file.write_text(told)
    settings = made.settings.model_copy(update={"config": config})
    return Workspace(settings, made.lake, made.ledger)


def due(home: Workspace) -> tuple[tuple[object, int], ...]:
    settings = reminder_settings(home)
    return after_batches(home, settings.plan, settings.response, WEEK).due


def test_letters_that_follow_come_off_quota_and_budget_in_their_week(home):
    for batch in approved(home, None, WEEK, NEXT):
        week = batch.mailing_week + timedelta(weeks=3)
        assert (week, round(UNREAD * batch.letters)) in due(home)
    settings = reminder_settings(home)
    left = after_batches(home, settings.plan, settings.response, WEEK)
    assert left.budget == settings.plan.budget - sum(n for _, n in due(home))
    withdraw_batch(home, week=WEEK, now=NOW, reason="wrong week", by="Bea")
    assert len(due(home)) == 1


def test_the_manifest_expects_them(home, tmp_path):
    approved(home)
    files = export_batch(home, week=WEEK, now=NOW, out=tmp_path).files
    told = json.loads(files[-1].read_text("utf-8"))
    mailed = told["counts"][-1]["mailed"]
    assert told["paper_letters_expected"] == {
        "week": "2027-W08",
        "share": UNREAD,
        "letters": round(UNREAD * mailed),
    }


def test_a_number_that_is_hidden_gives_no_number_of_letters(home, tmp_path):
    """Three services with few letters: their total is not told either."""
    few = letters().filter(mailing_week=WEEK, service="passport").head(2)
    approved(home, few)
    files = export_batch(home, week=WEEK, now=NOW, out=tmp_path).files
    told = json.loads(files[-1].read_text("utf-8"))
    expected = told["paper_letters_expected"]["letters"]
    mailed = told["counts"][-1]["mailed"]
    assert expected is None or (mailed is not None and expected >= 5)
    assert mailed is None or mailed * UNREAD >= 4.5 or expected is None


def test_a_letter_has_none_after_it(new_home, tmp_path):
    home = new_home("home")
    approved(home)
    files = export_batch(home, week=WEEK, now=NOW, out=tmp_path).files
    assert json.loads(files[-1].read_text("utf-8"))["paper_letters_expected"] is None
