"""Second letters: to who was mailed long ago and is left; twice at most, held out for ever."""

import json
import shutil
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forecasting.errors import InputError
from forecasting.outside import planned_letters
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import without_batches
from staffing.pipeline.approving import approve_batch
from staffing.pipeline.exporting_batch import Handed, export_batch
from staffing.pipeline.response_inputs import reminder_settings
from staffing.pipeline.second_letters import may_be_mailed_again
from staffing.reminders import ReminderSettings
from staffing.reminders.balance import balance_of
from staffing.reminders.batches.named import references_of
from staffing.reminders.batches.stored import batch_arms
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED
from staffing.reminders.repeating import Sent, second_letters, share_left
from tests.staffing.batch_cases import (
    EXPIRY,
    NOW,
    WEEK,
    approved,
    documents,
    letters,
    plan_of,
    write,
)
from tests.staffing.reminder_cases import response, settings
from tests.staffing.test_already_mailed import stock

LATER = WEEK + timedelta(weeks=8)
SOON = WEEK + timedelta(weeks=7)


@pytest.fixture
def home(any_workspace, tmp_path) -> Workspace:
    """A town where a document may get two letters."""
    config = tmp_path / "config"
    shutil.copytree(any_workspace.settings.config, config)
    file = config / "reminders.toml"
    once = "letters_per_document = 1"
    assert once in file.read_text()
    file.write_text(file.read_text().replace(once, "letters_per_document = 2"))
    changed = any_workspace.settings.model_copy(update={"config": config})
    return Workspace(changed, any_workspace.lake, any_workspace.ledger)


def week_of(week: date, seed: int) -> pl.DataFrame:
    """Letters of a later week."""
    return letters(weeks=(week,), seed=seed)


def hand_out(home: Workspace, folder, week: date, each: int = 12, **how) -> Handed:
    file = write(folder / "r.csv", documents(each))
    return export_batch(home, week=week, now=NOW, out=folder, references=file, **how)


def mailed_twice(home: Workspace, folder, week: date) -> Handed:
    """A batch of references, and one of a later week that is of second letters alone."""
    approved(home)
    hand_out(home, folder, WEEK)
    table = week_of(week, 3)
    plan_of(home, table, table, now=NOW + timedelta(hours=1))
    approve_batch(home, week=week, now=NOW, by="Anna")
    return hand_out(home, folder, week)


def references(home: Workspace, name: str, arm: str) -> set[str]:
    with home.ledger.reading() as session:
        return set(references_of(session, name).filter(arm=arm)["reference"])


def test_second_letters_go_to_who_got_the_first_and_to_nobody_held_out(home, tmp_path):
    done = mailed_twice(home, tmp_path, LATER)
    again = references(home, done.batch.name, AGAIN)
    assert len(again) > 50
    assert again <= references(home, "2027-W05", MAILED)
    assert not again & references(home, "2027-W05", HELD_OUT)
    assert not references(home, done.batch.name, HELD_OUT)
    with home.ledger.reading() as session:
        assert set(references_of(session, done.batch.name)["arm"]) == {AGAIN}


def test_the_file_of_letters_names_the_group_and_the_manifest_counts_it(home, tmp_path):
    done = mailed_twice(home, tmp_path, LATER)
    table = pl.read_csv(done.files[0], separator=";")
    assert set(table["groep"]) == {"mailed again"}
    told = json.loads(done.files[-1].read_text("utf-8"))["counts"][-1]
    assert told["mailed again"] == table.height
    assert told["all"] == documents(12).height


def test_a_third_letter_goes_to_nobody(home, tmp_path):
    """Another eight weeks later all who got two are suppressed as mailed."""
    second = mailed_twice(home, tmp_path, LATER)
    twice = references(home, second.batch.name, AGAIN)
    week = LATER + timedelta(weeks=4)
    far = letters(weeks=(week,), seed=3).filter(pl.col("expiry_week") > week)
    config = home.settings.config / "reminders.toml"
    config.write_text(
        config.read_text().replace("between_letters = 8", "between_letters = 4")
    )
    config.write_text(config.read_text().replace("week = 8 ", "week = 4 "))
    plan_of(home, far, far, now=NOW + timedelta(hours=2))
    approve_batch(home, week=week, now=NOW, by="Anna")
    third = hand_out(home, tmp_path, week)
    assert references(home, third.batch.name, AGAIN)
    assert not references(home, third.batch.name, AGAIN) & twice


def test_who_was_mailed_a_week_too_short_ago_gets_no_second_letter(home, tmp_path):
    with pytest.raises(InputError, match="may get a letter, came none"):
        mailed_twice(home, tmp_path, SOON)


def test_where_a_document_gets_one_letter_nobody_gets_a_second(any_workspace, tmp_path):
    with pytest.raises(InputError, match="may get a letter, came none"):
        mailed_twice(any_workspace, tmp_path, LATER)


def test_the_database_lets_nobody_in_a_third_time_nor_a_second_under_another_name(
    home, tmp_path
):
    mailed_twice(home, tmp_path, LATER)
    copies = (
        ("mailed again", 2, "arm = 'mailed again'"),
        ("mailed", 1, "arm = 'mailed'"),
        ("mailed", 2, "arm = 'mailed'"),
        ("mailed again", 3, "arm = 'mailed again'"),
    )
    for arm, turn, which in copies:
        copy = (
            "INSERT INTO batch_references "  # noqa: S608  (our own words)
            "(service, expiry_week, reference, turn, batch, arm) SELECT service, "
            f"expiry_week, reference, {turn}, '2027-W05', '{arm}' "
            f"FROM batch_references WHERE {which}"
        )
        with home.ledger.engine.connect() as connection:
            with pytest.raises(IntegrityError):
                connection.execute(text(copy))
            connection.rollback()


