"""Second letters: who of those mailed is left, and which letters of a plan go to them."""

from datetime import date, timedelta

import dataframely as dy
import polars as pl

from staffing.reminders.cohorts import CELL
from staffing.reminders.moving import expected_visits, moved_visits
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import LAST_LAG, Response
from staffing.tables import Letters

WEEK = timedelta(weeks=1)


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
    shares = [
        share_left(row, as_of, response, policy.appointment_wait_weeks)
        for row in kinds.iter_rows(named=True)
    ]
    known = mailed.join(kinds.with_columns(share=pl.Series(shares)), on=keys)
    left = (pl.col("count") * pl.col("share")).sum().alias("left")
    return known.group_by(CELL).agg(pl.col("count").sum(), left).sort(CELL)


def share_left(
    mailed: dict[str, object], as_of: date, response: Response, wait_weeks: int
) -> float:
    """Share of those mailed that has not applied in the weeks before `as_of`.

    By their timing and by what the letter moves. Args: `mailed` tells the channel,
    service, age_band, expiry_week and mailing_week.
    """
    mailing, expiry = mailed["mailing_week"], mailed["expiry_week"]
    if not isinstance(mailing, date) or not isinstance(expiry, date):
        raise TypeError("expected weeks of mailing and expiry")
    lead, gone = (expiry - mailing) // WEEK, max(0, (as_of - mailing) // WEEK)
    timing = response.timing_of(str(mailed["service"]), str(mailed["age_band"]))
    visits = expected_visits(timing, lead, -1, max(lead + LAST_LAG, gone) + 1)
    channel = str(mailed["channel"])
    if channel in response.channel:
        reacts = response.arrivals(channel, lead, wait_weeks)
        visits = visits + moved_visits(visits, reacts, 0)
    return min(1.0, max(0.0, 1.0 - float(visits[:gone].sum())))


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
