"""The bound: no roster costs less than people and wants that are parted by prices."""

import numpy as np

from staffing.roster.lawful.frame import Space, space_for
from staffing.roster.lawful.labels import cheapest
from staffing.roster.week.pricing import (
    Prices,
    cost_of_wants,
    no_prices,
    price_days,
    supply,
)
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING, Tally, empty_tally
from staffing.roster.week.targets import Ints, Targets

MOST_LABELS = 20_000


class Bound:
    """Evaluates prices, and holds the best bound known."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._spaces: dict[int, Space] = {}
        self.best = self.unavoidable = self.at(no_prices(problem.targets))

    def at(self, prices: Prices) -> float:
        """The bound at prices."""
        return self.slope(prices)[0]

    def slope(self, prices: Prices) -> tuple[float, Prices]:
        """The bound at prices, and how it rises with them: what is wanted less supplied."""
        p = self.problem
        targets, staff = p.targets, p.staff
        bought = np.zeros(prices.work.shape, np.int64)
        total = p.contracts + cost_of_wants(targets, prices, bought)
        tally = empty_tally(targets, 0, p.instance.length)
        for person in range(len(p.schedules)):
            cost, taken = self.week(person, prices)
            total += cost
            for day in np.flatnonzero(taken != NOTHING).tolist():
                who, option = (person, day), int(taken[day])
                supply(targets, prices, staff, p.block, who, option, tally)
        return total, _excess(targets, bought, tally)

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


def _excess(targets: Targets, bought: Ints, tally: Tally) -> Prices:
    """What is wanted less what is supplied, in the shape of the prices."""
    due = (targets.due - tally.done)[:, None]
    work = np.where(targets.waits, due, bought - tally.people)
    heads = targets.need[:, :, None] - tally.heads
    wanted = (targets.need[:, :, None] > 0) & targets.in_force[:, None, :]
    return Prices(
        np.where(targets.is_open, work, 0).astype(float),
        (tally.seats - targets.desks[:, None]).astype(float),
        np.where(wanted, heads, 0).astype(float),
    )
