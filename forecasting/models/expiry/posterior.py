"""Draws of the parameters from all that remains uncertain.

Given the prices of the penalties the parameters are normal around a mode that moves with
these prices; the prices are drawn first, each from its gamma distribution (a sampled form
of the nested approximation of Rue, Martino and Chopin 2009).

Counts are sums of weights, not of their logarithms: so a normal step of the log timing is
taken as what it is of the weight itself, upwards in proportion and downwards never to
zero. An exponential would invent late renewals where few counts speak of them.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.fitting import Fitted, precision
from forecasting.models.expiry.parameters import Prior
from forecasting.models.expiry.penalties import Penalty
from forecasting.series.panel import FloatArray


@dataclass(frozen=True)
class Posterior:
    """What is held of the parameters once the counts are seen."""

    prior: Prior
    penalties: tuple[Penalty, ...]
    fitted: Fitted

    def draws(self, number: int, seed: int) -> FloatArray:
        """Parameters as they might be: draws x parameters."""
        rng = np.random.default_rng(seed)
        return np.array([self._draw(rng) for _ in range(number)])

    def _draw(self, rng: np.random.Generator) -> FloatArray:
        fitted, away = self.fitted, self.fitted.values - self.prior.mean
        prices = [
            penalty.draw(now, fitted.covariance, away, rng)
            for penalty, now in zip(self.penalties, fitted.prices, strict=True)
        ]
        held = precision(self.prior, self.penalties, prices)
        root = np.linalg.cholesky(fitted.information + held)
        pull = (precision(self.prior, self.penalties, fitted.prices) - held) @ away
        half = np.linalg.solve(root, pull) + rng.standard_normal(away.size)
        return np.asarray(fitted.values + np.linalg.solve(root.T, half))
