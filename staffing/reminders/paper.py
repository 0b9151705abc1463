"""Letters on paper: those sent as such, and those that follow a message nobody read.

Only paper passes the print room and costs print and postage. Of a message that is not on
paper, who has not read it after some weeks gets a letter where its channel says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from staffing.reminders.cohorts import Stock
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import FloatArray, IntArray, Response
from staffing.reminders.weeks import Weeks


@dataclass(frozen=True)
class Paper:
    """What one letter of each column (lot and mailing week) puts on paper.

    `weekly` is weeks of the plan x columns, `total` per column, also beyond the plan;
    `quota` what the print room still takes in each week.
    """

    weekly: sparse.csr_array
    total: FloatArray
    quota: FloatArray


def paper_of(
    stock: Stock,
    weeks: Weeks,
    response: Response,
    policy: MailingPolicy,
    columns: tuple[IntArray, IntArray],
) -> Paper:
    """The paper of columns, given as their lots and mailing weeks."""
    lot, mailing = columns
    own = response.sent_on_paper(policy.channel)
    rows = dict(enumerate(stock.lots()))
    later = np.array(
        [
            _mean_later(rows[number], week, response, policy.channel)
            for number, week in zip(lot.tolist(), mailing.tolist(), strict=True)
        ]
    )
    due = mailing + response.weeks_until_letter(policy.channel)
    parts = ((mailing, np.full(lot.size, own)), (due, later.reshape(-1)))
    weekly = sum(
        (_placed(week, share, weeks.count) for week, share in parts),
        sparse.csr_array((weeks.count, lot.size)),
    )
    total: FloatArray = own + later.reshape(-1)
    return Paper(sparse.csr_array(weekly), total, quota_of(weeks, policy))


def all_on_paper(mailing: IntArray, quota: FloatArray) -> Paper:
    """Each letter is one on paper, in its mailing week; `quota` per week of the plan."""
    each = np.ones(mailing.size)
    return Paper(_placed(mailing, each, quota.size), each, quota)


def quota_of(weeks: Weeks, policy: MailingPolicy) -> FloatArray:
    """Letters that the print room takes in each week, less those due by batches."""
    left = np.full(weeks.count, float(policy.weekly_quota))
    for week, letters in policy.due:
        number = weeks.index(week)
        if 0 <= number < weeks.count:
            left[number] = max(0.0, left[number] - letters)
    return left


def on_paper(
    counts: Iterable[tuple[int, int]], response: Response, channel: str
) -> tuple[float, float]:
    """Letters on paper of (lead in weeks, messages): sent as such, and expected to follow."""
    told = list(counts)
    own = response.sent_on_paper(channel) * sum(number for _, number in told)
    later = sum(response.letter_later(channel, lead) * number for lead, number in told)
    return own, later


def leads(mailed: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Lead in weeks and number, of documents with a week number of `mailing`, `expiry`."""
    by = mailed.group_by(lead=pl.col("expiry") - pl.col("mailing")).agg(pl.len())
    yield from by.sort("lead").iter_rows()


def _mean_later(
    rows: pl.DataFrame, week: int, response: Response, channel: str
) -> float:
    """Share that gets a letter later, of an average document of a lot."""
    shares = [
        count * response.letter_later(channel, expiry - week)
        for _, expiry, count in rows.iter_rows()
    ]
    return float(sum(shares)) / max(1, int(rows["count"].sum()))


def _placed(week: IntArray, share: FloatArray, weeks: int) -> sparse.csr_array:
    """Weeks x columns: the share of each column in its week, where the plan has it."""
    inside = np.flatnonzero((week < weeks) & (share > 0))
    entries = (share[inside], (week[inside], inside))
    return sparse.csr_array(entries, shape=(weeks, week.size))
