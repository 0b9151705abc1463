"""Who may get a second letter: mailed long enough ago, and thought to be outstanding still."""

from datetime import date, timedelta

import polars as pl
from sqlalchemy import select

from forecasting.calendar import monday
from forecasting.records import BatchCountRecord, BatchRecord
from forecasting.workspace import Workspace
from staffing.pipeline.already_mailed import CELL, batch_cells, less
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.repeating import left_after
from staffing.reminders.response import Response

SCHEMA = {
    "channel": pl.String,
    "mailing_week": pl.Date,
    "service": pl.String,
    "expiry_week": pl.Date,
    "age_band": pl.String,
    "district": pl.String,
    "arm": pl.String,
    "count": pl.Int64,
}


def may_be_mailed_again(
    workspace: Workspace,
    stock: pl.DataFrame,
    policy: MailingPolicy,
    response: Response,
    first: date,
) -> pl.DataFrame:
    """The stock (typed `Expiries`) with `again` in place of `count`: who may be.

    Mailed `policy.weeks_between_letters` before both the stock and the plan, whose first
    week is the Monday `first`; once; and never held out. How many of them are
    outstanding still nobody counts: it is expected of the response.
    """
    sent = _sent(workspace)
    as_of = monday(stock.item(0, "as_of"))
    since = min(as_of, first) - timedelta(weeks=policy.weeks_between_letters)
    old = sent.filter(pl.col("arm") == MAILED, pl.col("mailing_week") <= since)
    if policy.letters_per_document < 2 or old.is_empty():
        return stock.with_columns(pl.lit(0, pl.Int64).alias("again")).drop("count")
    left = left_after(old, as_of, response, policy)
    counts = batch_cells(workspace)
    free = _once(left, sent.filter(pl.col("arm") == AGAIN))
    others = counts.join(free, on=CELL, how="left").with_columns(
        pl.col("in_batches") - pl.col("free").fill_null(0)
    )
    with_them = less(stock, others.drop("free"))["count"]
    more = (with_them - less(stock, counts)["count"]).clip(lower_bound=0)
    return stock.with_columns(more.alias("again")).drop("count")


def _once(left: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """Documents per cell that are left and got no second letter, in whole numbers."""
    twice = again.group_by(CELL).agg(pl.col("count").sum().alias("twice"))
    kept = 1 - pl.col("twice").fill_null(0) / pl.col("count")
    expected = (
        left.join(twice, on=CELL, how="left")
        .sort(CELL)
        .with_columns((pl.col("left") * kept.clip(lower_bound=0)).alias("expected"))
    )
    upto = (pl.col("expected").cum_sum().over("service") + 1e-9).floor()
    whole = upto - upto.shift(1).over("service").fill_null(0)
    return expected.select(*CELL, whole.cast(pl.Int64).alias("free"))


def _sent(workspace: Workspace) -> pl.DataFrame:
    """What batches that stand sent, first and second letters."""
    of, batch = BatchCountRecord, BatchRecord
    cell = (of.service, of.expiry_week, of.age_band, of.district)
    query = (
        select(batch.channel, batch.mailing_week, *cell, of.arm, of.count)
        .join(batch, batch.name == of.batch)
        .where(~batch.withdrawn, of.arm != HELD_OUT)
    )
    with workspace.ledger.reading() as session:
        rows = [tuple(row) for row in session.execute(query)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
