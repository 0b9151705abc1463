"""The law of a count around its mean, and normal scores under it.

A Poisson count whose rate varies by a gamma law has variance `mean + phi mean^2`
(negative binomial). Small whole counts keep that law; larger ones take the gamma law of
the same mean and variance, which has no steps. Amounts that are not whole have no
Poisson part.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, gammainc, gammaincinv, ndtr, ndtri

from forecasting.series.panel import FloatArray

ATOM = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
"""Where in the jump of a whole count its scores lie (Czado, Gneiting and Held 2009)."""
FARTHEST = 4.0
LEAST_MEAN = 1e-9
LONGEST = 100_000


@dataclass(frozen=True)
class CountLaw:
    """The law of counts with the given means and dispersions (arrays of one length).

    `whole`: the counts are whole numbers; those with a mean below `small` then keep to
    whole numbers in their quantiles too.
    """

    mean: FloatArray
    phi: FloatArray
    whole: bool
    small: float

    @property
    def _level(self) -> FloatArray:
        return np.maximum(self.mean, LEAST_MEAN)

    @property
    def _stepped(self) -> npt.NDArray[np.bool_]:
        return (self._level < self.small) & self.whole

    def scores(self, actual: FloatArray) -> FloatArray:
        """Normal scores of outcomes, of shape (rows, 5): a whole count has a range."""
        known = np.empty((actual.size, ATOM.size))
        steps = self._stepped
        if steps.any():
            known[steps] = self._in_jump(actual[steps], steps)
        shape, scale = self._gamma(~steps)
        smooth = gammainc(shape, actual[~steps] / scale)
        known[~steps] = smooth[:, None]
        return np.asarray(np.clip(ndtri(known), -FARTHEST, FARTHEST))

    def _in_jump(self, actual: FloatArray, rows: npt.NDArray[np.bool_]) -> FloatArray:
        mean, size = self._level[rows], 1 / self.phi[rows]
        chance = 1 / (1 + mean / size)
        upper = betainc(size, actual + 1, chance)
        below = betainc(size, np.maximum(actual, 0.5), chance)
        lower = np.where(actual > 0, below, 0.0)
        return np.asarray(lower[:, None] + ATOM * (upper - lower)[:, None])

    def quantiles(self, scores: FloatArray) -> FloatArray:
        """Counts at normal scores of shape (rows, k)."""
        counts = np.empty(scores.shape)
        level = ndtr(np.clip(scores, -FARTHEST, FARTHEST))
        steps = self._stepped
        if steps.any():
            counts[steps] = _whole_quantiles(
                self._level[steps], self.phi[steps], level[steps]
            )
        shape, scale = self._gamma(~steps)
        counts[~steps] = gammaincinv(shape[:, None], level[~steps]) * scale[:, None]
        return counts

    def _gamma(self, rows: npt.NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
        mean = self._level[rows]
        relative = self.phi[rows] + (1 / mean if self.whole else 0.0)
        return 1 / relative, mean * relative


def _whole_quantiles(
    mean: FloatArray, phi: FloatArray, level: FloatArray
) -> FloatArray:
    """Negative-binomial quantiles by adding up chances from 0 on; all rows at once."""
    size = (1 / phi)[:, None]
    odds = mean[:, None] / (size + mean[:, None])
    chance = np.exp(size * np.log1p(-odds))
    total, counts = chance.copy(), np.zeros(level.shape)
    for number in range(LONGEST):
        short = total < level
        if not short.any():
            break
        counts += short
        chance *= odds * (size + number) / (number + 1)
        total += chance
    return counts
