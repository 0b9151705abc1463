"""How firmly the timing is held smooth and quarters are held alike.

Each is the price of a quadratic penalty, which the data decide. Where they say little they
would put it at infinity, and what follows would look surer than it is. So a usual price is
held beforehand, worth a few observations (Chung and others 2013, "A nondegenerate penalized
likelihood estimator for variance parameters").
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forecasting.models.expiry.parameters import Layout, lasting
from forecasting.series.panel import FloatArray

WORTH = 4.0
"""Observations that the usual price is worth."""

BENDING = 10.0
"""Usual price of a bend: the log timing turns by a third from knot to knot."""

CALM = 1000.0
"""Usual price of pressure: quarters differ by three percent."""


@dataclass(frozen=True)
class Penalty:
    """`price` / 2 times the quadratic form of `matrix` in the departure from the prior."""

    matrix: FloatArray
    usual: float

    @cached_property
    def rank(self) -> int:
        """The number of directions that are priced."""
        return int(np.linalg.matrix_rank(self.matrix))

    def price(self, now: float, covariance: FloatArray, away: FloatArray) -> float:
        """The likeliest price (Wood and Fasiolo 2017, generalised Fellner-Schall)."""
        return self._used(now, covariance) / self._off(away)

    def draw(
        self,
        now: float,
        covariance: FloatArray,
        away: FloatArray,
        rng: np.random.Generator,
    ) -> float:
        """A price as it may be: gamma, around the likeliest."""
        chance = rng.standard_gamma(self._used(now, covariance) / 2)
        return 2 * float(chance) / self._off(away)

    def _used(self, now: float, covariance: FloatArray) -> float:
        """Directions of which the data tell, and what the usual price is worth."""
        free = self.rank - now * float(np.sum(covariance * self.matrix))
        return max(free, 0.0) + WORTH

    def _off(self, away: FloatArray) -> float:
        return float(away @ self.matrix @ away) + WORTH / self.usual


def penalties_of(layout: Layout) -> tuple[Penalty, ...]:
    """Of bends in the timing, and of quarters that differ."""
    bend, wander = np.zeros((2, layout.size, layout.size))
    bend[layout.knots, layout.knots] = layout.curve.bend
    wander[layout.pressure, layout.pressure] = lasting(layout.quarters)
    return Penalty(bend, BENDING), Penalty(wander, CALM)
