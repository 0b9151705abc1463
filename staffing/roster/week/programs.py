"""Solving programs through MathOpt, with limits that do not depend on the machine.

Gap and nodes end a search; the wall clock is a last resort, far above the usual time.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from ortools.math_opt.python import mathopt

NODES = 200
"""Nodes of branch and bound after which the best roster so far is taken."""


@dataclass(frozen=True)
class Limits:
    """When a program stops: absolute gap in euros, and the wall clock's end."""

    gap: float
    deadline: float

    def seconds_left(self) -> float:
        """Seconds before the wall clock ends the search."""
        return self.deadline - time.monotonic()


def relax(model: mathopt.Model, limits: Limits) -> mathopt.SolveResult | None:
    """Solve a linear program by GLOP; None when the wall clock ended it."""
    if limits.seconds_left() <= 0:
        return None
    wall = timedelta(seconds=limits.seconds_left())
    result = mathopt.solve(
        model, mathopt.SolverType.GLOP, params=mathopt.SolveParameters(time_limit=wall)
    )
    return result if result.has_dual_feasible_solution() else None


def whole_solution(
    model: mathopt.Model, limits: Limits
) -> dict[mathopt.Variable, float] | None:
    """The best whole solution by HiGHS, or None when the wall clock came first."""
    if limits.seconds_left() <= 0:
        return None
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            absolute_gap_tolerance=limits.gap,
            node_limit=NODES,
            time_limit=timedelta(seconds=limits.seconds_left()),
        ),
    )
    if not result.has_primal_feasible_solution():
        return None
    values: dict[mathopt.Variable, float] = result.variable_values()
    return values
