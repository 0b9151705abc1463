"""Plan the letters: from stock, load and policy to a mailing plan."""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.checking import checked_load, checked_stock, week_of_stock
from staffing.reminders.cohorts import CELL, Stock, form_cohorts
from staffing.reminders.dealing import available, deal, spread_documents
from staffing.reminders.mailing import Change, MailingPlan, Tally
from staffing.reminders.moving import Mover
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.problem import MailingProblem
from staffing.reminders.response import FloatArray, IntArray, Response
from staffing.reminders.rounding import whole_letters
from staffing.reminders.solving import solve
from staffing.reminders.weeks import Weeks
from staffing.tables import Letters, Smoothing


def plan(
    expiries: pl.DataFrame,
    demand: pl.DataFrame,
    capacity: pl.DataFrame,
    response: Response,
    policy: MailingPolicy,
    *,
    seed: int = 0,
) -> MailingPlan:
    """Letters that move visits from busy weeks to quiet ones, where they are worth it.

    Args:
        expiries: typed `Expiries`; documents outstanding on the newest `as_of` count.
        demand: `week` (consecutive Mondays), `hours` of counter work expected, which
            holds the renewals that come without a letter; optionally `hours_q75`.
        capacity: `week`, `hours` of counter work that can be done.
        response: renewal timing, reaction to letters and hours per document.
        policy: limits, leads and prices; letters go in the weeks of `demand`.
        seed: of the hold-out and of the order in which letters are dealt.

    Raises:
        InputError: a row that cannot be planned, named.
    """
    due = checked_stock(expiries, response, policy)
    weeks, load = checked_load(demand, capacity)
    stock = form_cohorts(due, weeks, response, policy)
    known = week_of_stock(due, weeks)
    documents = spread_documents(stock, policy.held_out, seed)
    problem = _problem(Mover(stock, weeks, known, response, policy), documents, load)
    optimum, objective = solve(problem)
    whole = _worthwhile(problem, whole_letters(problem, optimum))
    letters = whole.astype(np.float64)
    return MailingPlan(
        letters=_letters(deal(documents, problem.columns, whole), weeks),
        smoothing=_smoothing(problem, letters, weeks),
        tally=_tally(stock, int(documents["held"].sum()), int(whole.sum())),
        weeks_over=_weeks_over(problem, letters),
        objective=objective,
        rounding_loss=max(0.0, problem.cost(letters) - objective),
    )


def _problem(
    mover: Mover, documents: pl.DataFrame, load: pl.DataFrame
) -> MailingProblem:
    hours = load["hours"].to_numpy()
    return MailingProblem(
        columns=mover.columns(hours),
        available=available(documents),
        before=hours,
        spread=load["spread"].to_numpy(),
        capacity=load["capacity"].to_numpy(),
        policy=mover.policy,
    )


def _worthwhile(problem: MailingProblem, letters: IntArray) -> IntArray:
    """The letters, or none at all when whole letters are not worth their price."""
    if problem.allows(letters.astype(np.float64)):
        return letters
    return np.zeros_like(letters)


def _letters(dealt: pl.DataFrame, weeks: Weeks) -> dy.DataFrame[Letters]:
    days = pl.duration(weeks=pl.col("mailing"))
    mailing_week = (pl.lit(weeks.first) + days).cast(pl.Date)
    frame = dealt.with_columns(mailing_week=mailing_week)
    return Letters.validate(frame.select(*CELL, "mailing_week", "letters"))


def _smoothing(
    problem: MailingProblem, letters: FloatArray, weeks: Weeks
) -> dy.DataFrame[Smoothing]:
    """Load before and after; what float arithmetic leaves below zero is zero."""
    frame = pl.DataFrame(
        {
            "week": [weeks.monday(i) for i in range(weeks.count)],
            "before": problem.before,
            "after": np.maximum(problem.after(letters), 0.0),
            "capacity": problem.capacity,
        }
    )
    return Smoothing.validate(frame)


def _weeks_over(problem: MailingProblem, letters: FloatArray) -> Change[int]:
    limit = problem.capacity - problem.spread
    over = [problem.before > limit, problem.after(letters) > limit]
    return Change(int(over[0].sum()), int(over[1].sum()))


def _tally(stock: Stock, held_out: int, mailed: int) -> Tally:
    return Tally(
        mailed=mailed,
        held_out=held_out,
        not_chosen=int(stock.planned["count"].sum()) - held_out - mailed,
        too_late=stock.lost("too_late"),
        not_due=stock.lost("not_due"),
        small=stock.lost("small"),
    )
