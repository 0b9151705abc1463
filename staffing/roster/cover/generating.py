"""Column generation: schedules that the linear program wants, until there are none.

Duals are smoothed towards those of the best bound (Wentges 1997). Each round first looks
with few labels, and with all of them only when that finds nothing; only then is there a
bound: what the duals say of the covers, and each person's cheapest schedule at them.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from staffing.roster.cover.board import Board, Desk
from staffing.roster.cover.master import Master, Wants, column
from staffing.roster.cover.pricing import best_rows
from staffing.roster.lawful.frame import Floats, Ints

LEVELS = (150, 1500, 40_000)
"""Labels a day: few at first, and so many that the search is nearly always exact."""

ROWS = 5
"""Schedules taken from each search."""

SMOOTHING = 0.6
GAIN = 1e-6


@dataclass(frozen=True)
class Found:
    """A person's cheapest schedules at some duals: least cost, exact or not, rows."""

    person: int
    cost: float
    exact: bool
    rows: Ints


@dataclass
class Generator:
    """Finds columns for a master; one desk per thread."""

    board: Board
    wants: Wants
    master: Master
    desks: Sequence[Desk]
    bound: float = -np.inf
    centre: Floats | None = None
    value: float = np.inf
    level: int = 0
    pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(len(self.desks))
        people, days, shifts = self.board.own.shape
        self.fixed = np.ones((days, shifts), np.int64)
        self.shape = days, shifts - 1

    def run(
        self, deadline: float, people: Sequence[int] | None = None, top: int = 2
    ) -> bool:
        """Add columns until no person has one that pays; False when time was out first.

        Levels above `top` are not looked at; `people` alone get new columns, and then
        there is no bound.
        """
        who = range(self.board.own.shape[0]) if people is None else people
        self.level = 0
        while time.monotonic() < deadline:
            self.value, mu, duals = self.master.solve()
            if people is None and self.value - self.bound < GAIN * (1 + abs(self.value)):
                return True
            if not self._round(who, mu, duals, deadline, whole=people is None):
                if self.level == top:
                    return True
                self.level += 1
        return False

    def _round(
        self,
        who: Sequence[int],
        mu: Floats,
        duals: Floats,
        deadline: float,
        *,
        whole: bool,
    ) -> int:
        """New columns at smoothed duals, or else at the duals themselves."""
        smoothed = duals
        if whole and self.centre is not None:
            smoothed = SMOOTHING * self.centre + (1 - SMOOTHING) * duals
        added = self._price(who, smoothed, mu, duals, deadline, whole=whole)
        if added or smoothed is duals:
            return added
        return self._price(who, duals, mu, duals, deadline, whole=whole)

    def _price(
        self,
        who: Sequence[int],
        at: Floats,
        mu: Floats,
        duals: Floats,
        deadline: float,
        *,
        whole: bool,
    ) -> int:
        at = np.clip(at, -self.wants.over, self.wants.under)
        found = self._search(who, at, deadline)
        if whole and len(found) == len(who):
            self._tell_bound(at, found)
        worth = self.wants.worth(duals, self.shape)
        return sum(self._keep(each, worth, mu) for each in found)

    def _tell_bound(self, at: Floats, found: list[Found]) -> None:
        bound = at @ self.wants.wanted + sum(each.cost for each in found)
        exact = all(each.exact for each in found)
        if self.centre is None or (exact and bound > self.bound) or self.level < 2:
            self.centre = at
        if exact:
            self.bound = max(self.bound, float(bound))

    def _keep(self, found: Found, worth: Floats, mu: Floats) -> int:
        added = 0
        for row in found.rows:
            new = column(self.board, found.person, row)
            days = np.flatnonzero(row >= 0)
            reduced = new.cost - worth[days, row[days]].sum() - mu[found.person]
            if reduced < -GAIN * (1 + abs(mu[found.person])):
                added += self.master.add(new)
        return added

    def _search(
        self, who: Sequence[int], at: Floats, deadline: float
    ) -> list[Found]:
        worth = self.wants.worth(at, self.shape)
        parts = [
            self.pool.submit(self._share, who[place :: len(self.desks)], desk, worth, deadline)
            for place, desk in enumerate(self.desks)
        ]
        return [each for part in parts for each in part.result()]

    def _share(
        self, who: Sequence[int], desk: Desk, worth: Floats, deadline: float
    ) -> list[Found]:
        """The cheapest schedules of some people, while there is time."""
        found = []
        for person in who:
            if time.monotonic() > deadline:
                break
            rows = np.empty((ROWS, self.shape[0]), np.int64)
            cost, number, exact = best_rows(
                self.board, person, worth, self.fixed, LEVELS[self.level], desk, rows
            )
            found.append(Found(person, cost, bool(exact), rows[:number]))
        return found
