"""The letters that are worth it, where they help most: one linear program after another.

First, how many letters are worth the hours they take off: above capacity, at the top of
the busiest weeks, and of staff. With no more than these, the hours above capacity are made as few as can
be; of all plans that keep these, the hours at the top; then staff hours, then letters. To
keep an aim is to leave at most the share `give` of what could be gained for it. So the
order is a limit in the later programs, and no matter of weights. Never are there more
hours at the top than without letters: a week above capacity is no reason for a higher peak.
"""

from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.reminders.problem import AIMS, TOP, MailingProblem
from staffing.reminders.program import Program
from staffing.reminders.response import FloatArray

COST, LETTERS = "cost", "letters"
"""The first and the last program; the aims stand between them."""
PRECISION = 1e-6
"""The solver knows an optimum no better, as a part of it."""


@dataclass(frozen=True)
class Optimum:
    """The best value of an aim, given those before it, and the bound that proves it."""

    aim: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How much better an optimum could still be, as a part of the value."""
        return abs(self.value - self.bound) / max(1.0, abs(self.value))


@dataclass(frozen=True)
class Solution:
    """Letters per column, not yet whole, and the optimum of each program in turn.

    `most` letters are worth it: no more are sent.
    """

    letters: FloatArray
    most: float
    optima: tuple[Optimum, ...]


def solve(problem: MailingProblem) -> Solution:
    """Hours above capacity first, then at the top, then staff hours, then letters.

    Raises:
        UnsolvedError: no optimum was proven within the time limit.
    """
    program = Program(problem)
    without = problem.aims(np.zeros(problem.columns.lot.size))
    optima = [Optimum(COST, *_keep_to_worth(program, problem, float(without[TOP])))]
    most = float(program.values.sum())
    for name, aim, before in zip(AIMS, program.aims, without.tolist(), strict=True):
        value, bound = program.minimise(aim)
        optima.append(Optimum(name, value, bound))
        room = problem.policy.give * abs(before - value) + PRECISION * (1 + abs(value))
        program.keep(aim, value + room)
    optima.append(Optimum(LETTERS, *program.minimise(program.number)))
    return Solution(program.values, most, tuple(optima))


def _keep_to_worth(
    program: Program, problem: MailingProblem, top: float
) -> tuple[float, float]:
    """From now on no more letters than are worth it, nor more hours at the top."""
    program.keep(program.aims[TOP], top + PRECISION * (1 + top))
    hours = mathopt.fast_sum(program.aims)
    found = program.minimise(hours + program.number / problem.policy.letters_per_hour)
    letters = float(program.values.sum())
    program.keep(program.number, letters + PRECISION * (1 + letters))
    return found
