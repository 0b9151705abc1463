"""Documents that an approved batch writes to or holds out: no plan counts on them again."""

import hashlib
from datetime import date

import polars as pl
from sqlalchemy import select

from forecasting.records import BatchCountRecord, BatchRecord
from forecasting.workspace import Workspace
from staffing.pipeline.batches_on_paper import paper_due
from staffing.reminders.batches.stored import standing_batches
from staffing.reminders.batches.tables import AGAIN
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response

CELL = ["service", "expiry_week", "age_band", "district"]
GROUP = ["service", "expiry_week"]
SCHEMA = {
    "service": pl.String,
    "expiry_week": pl.Date,
    "age_band": pl.String,
    "district": pl.String,
    "in_batches": pl.Int64,
}


def without_batches(
    workspace: Workspace, stock: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """A stock (typed `Expiries`) less both arms of all batches, and a name for those."""
    counts = batch_cells(workspace)
    if counts.is_empty():
        return stock, []
    text = counts.write_csv().encode()
    name = f"batches-{hashlib.sha256(text).hexdigest()[:12]}"
    return less(stock, counts), [name]


def less(stock: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """A stock less what batches hold of it (`CELL` and `in_batches`).

    A batch takes at most what a cell of the stock still holds: who has renewed since is
    in neither. Documents of which age band or district was not told are taken evenly
    from the cells of their service and week.
    """
    known = stock.join(counts, on=CELL, how="left", maintain_order="left")
    taken = pl.min_horizontal("count", pl.col("in_batches").fill_null(0))
    left = known.with_columns(pl.col("count") - taken).drop("in_batches")
    is_untold = (pl.col("age_band") == "") | (pl.col("district") == "")
    untold = counts.join(stock, on=CELL, how="anti").filter(is_untold)
    rest = untold.group_by(GROUP).agg(pl.col("in_batches").sum().alias("rest"))
    return _evenly(left, rest)


def after_batches(
    workspace: Workspace, policy: MailingPolicy, response: Response, first: date
) -> MailingPolicy:
    """The policy for what is left: a week has one batch, and its paper is paid for.

    Letters that follow messages of a batch take room of the print room in their week.
    What went out before the `first` week of the plan was paid from an earlier budget.
    """
    weeks = tuple(batch.mailing_week for batch in standing_batches(workspace))
    every = paper_due(workspace, response)
    due = {week: round(n) for week, n in every.items() if week >= first}
    return policy.model_copy(
        update={
            "silent_dates": (*policy.silent_dates, *weeks),
            "budget": max(policy.budget - sum(due.values()), 0),
            "due": (*policy.due, *due.items()),
        }
    )


def batch_cells(workspace: Workspace) -> pl.DataFrame:
    """Documents of all batches that stand, both arms, per cell.

    A second letter goes to one that is counted with its first.
    """
    of = BatchCountRecord
    columns = (of.service, of.expiry_week, of.age_band, of.district, of.count)
    standing = (~BatchRecord.withdrawn, of.arm != AGAIN)
    query = select(*columns).join(BatchRecord, BatchRecord.name == of.batch)
    with workspace.ledger.reading() as session:
        rows = [tuple(row) for row in session.execute(query.where(*standing))]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.group_by(CELL).agg(pl.col("in_batches").sum()).sort(CELL)


def _evenly(stock: pl.DataFrame, rest: pl.DataFrame) -> pl.DataFrame:
    """The stock less a number per service and week, in proportion, in whole documents."""
    upto, number = pl.col("count").cum_sum().over(GROUP), pl.col("count")
    whole = pl.col("count").sum().over(GROUP)
    wanted = pl.min_horizontal(pl.col("rest").fill_null(0), whole)
    known = stock.join(rest, on=GROUP, how="left", maintain_order="left")
    share = [
        pl.when(whole > 0).then(place * wanted // whole).otherwise(0)
        for place in (upto, upto - number)
    ]
    return known.with_columns(number - (share[0] - share[1])).drop("rest")
