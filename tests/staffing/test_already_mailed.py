"""What an approved batch writes to or holds out is in no later plan."""

from datetime import timedelta

import polars as pl

from forecasting.records import BatchCountRecord
from forecasting.tables import Expiries
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import CELL, after_batches, without_batches
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.weeks import Weeks
from tests.staffing.batch_cases import EXPIRY, NOW, WEEK, approved, cohorts


def stock(each: int = 30) -> pl.DataFrame:
    rows = [
        {**dict(zip(CELL, cohort, strict=True)), "count": each} for cohort in cohorts()
    ]
    told = pl.DataFrame(rows).with_columns(
        as_of=pl.lit(NOW.date()), basis=pl.lit("outstanding")
    )
    return told.select(name for name in Expiries.column_names() if name in told.columns)


def both_arms(workspace: Workspace) -> dict[tuple[object, ...], int]:
    found: dict[tuple[object, ...], int] = {}
    with workspace.ledger.reading() as session:
        for row in session.query(BatchCountRecord):
            cell = (row.service, row.expiry_week, row.age_band, row.district)
            found[cell] = found.get(cell, 0) + row.count
    return found


def test_without_batches_the_stock_stays_as_it_is(workspace):
    before = stock()
    after, named = without_batches(workspace, before)
    assert after.equals(before)
    assert named == []


def test_each_week_loses_both_arms_and_each_cell_its_letters(workspace):
    """Letters are told by age and district; who is held out by service and week."""
    approved(workspace)
    before, taken = stock(), both_arms(workspace)
    after, named = without_batches(workspace, before)
    assert len(named) == 1
    assert any(cell[2] == "" for cell in taken)
    weeks: dict[tuple[object, ...], int] = {}
    for cell, number in taken.items():
        weeks[cell[:2]] = weeks.get(cell[:2], 0) + number
    sums = after.group_by("service", "expiry_week").agg(pl.col("count").sum())
    for service, week, left in sums.iter_rows():
        assert left == 12 * 30 - weeks.get((service, week), 0)
    for row in after.iter_rows(named=True):
        told = taken.get(tuple(row[name] for name in CELL), 0)
        assert 30 - told - 2 <= row["count"] <= 30 - told


def test_no_cell_falls_below_nought(workspace):
    """A cell that holds fewer than were written to has been renewed since."""
    approved(workspace)
    after, _ = without_batches(workspace, stock(2))
    taken = both_arms(workspace)
    assert after["count"].min() == 0
    left = sum(max(2 - taken.get(cohort, 0), 0) for cohort in cohorts())
    held = sum(number for cell, number in taken.items() if cell[2] == "")
    assert max(left - held, 0) <= after["count"].sum() < left


def test_documents_of_an_untold_age_or_district_come_off_evenly(workspace):
    batch = approved(workspace)[0]
    with workspace.ledger.writing() as session:
        session.query(BatchCountRecord).delete()
        for number, week in ((61, EXPIRY), (5000, EXPIRY + timedelta(weeks=3))):
            session.add(
                BatchCountRecord(
                    batch=batch.name,
                    service="passport",
                    expiry_week=week,
                    age_band="",
                    district="",
                    arm="mailed",
                    count=number,
                )
            )
    after, _ = without_batches(workspace, stock())
    of = after.filter(service="passport").group_by("expiry_week", maintain_order=True)
    sums = dict(of.agg(pl.col("count").sum()).iter_rows())
    assert sums[EXPIRY] == 12 * 30 - 61
    assert sums[EXPIRY + timedelta(weeks=3)] == 0
    cells = after.filter(service="passport", expiry_week=EXPIRY)["count"]
    assert set(cells) == {24, 25}
    assert after.filter(pl.col("service") != "passport")["count"].unique().item() == 30


def test_a_cell_that_has_gone_takes_nothing_from_others(workspace):
    """Its documents were all renewed: they are in nobody else's number."""
    approved(workspace)
    before = stock()
    gone = (pl.col("age_band") == "65+") & (pl.col("district") == "A")
    whole, _ = without_batches(workspace, before)
    after, _ = without_batches(workspace, before.filter(~gone))
    told = [n for cell, n in both_arms(workspace).items() if cell[2:] == ("65+", "A")]
    held = sum(n for cell, n in both_arms(workspace).items() if cell[2] == "")
    assert sum(told) > 0
    taken = 30 * 132 - after["count"].sum()
    both = sum(both_arms(workspace).values())
    assert taken == both - sum(told)
    assert held <= taken
    assert 30 * 144 - whole["count"].sum() == both


def test_a_week_with_a_batch_is_silent_and_its_letters_are_paid_for(workspace):
    settings = reminder_settings(workspace)
    policy, response = settings.plan, settings.response
    assert after_batches(workspace, policy, response, WEEK) == policy
    batch = approved(workspace)[0]
    left = after_batches(workspace, policy, response, WEEK)
    assert left.due == ((WEEK, batch.letters),)
    assert left.budget == policy.budget - batch.letters
    later = after_batches(workspace, policy, response, WEEK + timedelta(weeks=1))
    assert (later.budget, later.due) == (policy.budget, ())
    weeks = Weeks(WEEK - timedelta(weeks=1), 3)
    assert weeks.without((), left.silent_dates) == [0, 2]


def test_another_batch_makes_another_name(workspace):
    approved(workspace)
    first = without_batches(workspace, stock())[1]
    approved(workspace, None, WEEK + timedelta(weeks=1))
    assert without_batches(workspace, stock())[1] != first
