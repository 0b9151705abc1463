"""Column generation: schedules that the linear program wants, until there are none.

Duals are smoothed towards those of the best bound (Wentges 1997). Each round first looks
with few labels, and with all of them only when that finds nothing; only then is there a
bound: what the duals say of the covers, and each person's cheapest schedule at them.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from staffing.roster.cover.board import Board, Desk
from staffing.roster.cover.master import Master, column
from staffing.roster.cover.pricing import best_rows
from staffing.roster.lawful.frame import Floats, Ints

LEVELS = (150, 1500, 40_000)
"""Labels a day: few at first, and so many that the search is nearly always exact."""

ROWS = 5
"""Schedules taken from each search."""

FEW_ROUNDS, MOST_ROUNDS = 2, 12
"""Rounds of columns while others are settled: always, and while it is too dear."""

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
    """Finds columns for a master; one desk per thread.

    `constant` of the objective is in no value and no bound here.
    """

    board: Board
    master: Master
    desks: Sequence[Desk]
    pool: Executor
    bound: float = -np.inf
    value: float = np.inf
    level: int = 0
    centre: Floats | None = None
    rounds: int = 0

    def __post_init__(self) -> None:
        _, days, shifts = self.board.own.shape
        self.fixed = np.ones((days, shifts), np.int64)
        self.shape = days, shifts - 1
        self.wants = self.master.wants

    def run(self, deadline: float, *, top: int = 2) -> bool:
        """Add columns until none is left that pays; False when time was out first.

        Levels above `top` are not looked at.
        """
        self.level = 0
        while time.monotonic() < deadline:
            added = self.step(deadline)
            if self.value - self.bound < GAIN * (1 + abs(self.value)):
                return True
            if not added:
                if self.level == top:
                    return True
                self.level += 1
        return False

    def step(self, deadline: float) -> int:
        """One round of columns; how many were new."""
        self.rounds += 1
        self.value, mu, duals = self.master.solve()
        return self._round(mu, duals, deadline)

    def refresh(
        self, people: Sequence[int], deadline: float, aim: float = np.inf
    ) -> None:
        """New columns for some people, while others are settled: a few rounds of them.

        Then more, with more labels, as long as the value is above `aim`.
        """
        self.level = 0
        for number in range(MOST_ROUNDS):
            self.value, mu, duals = self.master.solve()
            done = number >= FEW_ROUNDS and self.value <= aim
            if done or not people or time.monotonic() > deadline:
                return
            if not self._add(people, duals, mu, duals, deadline):
                if self.value <= aim or self.level == 1:
                    return
                self.level = 1
        self.value, _, _ = self.master.solve()

    def _round(
        self,
        mu: dict[int, float],
        duals: Floats,
        deadline: float,
    ) -> int:
        """New columns at smoothed duals, or else at the duals themselves."""
        if self.centre is not None:
            smoothed = SMOOTHING * self.centre + (1 - SMOOTHING) * duals
            added = self._price(smoothed, mu, duals, deadline)
            if added:
                return added
        return self._price(duals, mu, duals, deadline)

    def _price(
        self, at: Floats, mu: dict[int, float], duals: Floats, deadline: float
    ) -> int:
        at = np.clip(at, -self.wants.over, self.wants.under)
        people = self.master.people
        found = self._search(people, at, deadline)
        if len(found) == len(people):
            self._tell_bound(at, found)
        return self._keep_all(found, duals, mu)

    def _add(
        self,
        people: Sequence[int],
        at: Floats,
        mu: dict[int, float],
        duals: Floats,
        deadline: float,
    ) -> int:
        return self._keep_all(self._search(people, at, deadline), duals, mu)

    def _keep_all(self, found: list[Found], duals: Floats, mu: dict[int, float]) -> int:
        worth = self.wants.worth(duals, self.shape)
        return sum(self._keep(each, worth, mu[each.person]) for each in found)

    def _tell_bound(self, at: Floats, found: list[Found]) -> None:
        bound = at @ self.wants.wanted + sum(each.cost for each in found)
        exact = all(each.exact for each in found)
        if self.centre is None or (exact and bound > self.bound) or self.level < 2:
            self.centre = at
        if exact:
            self.bound = max(self.bound, float(bound))

    def _keep(self, found: Found, worth: Floats, mu: float) -> int:
        added = 0
        for row in found.rows:
            new = column(self.board, found.person, row)
            days = np.flatnonzero(row >= 0)
            reduced = new.cost - worth[days, row[days]].sum() - mu
            if reduced < -GAIN * (1 + abs(mu)):
                added += self.master.add(new)
        return added

    def _search(self, who: Sequence[int], at: Floats, deadline: float) -> list[Found]:
        worth = self.wants.worth(at, self.shape)
        parts = [
            self.pool.submit(
                self._share, who[place :: len(self.desks)], desk, worth, deadline
            )
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
