"""The bound: no roster costs less than people and wants that are parted by prices."""

import numpy as np

from staffing.roster.lawful.frame import Space, space_for
from staffing.roster.lawful.labels import cheapest
from staffing.roster.week.pricing import (
    Prices,
    cost_of_wants,
    no_prices,
    price_days,
)
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING
from staffing.roster.week.targets import Ints

MOST_LABELS = 20_000


class Bound:
    """Evaluates prices, and holds the best bound known."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._spaces: dict[int, Space] = {}
        self.best = self.unavoidable = self.at(no_prices(problem.targets))

    def at(self, prices: Prices) -> float:
        """The bound at prices."""
        return self.weeks(prices)[0]

    def weeks(self, prices: Prices) -> tuple[float, list[Ints]]:
        """The bound at prices, and the best weeks (D,) of all people there."""
        p = self.problem
        bought = np.zeros(prices.work.shape, np.int64)
        found = [self.week(person, prices) for person in range(len(p.schedules))]
        wanted = cost_of_wants(p.targets, prices, bought)
        costs = sum(cost for cost, _ in found)
        return p.contracts + wanted + costs, [options for _, options in found]

    def week(self, person: int, prices: Prices) -> tuple[float, Ints]:
        """Cost of the cheapest week of a person at prices, and its options (D,).

        -infinite in the rare case that the search of it was cut short.
        """
        p = self.problem
        frame = p.schedules[person].frame
        costs = np.empty(frame.choices.shape[:2])
        which = np.empty(costs.shape, np.int64)
        price_days(p.targets, prices, p.staff, p.block, person, costs, which)
        off = np.where(p.staff.must[person], np.inf, p.staff.off[person])
        path, days = np.full(len(off), NOTHING, np.int64), np.arange(len(off))
        if not which.size:  # nothing can be worked, on any day
            return float(off.sum()), path
        space = self._space(frame.most_kind.size)
        arguments = (frame, costs, off, frame.entry, (0, len(off) - 1), MOST_LABELS)
        cost, is_exact = cheapest(*arguments, space, path)
        taken = path.copy()
        worked = days[path != NOTHING]
        taken[worked] = which[worked, path[worked]]
        return cost if is_exact else -np.inf, taken

    def _space(self, kinds: int) -> Space:
        if kinds not in self._spaces:
            days = self.problem.instance.length
            self._spaces[kinds] = space_for(days, kinds, MOST_LABELS)
        return self._spaces[kinds]
