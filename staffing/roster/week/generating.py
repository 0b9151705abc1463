"""Column generation: prices that all but reach the best bound, and the weeks behind them.

The linear program's prices leap about; weeks are priced at points between them and the
best prices so far (Wentges 1997), each of which gives a bound.
"""

import time
from datetime import timedelta

from ortools.math_opt.python import mathopt

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Columns
from staffing.roster.week.pricing import Prices, capped, no_prices
from staffing.roster.week.targets import Ints
from staffing.roster.week.wants import LONGEST_S, within

NEAR = (0.8, 0.4)
"""Shares of the best prices so far in the points where weeks are priced."""

CLOSE = 5e-4
"""Relative distance of bound and program at which prices are good enough."""

MOST_ROUNDS = 60


class Generator:
    """The program with the prices at which the bound is best."""

    def __init__(self, bound: Bound, start: Ints) -> None:
        """`start` are weeks (P, D) to begin with."""
        self.bound = bound
        self.columns = Columns(bound.problem)
        self.prices = no_prices(bound.problem.targets)
        self._best = -float("inf")
        for person, options in enumerate(start):
            self.columns.add(person, options)
        self._price(self.prices)

    def run(self, deadline: float) -> None:
        """Price and solve in turn until the bound is close, or till the deadline."""
        solver = mathopt.IncrementalSolver(self.columns.model, mathopt.SolverType.GLOP)
        for _ in range(MOST_ROUNDS):
            left = min(deadline - time.monotonic(), LONGEST_S)
            if left <= 0:
                return
            result = solver.solve(params=_warm(left))
            if not result.has_dual_feasible_solution():
                return
            if not self._add_between(self.columns.wants.prices(result)):
                return
            if result.objective_value() - self._best <= CLOSE * abs(self._best):
                return

    def _add_between(self, dual: Prices) -> int:
        """Weeks priced between the best prices and these; how many are new.

        When none is, those at the program's own prices: if none is new there either, no
        other week can better the program.
        """
        found, best = 0, self.prices
        for near in NEAR:
            mixed = (near * a + (1 - near) * b for a, b in zip(best, dual, strict=True))
            found += self._price(capped(self.bound.problem.targets, Prices(*mixed)))
        return found or self._price(capped(self.bound.problem.targets, dual))

    def _price(self, prices: Prices) -> int:
        """Everybody's best week at prices becomes a column; how many are new."""
        bound, weeks = self.bound.weeks(prices)
        if bound > self._best:
            self._best, self.prices = bound, prices
        self.bound.best = max(self.bound.best, bound)
        return sum(self.columns.add(i, week) for i, week in enumerate(weeks))

    def choose(self, deadline: float, gap: float) -> Ints | None:
        """The weeks (P, D) that go best together, blocks aside; None when not found."""
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        for week in self.columns.weeks.values():
            week.integer = True
        model, highs = self.columns.model, mathopt.SolverType.HIGHS
        result = mathopt.solve(model, highs, params=within(left, gap))
        for week in self.columns.weeks.values():
            week.integer = False
        if not result.has_primal_feasible_solution():
            return None
        return self.columns.chosen(result)


def _warm(seconds: float) -> mathopt.SolveParameters:
    """From the last basis: that of a program which only gained columns."""
    return mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds),
        presolve=mathopt.Emphasis.OFF,
        lp_algorithm=mathopt.LPAlgorithm.PRIMAL_SIMPLEX,
    )
