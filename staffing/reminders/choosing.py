"""Choose the letters: the optimum on many responses, in whole letters, dealt evenly."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from staffing.reminders.columns import columns
from staffing.reminders.dealing import available, deal, spread_documents
from staffing.reminders.equality import evened
from staffing.reminders.load import Load
from staffing.reminders.moving import Mover
from staffing.reminders.paper import paper_of
from staffing.reminders.problem import MailingProblem
from staffing.reminders.rounding import whole_letters
from staffing.reminders.solving import Optimum, solve


@dataclass(frozen=True)
class Choice:
    """Every planned document with its hold-out, and those `mailed` with their week.

    `rounding_loss` is hours above capacity that whole letters leave beyond the optimum.
    """

    documents: pl.DataFrame
    mailed: pl.DataFrame
    optima: tuple[Optimum, ...]
    rounding_loss: float


def choose(mover: Mover, load: Load, seed: int) -> Choice:
    """Letters that are best on responses drawn within the ranges that are stated.

    Raises:
        UnsolvedError: no optimum was proven.
    """
    policy = mover.policy
    documents = spread_documents(mover.stock, policy.held_out, seed)
    every = columns(mover.drawn(policy.response_draws, seed))
    of = (every.lot, every.week)
    problem = MailingProblem(
        every,
        available(documents, mover.stock.number_of_lots),
        load,
        policy,
        paper_of(mover.stock, mover.weeks, mover.response, policy, of),
    )
    solution = solve(problem)
    whole = whole_letters(problem, solution.letters)
    dealt = deal(documents, problem.columns, whole)
    return Choice(
        documents,
        evened(dealt, policy.most_unequal_weeks),
        solution.optima,
        problem.loss(solution.letters, whole.astype(np.float64)),
    )
