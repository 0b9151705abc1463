"""The linear program of a mailing plan, for GLOP through MathOpt.

minimise   an aim: mean over responses k of sum_t sum_p slope_tp z_ktp, or sum_j letters_j
where      sum_j moved_ktj letters_j = edge_t0 + sum_p z_ktp
           0 <= z_ktp <= the length of piece p
           letters of a lot <= available, of a week <= quota, in all <= budget
Slopes rise from piece to piece, so that at an optimum pieces fill in order.
"""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import (
    mathopt,
)

from forecasting.errors import PiekwijzerError
from staffing.reminders.pieces import Pieces
from staffing.reminders.problem import AIMS, MailingProblem
from staffing.reminders.response import FloatArray, IntArray

TIME_LIMIT = timedelta(seconds=120)
NEGLIGIBLE = 1e-7


class UnsolvedError(PiekwijzerError):
    """The solver ended without a proven optimum."""


class Program:
    """Letters, the load that they lead to, and each aim as a linear function of these."""

    def __init__(self, problem: MailingProblem) -> None:
        self.model = mathopt.Model(name="mailing")
        self.letters = [
            self.model.add_variable(lb=0.0, ub=float(most))
            for most in problem.available[problem.columns.lot].tolist()
        ]
        self.aims: list[mathopt.LinearTypes] = self._aims(problem)
        self._add_limits(problem)
        self._solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self._values = np.zeros(len(self.letters))

    @property
    def number(self) -> mathopt.LinearTypes:
        """All letters together."""
        return mathopt.fast_sum(self.letters)

    @property
    def values(self) -> FloatArray:
        """The letters of the newest optimum, not yet whole."""
        return self._values

    def keep(self, aim: mathopt.LinearTypes, most: float) -> None:
        """From now on an aim may be no more than this."""
        self.model.add_linear_constraint(aim <= most)

    def minimise(self, aim: mathopt.LinearTypes) -> tuple[float, float]:
        """The least value of an aim, and the bound that proves it.

        Raises:
            UnsolvedError: no optimum was proven within the time limit.
        """
        self.model.minimize(aim)
        parameters = mathopt.SolveParameters(time_limit=TIME_LIMIT)
        result = self._solver.solve(params=parameters)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise UnsolvedError(
                f"The mailing plan was not solved ({result.termination.reason.value}). "
                "Plan fewer weeks, or a smaller budget of letters."
            )
        found = np.array(result.variable_values(self.letters), dtype=np.float64)
        self._values = np.maximum(found, 0.0)
        return result.objective_value(), result.dual_bound()

    def _aims(self, problem: MailingProblem) -> list[mathopt.LinearTypes]:
        terms: list[list[mathopt.LinearTypes]] = [[] for _ in AIMS]
        responses = len(problem.columns.moved)
        for moved in problem.columns.moved:
            for week, pieces in enumerate(problem.pieces):
                filled = self._add_week(moved[week], pieces)
                for number, slopes in enumerate(pieces.slopes / responses):
                    terms[number] += _products(slopes, filled)
        least = np.array(
            [[aim.value(one.edges[0]) for aim in one.aims] for one in problem.pieces]
        )
        sums = zip(terms, least.sum(axis=0).tolist(), strict=True)
        return [mathopt.fast_sum(parts) + base for parts, base in sums]

    def _add_week(self, moved: FloatArray, pieces: Pieces) -> list[mathopt.Variable]:
        """Tie the hours moved into a week, for one response, to its pieces."""
        first = float(pieces.edges[0])
        row = self.model.add_linear_constraint(lb=first, ub=first)
        for column in np.flatnonzero(np.abs(moved) > NEGLIGIBLE).tolist():
            row.set_coefficient(self.letters[column], float(moved[column]))
        filled = []
        for length in np.diff(pieces.edges).tolist():
            piece = self.model.add_variable(lb=0.0, ub=length)
            row.set_coefficient(piece, -1.0)
            filled.append(piece)
        return filled

    def _add_limits(self, problem: MailingProblem) -> None:
        columns, policy = problem.columns, problem.policy
        for lot, available in enumerate(problem.available.tolist()):
            self._at_most(np.flatnonzero(columns.lot == lot), available)
        for week in np.unique(columns.week):
            self._at_most(np.flatnonzero(columns.week == week), policy.weekly_quota)
        self._at_most(np.arange(len(self.letters)), policy.budget)

    def _at_most(self, chosen: IntArray, limit: int) -> None:
        row = self.model.add_linear_constraint(ub=float(limit))
        for column in chosen.tolist():
            row.set_coefficient(self.letters[column], 1.0)


def _products(
    slopes: FloatArray, variables: Iterable[mathopt.Variable]
) -> list[mathopt.LinearTypes]:
    pairs = zip(slopes.tolist(), variables, strict=True)
    return [slope * variable for slope, variable in pairs if slope]
