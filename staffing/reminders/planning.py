"""Plan the letters: from stock, load and policy to a mailing plan."""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.choosing import choose
from staffing.reminders.cohorts import CELL, Stock
from staffing.reminders.columns import moved_by
from staffing.reminders.dealing import counted
from staffing.reminders.equality import unequal_leads
from staffing.reminders.gains import HELPS, INTERVAL, gains, paired, verdict
from staffing.reminders.load import Load
from staffing.reminders.mailing import Change, MailingPlan, Tally, Tried
from staffing.reminders.moving import Mover
from staffing.reminders.paper import leads, on_paper
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.preparing import prepared
from staffing.reminders.response import FloatArray, Response
from staffing.reminders.weeks import Weeks
from staffing.tables import Letters, Smoothing

JUDGING_DRAWS = 24
"""Responses that a plan is judged on; others than those it was made on."""


def plan(
    expiries: pl.DataFrame,
    demand: pl.DataFrame,
    capacity: pl.DataFrame,
    response: Response,
    policy: MailingPolicy,
    *,
    seed: int = 0,
) -> MailingPlan:
    """Letters that move visits from busy weeks to quiet ones, where they help.

    Args:
        expiries: typed `Expiries`; documents outstanding on the newest `as_of` count.
        demand: `week` (consecutive Mondays), `hours` of counter work expected, which
            holds the renewals that come without a letter; optionally `hours_samples`,
            per week a list of joint samples of these hours, else `hours_q75`.
        capacity: `week`, `hours` of counter work that can be done; optionally
            `staff_hours`, what the requirement asks for at the expected load.
        response: renewal timing, reaction to letters and hours per document.
        policy: limits, leads and aims; letters go in the weeks of `demand`.
        seed: of the responses and futures drawn, of the hold-out and of the order in
            which letters are dealt.

    Raises:
        InputError: a row that cannot be planned, named.
        UnsolvedError: no optimum was proven.
    """
    mover, load = prepared(expiries, demand, capacity, response, policy, seed=seed)
    weeks = mover.weeks
    choice = choose(mover, load, seed)
    tried, moved = _judged(mover, load, choice.mailed, seed + 1)
    helps = tried.verdict == HELPS
    mailed = choice.mailed if helps else choice.mailed.clear()
    moved = moved if helps else np.zeros_like(moved)
    return MailingPlan(
        letters=_letters(mailed, weeks),
        smoothing=_smoothing(load, moved, weeks),
        gains=gains(load, moved),
        tried=tried,
        tally=_tally(mover.stock, choice.documents, mailed),
        weeks_over=_weeks_over(load, moved),
        optima=choice.optima,
        rounding_loss=choice.rounding_loss,
        unequal_weeks=unequal_leads(mailed),
        paper_letters=round(sum(on_paper(leads(mailed), response, policy.channel))),
        letter_price=policy.price_letter,
    )


def _judged(
    mover: Mover, load: Load, mailed: pl.DataFrame, seed: int
) -> tuple[Tried, FloatArray]:
    """What the letters would do, and the hours that they move by response and week.

    Judged document by document on other responses than the plan was made on.
    """
    letters = counted(mailed)
    judges = mover.drawn(JUDGING_DRAWS, seed)
    moved = np.array([moved_by(judge, letters) for judge in judges])
    gained = gains(load, moved)
    return Tried(mailed.height, gained, verdict(gained, mover.policy)), moved


def _letters(mailed: pl.DataFrame, weeks: Weeks) -> dy.DataFrame[Letters]:
    days = pl.duration(weeks=pl.col("mailing"))
    mailing_week = (pl.lit(weeks.first) + days).cast(pl.Date)
    frame = counted(mailed).with_columns(mailing_week=mailing_week)
    return Letters.validate(frame.select(*CELL, "mailing_week", "letters"))


def _after(load: Load, moved: FloatArray) -> FloatArray:
    """Expected hours with letters; what float arithmetic leaves below zero is zero."""
    after: FloatArray = np.maximum(0.0, load.hours + moved.mean(axis=0))
    return after


def _smoothing(load: Load, moved: FloatArray, weeks: Weeks) -> dy.DataFrame[Smoothing]:
    hours = {"before": load.hours, "after": _after(load, moved)}
    columns = {"week": [weeks.monday(i) for i in range(weeks.count)], **hours}
    for name, futures in zip(hours, paired(load, moved), strict=True):
        low, high = np.quantile(futures, INTERVAL, axis=0)
        columns |= {f"{name}_low": low, f"{name}_high": high}
    columns["capacity"] = load.capacity
    frame = pl.DataFrame(columns).select(Smoothing.column_names())
    return Smoothing.validate(frame)


def _weeks_over(load: Load, moved: FloatArray) -> Change[int]:
    limit = load.capacity - load.upper
    over = [load.hours > limit, _after(load, moved) > limit]
    return Change(int(over[0].sum()), int(over[1].sum()))


def _tally(stock: Stock, documents: pl.DataFrame, mailed: pl.DataFrame) -> Tally:
    held_out = int(documents["held"].sum())
    return Tally(
        mailed=mailed.height,
        held_out=held_out,
        not_chosen=int(stock.planned["count"].sum()) - held_out - mailed.height,
        too_late=stock.lost("too_late"),
        not_due=stock.lost("not_due"),
        small=stock.lost("small"),
    )
