"""Nobody is lost: of a plan, of plans after batches, and of what a registry hands in."""

import shutil
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.records import BatchRecord
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import export_batch, told_of
from staffing.pipeline.reminding import run_reminders
from staffing.pipeline.withdrawing import withdraw_batch
from staffing.reminders.balance import balance_of
from staffing.reminders.batches.quotas import quotas
from staffing.reminders.batches.stored import fates_of
from tests.staffing.batch_cases import NOW, WEEK, approved, documents, letters, write
from tests.staffing.reminder_cases import AS_OF, Town, crest_town
from tests.staffing.test_reminding import WEEKS, bring_in, require

REASONS = ("blocked", "applied", "appointment", "objected", "mailed", "elsewhere", "")


@pytest.fixture(scope="module")
def town() -> Town:
    return crest_town(weeks=WEEKS)


@pytest.fixture
def chain(workspace: Workspace, town: Town, now: datetime, tmp_path) -> Workspace:
    """A stock, a load, and a town where a document may get two letters."""
    config = tmp_path / "config"
    shutil.copytree(workspace.settings.config, config)
    file = config / "reminders.toml"
    file.write_text(file.read_text().replace("per_document = 1", "per_document = 2"))
    changed = workspace.settings.model_copy(update={"config": config})
    home = Workspace(changed, workspace.lake, workspace.ledger)
    bring_in(home, town.expiries, now)
    half = town.capacity["hours"][0] / 2
    require(home, town, now, [half, half])
    return home


def test_a_plan_alone_loses_nobody(town):
    plan = town.plan()
    assert balance_of(town.documents, plan.figures()).lost == 0


def test_a_plan_after_a_batch_counts_both_its_arms(chain, town, now):
    """And after it was withdrawn they are back."""
    first = run_reminders(chain, now=now)
    table = chain.table(first, "letters").collect()
    week = table["mailing_week"].min()
    batch = approve_batch(chain, week=week, now=now, by="Anna")
    second = run_reminders(chain, now=now + timedelta(hours=1))
    told = balance_of(town.documents, second.figures)
    assert told.lost == 0
    assert batch.letters <= told.places["in_batches"] <= 1.2 * batch.letters
    withdraw_batch(chain, week=week, now=now, by="Anna", reason="wrong stock")
    third = run_reminders(chain, now=now + timedelta(hours=2))
    assert balance_of(town.documents, third.figures) == balance_of(
        town.documents, first.figures
    )


def test_a_plan_with_second_letters_loses_nobody(chain, town, now):
    """Those mailed long before the stock, and thought to be left, are planned again."""
    first = run_reminders(chain, now=now)
    week = chain.table(first, "letters").collect()["mailing_week"].min()
    batch = approve_batch(chain, week=week, now=now, by="Anna")
    long_ago = AS_OF - timedelta(days=AS_OF.weekday()) - timedelta(weeks=8)
    with chain.ledger.writing() as session:
        session.get_one(BatchRecord, batch.name).mailing_week = long_ago
    second = run_reminders(chain, now=now)
    told = balance_of(town.documents, second.figures)
    assert told.lost == 0
    assert 0 < told.places["in_batches"] < batch.letters
    table = chain.table(second, "second_letters").collect()
    whole = chain.table(second, "letters").collect()
    assert second.figures["second_letters"] == table["letters"].sum() > 0
    key = table.drop("letters").columns
    both = table.join(whole, on=key, suffix="_all")
    assert both.height == table.height
    assert (both["letters"] <= both["letters_all"]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.floats(0.2, 6), st.integers(1, 40))
def test_letters_of_a_week_are_mailed_or_too_few(seed, mean, small_cell):
    """Who is held out beside them comes on top."""
    table = letters(seed=seed, mean=mean).filter(mailing_week=WEEK)
    again = table.filter(pl.int_range(pl.len()) % 3 == 0)
    _, fates = quotas(table, again, share=0.1, small_cell=small_cell, seed=seed)
    told = fates.filter(pl.col("fate") != "held out")
    assert balance_of(int(table["letters"].sum()), told).lost == 0


def test_each_document_of_a_file_is_in_one_place(new_home, tmp_path):
    home = new_home("home")
    (batch,) = approved(home)
    table = documents(9, reason=lambda n: REASONS[n % 7])
    file = write(tmp_path / "r.csv", table)
    done = export_batch(home, week=WEEK, now=NOW, out=tmp_path, references=file)
    with home.ledger.reading() as session:
        fates = fates_of(session, batch.name)
    balance = balance_of(table.height, fates)
    assert balance.lost == 0
    assert {name.split()[-1] for name in balance.places} >= set(REASONS[:-1])
    assert told_of(home, done.batch).counts["all"][-1] == table.height


def test_a_document_that_is_left_out_is_told():
    assert balance_of(10, {"expired": 3, "not_due": 6}).lost == 1
    assert balance_of(10, {"expired": 3, "not_due": 8}).lost == -1
