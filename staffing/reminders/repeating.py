"""Second letters: who of those mailed is left, and which letters of a plan go to them."""

from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import polars as pl

from staffing.reminders.cohorts import CELL
from staffing.reminders.moving import expected_visits, moved_visits
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import LAST_LAG, Response
from staffing.tables import Letters

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Sent:
    """A letter that went out, so many weeks before the expiry of its document."""

    channel: str
    service: str
    age_band: str
    lead_weeks: int


def left_after(
    mailed: pl.DataFrame, as_of: date, response: Response, policy: MailingPolicy
) -> pl.DataFrame:
    """Per cell `count` documents mailed, and `left` of them before a Monday `as_of`.

    Args:
        mailed: `CELL`, `channel`, `mailing_week`, `count`.
        as_of: the Monday until which they had time.
        response: how holders renew by themselves, and react to a letter.
        policy: its wait for an appointment.
    """
    keys = ["channel", "service", "age_band", "expiry_week", "mailing_week"]
    kinds = mailed.select(keys).unique().sort(keys)
    shares = []
    for channel, service, band, expiry, mailing in kinds.iter_rows():
        letter = Sent(channel, service, band, (expiry - mailing) // WEEK)
        gone = max(0, (as_of - mailing) // WEEK)
        wait = policy.appointment_wait_weeks
        shares.append(share_left(letter, gone, response, wait))
    known = mailed.join(kinds.with_columns(share=pl.Series(shares)), on=keys)
    left = (pl.col("count") * pl.col("share")).sum().alias("left")
    return known.group_by(CELL).agg(pl.col("count").sum(), left).sort(CELL)


def share_left(
    letter: Sent, gone_weeks: int, response: Response, wait_weeks: int
) -> float:
    """Share of those mailed that has not applied `gone_weeks` weeks later.

    By their timing, and by what a letter moves where nobody gets an appointment within
    `wait_weeks` of reading it.
    """
    lead = letter.lead_weeks
    timing = response.timing_of(letter.service, letter.age_band)
    visits = expected_visits(timing, lead, -1, max(lead + LAST_LAG, gone_weeks) + 1)
    if letter.channel in response.channel:
        reacts = response.arrivals(letter.channel, lead, wait_weeks)
        visits = visits + moved_visits(visits, reacts, 0)
    return min(1.0, max(0.0, 1.0 - float(visits[:gone_weeks].sum())))


def second_letters(
    letters: pl.DataFrame, stock: pl.DataFrame, again: pl.DataFrame, held_out: float
) -> dy.DataFrame[Letters]:
    """The part of a plan's letters that are second ones: a cell's first ones go before.

    Args:
        letters: typed `Letters`, planned.
        stock: `CELL` and `count`, documents that no batch wrote to or holds out.
        again: `CELL` and `again`, those that may be mailed a second time.
        held_out: the share that is kept without a letter of those never written to.
    """
    cells = letters.join(stock.select(*CELL, "count"), on=CELL, how="left")
    known = cells.join(again.select(*CELL, "again"), on=CELL, how="left")
    by_week = known.sort(*CELL, "mailing_week")
    fresh = (pl.col("count").fill_null(0) * (1 - held_out)).floor().cast(pl.Int64)
    upto = pl.col("letters").cum_sum().over(CELL) - fresh
    second = pl.min_horizontal(upto.clip(lower_bound=0), pl.col("again").fill_null(0))
    so_far = by_week.with_columns(second.alias("upto"))
    of_week = pl.col("upto") - pl.col("upto").shift(1).over(CELL).fill_null(0)
    rows = so_far.with_columns(of_week.alias("letters")).filter(pl.col("letters") > 0)
    return Letters.validate(rows.select(Letters.column_names()))
