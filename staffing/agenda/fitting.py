"""Whole places that keep the promise: rounded, filled up where it fails, then trimmed."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from staffing.agenda.booking import Floats
from staffing.agenda.days import Ints
from staffing.agenda.placing import Laid, lay
from staffing.agenda.problem import Problem

LEAST_SHARE = 1e-9
Limits = dict[tuple[int, int], str]
"""Per product and day on which the promise fails, the limit that is the reason."""


@dataclass
class Fitting:
    """Places per product and day while they are made whole.

    `limits` says where a promise fails and why, `full` on which days a product found no
    room, which more places of others only make worse.
    """

    problem: Problem
    places: Ints
    limits: Limits = field(default_factory=dict)
    full: Limits = field(default_factory=dict)

    def lay(self, day: int) -> Laid | None:
        """The places of a day with their times; None on a day that is shut."""
        room = self.problem.rooms[day]
        if room is None:
            return None
        numbers = [int(n) for n in self.places[:, day]]
        booked = [int(n) for n in self.problem.booked[:, day]]
        return lay(room, self.problem.products, numbers, booked)

    def shrink_to_room(self) -> None:
        """Take away what has no room, save visits that are booked."""
        for day in range(self.places.shape[1]):
            laid = self.lay(day)
            if laid is not None:
                fits = self.places[:, day] - np.array(laid.missing)
                self.places[:, day] = np.maximum(fits, self.problem.booked[:, day])

    def fill_up(self) -> None:
        """Add places until every product keeps its promise or has no room to."""
        for product in self._hardest_first():
            self._fill_up(product)

    def _hardest_first(self) -> list[int]:
        """Products by what they promise, the nearest first, then the longest places."""
        made = self.problem.products
        return sorted(
            range(len(made)), key=lambda p: (made[p].within_days, -made[p].minutes, p)
        )

    def _fill_up(self, product: int) -> None:
        t = 0
        while (failing := self._first_failing(product, t)) is not None:
            t = failing
            found = self._add(product, t)
            if found is not None:
                self.limits[product, t] = found
                t += 1

    def _first_failing(self, product: int, since: int) -> int | None:
        share = self.problem.policy.share
        kept = self.problem.kept_promise(product, self.places[product])
        fails = np.flatnonzero(kept[since:] < share - LEAST_SHARE)
        return since + int(fails[0]) if fails.size else None

    def _add(self, product: int, t: int) -> str | None:
        """Add a place that day t is promised on the least loaded day, or name the limit."""
        rules = self.problem.rules[product]
        window = range(int(rules.earliest[t]), int(rules.reach[t]) + 1)
        reasons: Counter[str] = Counter()
        skill = self.problem.products[product].skill
        loads = {d: round(self.problem.load(self.places, d, skill), 6) for d in window}
        for day in sorted(window, key=lambda d: (loads[d], -d)):
            reason = self._try(product, day)
            if reason is None:
                return None
            reasons[reason] += reason != "opening"
        return min(reasons, key=lambda r: (-reasons[r], r)) if reasons else "opening"

    def _try(self, product: int, day: int) -> str | None:
        """Add a place on a day, or name what leaves no room for one."""
        if not self.problem.can_open[product, day]:
            return "opening"
        if (product, day) in self.full:
            return self.full[product, day]
        self.places[product, day] += 1
        laid = self.lay(day)
        if laid is not None and not any(laid.missing):
            return None
        self.places[product, day] -= 1
        self.full[product, day] = laid.reason(product) if laid else "opening"
        return self.full[product, day]

    def trim(self) -> None:
        """Take places away, from the most loaded day first, while no day suffers."""
        for product in reversed(self._hardest_first()):
            self._trim(product)

    def _trim(self, product: int) -> None:
        """Fewer places never bring one nearer: a day that cannot spare one is done."""
        row, least = self.places[product], self.problem.least[product]
        wanted = self.problem.kept_promise(product, row)
        wanted = np.minimum(wanted, self.problem.policy.share) - LEAST_SHARE
        left = [d for d in range(row.size) if row[d] > least[d]]
        while left:
            day = max(left, key=lambda d: (row[d], -d))
            row[day] -= 1
            if not _holds(self.problem.kept_promise(product, row), wanted):
                row[day] += 1
                left.remove(day)
            elif row[day] == least[day]:
                left.remove(day)


def _holds(kept: Floats, least: Floats) -> bool:
    return bool((kept >= least).all())


def whole_places(problem: Problem, wanted: Floats) -> Fitting:
    """Whole places near those `wanted`, enough for the promise where there is room."""
    upto = np.floor(np.cumsum(wanted, axis=1) + 1e-6).astype(np.int64)
    rounded = np.diff(upto, axis=1, prepend=0)
    places = np.maximum(rounded, problem.least)
    fitting = Fitting(problem, np.where(problem.can_open, places, problem.booked))
    fitting.shrink_to_room()
    fitting.fill_up()
    fitting.trim()
    return fitting


def places_short(problem: Problem, places: Ints) -> Ints:
    """How many places more each product needs, whatever the limits, per day of asking.

    Each is counted on the day of which it would keep the promise.
    """
    short = np.zeros_like(places)
    for product, rules in enumerate(problem.rules):
        enough, t = places[product].copy(), 0
        while t < problem.planned:
            kept = problem.kept_promise(product, enough)
            if kept[t] >= problem.policy.share - LEAST_SHARE:
                t += 1
                continue
            enough[int(rules.reach[t])] += 1
            short[product, t] += 1
    return short
