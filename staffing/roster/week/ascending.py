"""Better prices without a program: step after step towards what is asked and not given.

A subgradient of the bound says of each price how much more is asked than given at it. It
is deflected by those before (Camerini, Fratta and Maffioli, 1975), and each step aims at
a level above the best bound that comes nearer where steps bring nothing (Polyak, 1969;
Goffin and Kiwiel, 1999). A step prices everybody's week once and so costs little; it
says nothing of which weeks go together.
"""

import time

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.pricing import Prices, bought_at, capped
from staffing.roster.week.rows import Rows, count_week, no_rows
from staffing.roster.week.targets import Targets

DEFLECTION = 0.5
"""Share of the steps before in the direction of the next."""

PATIENCE = 4
NEARER = 0.7
"""After so many steps without gain the level comes nearer, by this factor."""


class Ascent:
    """Steps from the best prices of a bound towards better ones."""

    def __init__(self, bound: Bound, above: float) -> None:
        """The first level lies half the way from the bound to `above`, a known cost."""
        self.bound = bound
        self._reach = max(0.5 * (above - bound.best), 0.0)
        self._rows, self._size = _numbered(bound.problem.targets)
        self._at, self._best = bound.prices, bound.best
        self._direction: Prices | None = None
        self._idle = 0

    def run(self, steps: int, deadline: float) -> list[Column]:
        """Take so many steps, or what there is time for; the weeks at the last prices."""
        weeks: list[Column] = []
        for _ in range(steps):
            if time.monotonic() > deadline:
                break
            value, weeks = self.bound.weeks(self._at)
            self._look_back()
            rise = self.bound.best + self._reach - value
            if rise <= 0:
                break
            self._step(self._asked(weeks), rise)
        return weeks

    def _look_back(self) -> None:
        """Bring the level nearer where the last steps gained nothing."""
        self._idle = 0 if self.bound.best > self._best else self._idle + 1
        self._best = self.bound.best
        if self._idle >= PATIENCE:
            self._reach, self._idle = NEARER * self._reach, 0

    def _step(self, asked: Prices, rise: float) -> None:
        """Go on in the deflected direction, so far as a rise asks for."""
        asked = _paid(self._at, asked)
        before = self._direction or asked
        mixed = [
            DEFLECTION * old + (1 - DEFLECTION) * new
            for old, new in zip(before, asked, strict=True)
        ]
        length = sum(float((part * part).sum()) for part in mixed)
        self._direction = Prices(*mixed)
        if length > 0:
            moved = (
                at + rise / length * part
                for at, part in zip(self._at, mixed, strict=True)
            )
            self._at = capped(self.bound.problem.targets, Prices(*moved))

    def _asked(self, weeks: list[Column]) -> Prices:
        """What is asked for at the prices, less what the weeks give."""
        problem, found = self.bound.problem, np.zeros(self._size)
        targets = problem.targets
        for week in weeks:
            count_week(targets, problem.staff, self._rows, *week, 1.0, found)
        given = Prices(*(found[numbers] for numbers in self._rows))
        work = bought_at(targets, self._at) - given.work
        left = targets.due - np.where(targets.waits, given.work, 0.0).sum(axis=1)
        moments = np.maximum(targets.waits.sum(axis=1), 1)
        work = np.where(targets.waits, (left / moments)[:, None], work)
        head = targets.need[:, :, None] - given.head
        return Prices(
            np.where(targets.is_open, work, 0.0),
            given.desk - targets.desks[:, None],
            np.where(targets.in_force[:, None, :], head, 0.0),
        )


def _paid(at: Prices, asked: Prices) -> Prices:
    """Without what would lower a price of nought."""
    pairs = zip(at, asked, strict=True)
    return Prices(*(np.where((p <= 0) & (a < 0), 0.0, a) for p, a in pairs))


def _numbered(targets: Targets) -> tuple[Rows, int]:
    """A row for every price there is, and their number."""
    shapes = [numbers.shape for numbers in no_rows(targets)]
    edges = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    numbers = (
        np.arange(first, last).reshape(shape)
        for first, last, shape in zip(edges[:-1], edges[1:], shapes, strict=True)
    )
    return Rows(*numbers), int(edges[-1])
