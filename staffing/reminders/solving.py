"""The fewest letters that keep the aims before them: one linear program after another.

First the hours above capacity are made as few as can be. Of all plans that keep these,
hours far above capacity: an hour in the busiest week weighs more than one just above
capacity. Then staff hours, then letters. To keep an aim is to leave at most the share
`give` of what could be gained for it. So the order is a limit in the later programs, and
no matter of weights.
"""

from dataclasses import dataclass

import numpy as np

from staffing.reminders.problem import AIMS, MailingProblem
from staffing.reminders.program import Program
from staffing.reminders.response import FloatArray

LETTERS = "letters"
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
    """Letters per column, not yet whole, and the optimum of each aim in turn."""

    letters: FloatArray
    optima: tuple[Optimum, ...]


def solve(problem: MailingProblem) -> Solution:
    """Hours above capacity first, then staff hours, then letters.

    Raises:
        UnsolvedError: no optimum was proven within the time limit.
    """
    program = Program(problem)
    without = problem.aims(np.zeros(problem.columns.lot.size))
    optima = []
    for name, aim, before in zip(AIMS, program.aims, without.tolist(), strict=True):
        value, bound = program.minimise(aim)
        optima.append(Optimum(name, value, bound))
        room = problem.policy.give * abs(before - value) + PRECISION * (1 + abs(value))
        program.keep(aim, value + room)
    optima.append(Optimum(LETTERS, *program.minimise(program.number)))
    return Solution(program.values, tuple(optima))
