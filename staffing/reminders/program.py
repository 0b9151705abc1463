"""The linear program of a mailing plan, for GLOP or HiGHS through MathOpt.

minimise   an aim: mean over responses k of sum_t sum_p slope_tp z_ktp, or sum_j letters_j
where      sum_j moved_ktj letters_j = edge_t0 + sum_p z_ktp
           0 <= z_ktp <= the length of piece p
           letters of a lot <= available; on paper, of a week <= quota, in all <= budget
Slopes rise from piece to piece, so that at an optimum pieces fill in order. Variables
are the letters, then the pieces of all weeks for each response in turn.
"""

from datetime import timedelta

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import (
    mathopt,
)
from scipy import sparse

from forecasting.errors import PiekwijzerError
from staffing.reminders.problem import AIMS, MailingProblem
from staffing.reminders.response import FloatArray, IntArray

SOLVERS = (
    (mathopt.SolverType.GLOP, timedelta(seconds=30)),
    (mathopt.SolverType.HIGHS, timedelta(seconds=120)),
)
"""In turn, each with its time: the dual simplex of the next where one proves nothing."""
NEGLIGIBLE = 1e-7


class UnsolvedError(PiekwijzerError):
    """The solver ended without a proven optimum."""


class Program:
    """Letters and the load that they lead to; aims are given as costs per variable."""

    def __init__(self, problem: MailingProblem) -> None:
        self._letters = problem.columns.lot.size
        self._responses = len(problem.columns.moved)
        self._model = mathopt.Model.from_model_proto(_proto(problem))
        self._variables = list(self._model.variables())
        self.aims = [self._aim(problem, number) for number in range(len(AIMS))]
        self.number = mathopt.fast_sum(self._variables[: self._letters])
        self.values: FloatArray = np.zeros(self._letters)

    def keep(self, aim: mathopt.LinearTypes, most: float) -> None:
        """From now on an aim may be no more than this."""
        self._model.add_linear_constraint(aim <= most)

    def minimise(self, aim: mathopt.LinearTypes) -> tuple[float, float]:
        """The least value of an aim, and the bound that proves it; sets `values`.

        Raises:
            UnsolvedError: no optimum was proven within the time limit.
        """
        self._model.minimize(aim)
        result = self._solved()
        found = result.variable_values(self._variables[: self._letters])
        self.values = np.maximum(np.array(found, dtype=np.float64), 0.0)
        return result.objective_value(), result.dual_bound()

    def _solved(self) -> mathopt.SolveResult:
        ended = []
        for solver, limit in SOLVERS:
            parameters = mathopt.SolveParameters(
                time_limit=limit, lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX
            )
            result = mathopt.solve(self._model, solver, params=parameters)
            ended.append(f"{solver.name}: {result.termination.reason.name}")
            if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
                return result
        raise UnsolvedError(
            f"The mailing plan was not solved ({', '.join(ended)}). "
            "Plan fewer weeks, or a smaller budget of letters."
        )

    def _aim(self, problem: MailingProblem, number: int) -> mathopt.LinearTypes:
        """The mean over responses, from its value with all load at its lowest."""
        slopes = np.concatenate([one.slopes[number] for one in problem.pieces])
        costs = np.tile(slopes / self._responses, self._responses)
        lowest = sum(one.aims[number].value(one.edges[0]) for one in problem.pieces)
        terms = [
            cost * variable
            for cost, variable in zip(
                costs.tolist(), self._variables[self._letters :], strict=True
            )
            if cost
        ]
        return mathopt.fast_sum(terms) + lowest


def _proto(problem: MailingProblem) -> model_pb2.ModelProto:
    matrix, low, high = _rows(problem)
    lengths = np.concatenate([np.diff(one.edges) for one in problem.pieces])
    pieces = np.tile(lengths, len(problem.columns.moved))
    most = np.concatenate([problem.available[problem.columns.lot], pieces])
    proto = model_pb2.ModelProto(name="mailing")
    proto.variables.ids.extend(range(most.size))
    proto.variables.lower_bounds.extend(np.zeros(most.size).tolist())
    proto.variables.upper_bounds.extend(most.tolist())
    proto.variables.integers.extend([False] * most.size)
    proto.linear_constraints.ids.extend(range(low.size))
    proto.linear_constraints.lower_bounds.extend(low.tolist())
    proto.linear_constraints.upper_bounds.extend(high.tolist())
    entries = sparse.coo_array(matrix)
    proto.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    proto.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return proto


def _rows(problem: MailingProblem) -> tuple[sparse.csr_array, FloatArray, FloatArray]:
    """The constraints: their coefficients and the bounds of each row."""
    columns, policy = problem.columns, problem.policy
    responses, weeks, letters = columns.moved.shape
    moved = columns.moved.reshape(responses * weeks, letters)
    kept = np.where(np.abs(moved) > NEGLIGIBLE, moved, 0.0)
    sizes = [one.edges.size - 1 for one in problem.pieces]
    of_week = np.repeat(np.arange(weeks), sizes)
    filled = sparse.csr_array(
        sparse.kron(sparse.eye_array(responses), _incidence(of_week, weeks))
    )
    tie = sparse.csr_array(sparse.hstack([sparse.csr_array(kept), -filled]))
    paper = problem.paper
    every = sparse.csr_array(paper.total[None, :])
    lots = _incidence(columns.lot, problem.available.size)
    limits = sparse.csr_array(sparse.vstack([lots, paper.weekly, every]))
    none = sparse.csr_array((limits.shape[0], filled.shape[1]))
    limits = sparse.csr_array(sparse.hstack([limits, none]))
    matrix = sparse.csr_array(sparse.vstack([tie, limits]))
    tied = np.tile([one.edges[0] for one in problem.pieces], responses)
    most = np.concatenate([problem.available, paper.quota, [policy.budget]])
    low = np.concatenate([tied, np.full(most.size, -np.inf)])
    return matrix, low, np.concatenate([tied, most])


def _incidence(of: IntArray, number: int) -> sparse.csr_array:
    """`number` rows x entries: which entries belong to which row."""
    ones = np.ones(of.size)
    return sparse.csr_array((ones, (of, np.arange(of.size))), (number, of.size))
