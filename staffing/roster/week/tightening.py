"""Better prices, and so a better bound, by the volume algorithm.

Barahona and Anbil (2000): step from the best prices so far along an average of the slopes
seen, which is a direction of ascent where a single slope is not. Stops after a number of
rounds, or with the clock.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.pricing import Prices, capped, no_prices
from staffing.roster.week.targets import QUARTERS, Floats, Targets

NEWEST = 0.1
"""Most weight of the newest slope in the average; the least is a tenth of that."""

FEW = 10
"""Rounds without gain after which steps become shorter."""


class Vector:
    """Prices that may differ from one another as one vector, within their ranges.

    Waiting work has one price a day.
    """

    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self._work = np.nonzero(targets.is_open & ~targets.waits)
        self._waits = np.flatnonzero(targets.waits.any(axis=1))
        self._first = targets.waits[self._waits].argmax(axis=1)
        used = np.isin(np.arange(len(targets.desks)), targets.ceiling)
        self._desk = np.nonzero(np.broadcast_to(used[:, None], (len(used), QUARTERS)))
        wanted = (targets.need[:, :, None] > 0) & targets.in_force[:, None, :]
        self._head = np.nonzero(wanted)
        self.top = self.flat(
            Prices(
                np.where(targets.waits, targets.price_waiting, np.inf),
                np.full((len(targets.desks), QUARTERS), np.inf),
                np.full(wanted.shape, targets.price_head),
            )
        )

    def flat(self, prices: Prices) -> Floats:
        """Prices (or slopes) as a vector."""
        waiting = prices.work[self._waits, self._first]
        work, desk = prices.work[self._work], prices.desk[self._desk]
        return np.concatenate([work, waiting, desk, prices.head[self._head]])

    def prices(self, vector: Floats) -> Prices:
        """A vector as prices, brought within their ranges."""
        found, sizes = no_prices(self.targets), (len(self._work[0]), len(self._waits))
        edges = np.cumsum([*sizes, len(self._desk[0])])
        work, waiting, desk, head = np.split(vector, edges)
        found.work[self._work] = work
        for row, price in zip(self._waits, waiting, strict=True):
            found.work[row][self.targets.waits[row]] = price
        found.desk[self._desk], found.head[self._head] = desk, head
        return capped(self.targets, found)


@dataclass
class Climb:
    """A climb from prices towards a target, which no bound can pass."""

    bound: Bound
    prices: Prices
    target: float
    stride: float = 0.01
    best: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin at the prices."""
        self._vector = Vector(self.bound.problem.targets)
        self._at = self._vector.flat(self.prices)
        self.best, slope = self.bound.slope(self.prices)
        self._slope = self._vector.flat(slope)
        self._idle = 0

    def run(self, rounds: int, deadline: float) -> float:
        """Climb so many rounds, or till the deadline; the best bound found."""
        for _ in range(rounds):
            if time.monotonic() > deadline or self.best >= self.target:
                break
            self._step()
        return self.best

    def _step(self) -> None:
        at, top = self._at, self._vector.top
        stuck = ((at <= 0) & (self._slope < 0)) | ((at >= top) & (self._slope > 0))
        ahead = np.where(stuck, 0.0, self._slope)
        length = (
            self.stride * (self.target - self.best) / max(float(ahead @ ahead), 1e-9)
        )
        prices = self._vector.prices(at + length * ahead)
        bound, slope = self.bound.slope(prices)
        self._average(self._vector.flat(slope))
        self._idle += 1
        if bound > self.best:
            self.best, self._at, self._idle = bound, self._vector.flat(prices), 0
            self.stride = min(1.1 * self.stride, 2.0)
        elif self._idle % FEW == 0:
            self.stride *= 0.66

    def _average(self, slope: Floats) -> None:
        """Take the newest slope into the average, where that makes it shortest."""
        change = slope - self._slope
        share = -float(self._slope @ change) / max(float(change @ change), 1e-9)
        self._slope = self._slope + min(max(share, NEWEST / 10), NEWEST) * change
