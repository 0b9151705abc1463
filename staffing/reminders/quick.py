"""About what a plan would gain, at once: the same aims on one response.

A plan is made on many responses, rounded to whole letters and judged document by
document on other responses. Here the programs run on the response as it is stated, with
parts of letters. How far off that is stands in docs/mailing-plan.md.
"""

from dataclasses import dataclass

import polars as pl

from staffing.reminders.columns import columns
from staffing.reminders.dealing import available, spread_documents
from staffing.reminders.gains import gains, verdict
from staffing.reminders.mailing import Tried
from staffing.reminders.paper import paper_of
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.preparing import prepared
from staffing.reminders.problem import MailingProblem
from staffing.reminders.response import Response
from staffing.reminders.solving import solve

MEASURED_CASES, MOST_OFF, PEAK_OFF = 14, 0.13, 2.4
"""Choices tried in the demonstration town, and how far off it was at the most: of the
hours above capacity that letters take off, as a part of them; of the change of the
busiest week, in hours (docs/measures.md)."""


@dataclass(frozen=True)
class Reckoned(Tried):
    """What a plan would gain, and about how many of its letters would be on paper."""

    paper_letters: int


def reckon_quickly(
    expiries: pl.DataFrame,
    demand: pl.DataFrame,
    capacity: pl.DataFrame,
    response: Response,
    policy: MailingPolicy,
    *,
    seed: int = 0,
) -> Reckoned:
    """Letters and gains of a plan of the same tables (see `plan`), approximately.

    Intervals are those of the demand alone.

    Raises:
        InputError: a row that cannot be planned, named.
        UnsolvedError: no optimum was proven.
    """
    mover, load = prepared(expiries, demand, capacity, response, policy, seed=seed)
    documents = spread_documents(mover.stock, policy.held_out, seed)
    free = available(documents, mover.stock.number_of_lots)
    every = columns([mover])
    paper = paper_of(
        mover.stock, mover.weeks, response, policy, (every.lot, every.week)
    )
    problem = MailingProblem(every, free, load, policy, paper)
    letters = solve(problem).letters
    gained = gains(load, problem.moved(letters))
    said = verdict(gained, policy)
    return Reckoned(
        round(letters.sum()),
        gained,
        said,
        paper_letters=round(float(paper.total @ letters)),
    )
