"""The bound: no roster costs less than people and wants that are parted by prices."""

from functools import cached_property

import numpy as np

from staffing.roster.lawful.frame import Space, space_for
from staffing.roster.week.columns import Column
from staffing.roster.week.everybody import cost_with_everybody
from staffing.roster.week.pricing import (
    Prices,
    best_week,
    cost_of_wants,
    no_prices,
)
from staffing.roster.week.problem import Problem
from staffing.roster.week.targets import QUARTERS

MOST_LABELS = 20_000


class Bound:
    """Evaluates prices, and holds the best bound known and the prices of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._spaces: dict[int, Space] = {}
        self._highest, self.prices = -np.inf, no_prices(problem.targets)

    @property
    def best(self) -> float:
        """The best bound known."""
        return max(self._highest, self.unavoidable)

    @cached_property
    def unavoidable(self) -> float:
        """What nobody can change: everybody's cheapest week, and what stays with all there.

        No roster costs less, so that the bound is never below it.
        """
        nothing = no_prices(self.problem.targets)
        own = self.at(nothing) - self._wants(nothing)
        return own + cost_with_everybody(self.problem)

    def at(self, prices: Prices) -> float:
        """The bound at prices."""
        return self.weeks(prices)[0]

    def weeks(self, prices: Prices) -> tuple[float, list[Column]]:
        """The bound at prices, and the best weeks of all people there."""
        p = self.problem
        found = [self.week(person, prices) for person in range(len(p.schedules))]
        costs = sum(cost for cost, _ in found)
        bound = p.contracts + self._wants(prices) + costs
        if bound > self._highest:
            self._highest, self.prices = bound, prices
        return bound, [column for _, column in found]

    def _wants(self, prices: Prices) -> float:
        targets = self.problem.targets
        return cost_of_wants(targets, prices, np.zeros(prices.work.shape, np.int64))

    def week(self, person: int, prices: Prices) -> tuple[float, Column]:
        """Cost of the cheapest week of a person at prices, and that week.

        -infinite in the rare case that the search of it was cut short.
        """
        p = self.problem
        frame, days = p.schedules[person].frame, p.instance.length
        column = Column(
            person, np.empty(days, np.int64), np.empty((days, QUARTERS), np.int8)
        )
        cost, is_exact = best_week(
            p.targets,
            prices,
            p.staff,
            p.block,
            frame,
            person,
            MOST_LABELS,
            self._space(frame.most_kind.size),
            column.options,
            column.plans,
        )
        return cost if is_exact else -np.inf, column

    def _space(self, kinds: int) -> Space:
        if kinds not in self._spaces:
            days = self.problem.instance.length
            self._spaces[kinds] = space_for(days, kinds, MOST_LABELS)
        return self._spaces[kinds]