def test_second_letters_are_in_no_comparison_but_in_the_forecast(home, tmp_path):
    """Who reacted to the first is gone: those left are not like those held out."""
    approved(home)
    before = batch_arms(home)
    table = week_of(LATER, 3)
    plan_of(home, table, table, now=NOW + timedelta(hours=1))
    approve_batch(home, week=LATER, now=NOW, by="Anna")
    assert batch_arms(home).equals(before)
    told = planned_letters(home).filter(mailing_week=LATER)
    assert told["count"].sum() == table["letters"].sum()


def known(home: Workspace, first: date, as_of: date, each: int = 30) -> pl.DataFrame:
    of = reminder_settings(home)
    told = stock(each).with_columns(as_of=pl.lit(as_of))
    return may_be_mailed_again(home, told, of.plan, response(), first)


def test_who_was_mailed_long_ago_may_be_planned_again_and_the_held_out_never(home):
    (batch,) = approved(home)
    again = known(home, LATER, LATER)["again"].sum()
    assert 0.3 * batch.letters < again < batch.letters
    coming, _ = without_batches(home, stock())
    held = int(batch_arms(home).filter(arm=HELD_OUT)["count"].sum())
    assert int(coming["count"].sum()) + again <= int(stock()["count"].sum()) - held


@pytest.mark.parametrize(("first", "as_of"), [(SOON, LATER), (LATER, SOON)])
def test_who_was_mailed_too_short_before_the_plan_or_the_stock_may_not(
    home, first, as_of
):
    approved(home)
    assert known(home, first, as_of)["again"].sum() == 0


def test_no_cell_is_planned_for_more_than_it_holds(home):
    approved(home)
    told = stock(3)
    again = known(home, LATER, LATER, each=3)
    coming, _ = without_batches(home, told)
    assert (coming["count"] + again["again"] <= told["count"]).all()


def test_with_one_letter_a_document_nobody_may(any_workspace):
    approved(any_workspace)
    assert known(any_workspace, LATER, LATER)["again"].sum() == 0


def test_who_got_two_letters_is_not_left_for_another(home):
    approved(home)
    before = known(home, LATER, LATER)["again"].sum()
    whole = letters().filter(mailing_week=WEEK).with_columns(mailing_week=pl.lit(LATER))
    plan_of(home, whole, whole, now=NOW + timedelta(hours=1))
    approve_batch(home, week=LATER, now=NOW, by="Anna")
    assert before > 0
    assert known(home, LATER + timedelta(weeks=1), LATER)["again"].sum() == 0


@pytest.mark.parametrize("service", ["passport", "licence"])
@pytest.mark.parametrize(("lead", "gone"), [(13, 8), (20, 9), (10, 10), (12, 0)])
def test_who_is_left_is_who_neither_came_nor_reacted(service, lead, gone):
    """Document by document: each has a week to come by itself, and one to react in."""
    how, random, number = response(), np.random.default_rng(1), 200_000
    timing = how.timing_of(service, "18-34").weights()
    lags = np.arange(-26, 14)
    own = lags + lead
    chance = np.where(own >= 0, timing, 0.0)
    never = 1.0 - timing.sum()
    odds = np.append(chance, never) / (chance.sum() + never)
    week = random.choice(np.append(own, 999), number, p=odds)
    reacts = how.arrivals("letter", lead, 2)
    rest = np.append(reacts, 1 - reacts.sum())
    acts = random.choice(np.append(np.arange(reacts.size), 999), number, p=rest)
    came = np.where((acts < week) & (week < 999), acts, week)
    share = share_left(Sent("letter", service, "18-34", lead), gone, how, 2)
    assert share == pytest.approx((came >= gone).mean(), abs=0.005)


def test_second_letters_follow_the_first_of_a_cell_and_none_is_lost():
    table = letters()
    cell = ["service", "expiry_week", "age_band", "district"]
    cells = table.select(cell).unique().sort(cell)
    rows = cells.with_columns(count=pl.lit(6), again=pl.lit(3))
    second = second_letters(table, rows.drop("again"), rows.drop("count"), 0.1)
    sums = table.group_by(cell).agg(pl.col("letters").sum())
    expected = (sums["letters"] - 5).clip(0, 3).sum()
    assert second["letters"].sum() == expected > 0
    both = second.join(table, on=[*cell, "mailing_week"], suffix="_all")
    assert both.height == second.height
    assert (both["letters"] <= both["letters_all"]).all()
    early = second.group_by(cell).agg(pl.col("mailing_week").min())
    assert early.filter(mailing_week=WEEK + timedelta(weeks=1)).height > 0


def test_a_second_letter_waits_until_the_first_was_judged():
    told = settings().model_dump()
    told["plan"] |= {"letters_per_document": 2, "weeks_between_letters": 7}
    with pytest.raises(ValidationError, match=r"effect\.week or more"):
        ReminderSettings.model_validate(told)
    told["plan"]["weeks_between_letters"] = 8
    assert ReminderSettings.model_validate(told)


def test_each_document_of_the_file_is_in_one_place(home, tmp_path):
    from staffing.reminders.batches.stored import fates_of

    done = mailed_twice(home, tmp_path, LATER)
    with home.ledger.reading() as session:
        for name in ("2027-W05", done.batch.name):
            balance = balance_of(documents(12).height, fates_of(session, name))
            assert balance.lost == 0
    assert EXPIRY > LATER
