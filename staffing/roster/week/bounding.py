"""The bound: no roster costs less than people and wants that are parted by prices."""

import numpy as np

from staffing.roster.lawful.frame import Space, space_for
from staffing.roster.lawful.labels import cheapest
from staffing.roster.week.counting import Counts
from staffing.roster.week.pricing import (
    Prices,
    capped,
    cost_of_wants,
    no_prices,
    price_days,
)
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING
from staffing.roster.week.targets import Ints

MOST_LABELS = 20_000


class Bound:
    """Evaluates prices, and remembers the best bound that any of them gave."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._spaces: dict[int, Space] = {}
        self.best = self.unavoidable = self.at(no_prices(problem.targets))

    def tighten(self, deadline: float) -> None:
        """Find better prices until the deadline."""
        prices = Counts(self.problem).prices(deadline)
        if prices is not None:
            self.best = max(self.best, self.at(capped(self.problem.targets, prices)))

    def at(self, prices: Prices) -> float:
        """The bound at prices."""
        bought = np.zeros(prices.work.shape, np.int64)
        total = self.problem.contracts
        total += cost_of_wants(self.problem.targets, prices, bought)
        people = range(len(self.problem.schedules))
        return total + sum(self.week(person, prices)[0] for person in people)

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
        space = self._space(frame.most_kind.size)
        arguments = (frame, costs, off, frame.entry, (0, len(off) - 1), MOST_LABELS)
        cost, is_exact = cheapest(*arguments, space, path)
        taken = np.where(path >= 0, which[days, path], NOTHING)
        return cost if is_exact else -np.inf, taken

    def _space(self, kinds: int) -> Space:
        if kinds not in self._spaces:
            days = self.problem.instance.length
            self._spaces[kinds] = space_for(days, kinds, MOST_LABELS)
        return self._spaces[kinds]
