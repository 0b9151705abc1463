"""How much a count is heard that lies far from what was expected, and what that shifts.

A count far off is heard less, as under Student's t. Counts are skewed: the high ones lie
further off than the low ones, so hearing them less alone would put the mean too low. What
is lost by that, were the counts negative-binomial, is therefore added back (the correction
for Fisher consistency of Cantoni and Ronchetti 2001, Robust inference for generalized
linear models).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln

from forecasting.series.panel import FloatArray

FREEDOM = 5.0
"""Degrees of freedom of Student's t: how far off a count is odd."""
MEANS = np.geomspace(0.01, 1e6, 49)
ALPHAS = np.geomspace(0.01, 5.0, 13)
EVERY_COUNT, COUNTS, DEVIATIONS = 200, 700, 40.0
"""Counts of the sums: each one up to the first, then so many further apart up to so many
standard deviations above the mean."""


def heard(squared: FloatArray) -> FloatArray:
    """What a count weighs, by its squared deviation in squared standard deviations."""
    return np.asarray((FREEDOM + 1) / (FREEDOM + squared))


@dataclass(frozen=True)
class Heard:
    """What weights leave of negative-binomial counts, of the shape of their means.

    `shift` is the weighted mean of the deviations in standard deviations, as a rule below
    0; `square` that of their squares, below 1.
    """

    shift: FloatArray
    square: FloatArray


def of_law(mean: FloatArray, alpha: float) -> Heard:
    """What weights leave of counts of variance `mean + alpha mean^2`.

    Interpolated between sums over all counts at fixed means and dispersions.
    """
    shift, square = _table()
    return Heard(_between(shift, mean, alpha), _between(square, mean, alpha))


def _between(table: FloatArray, mean: FloatArray, alpha: float) -> FloatArray:
    place = np.interp(np.log(alpha), np.log(ALPHAS), np.arange(ALPHAS.size))
    below = min(int(place), ALPHAS.size - 2)
    row = table[below] + (place - below) * (table[below + 1] - table[below])
    return np.asarray(np.interp(np.log(np.maximum(mean, 1e-9)), np.log(MEANS), row))


@lru_cache(maxsize=1)
def _table() -> FloatArray:
    left = [[_left(mean, alpha) for mean in MEANS] for alpha in ALPHAS]
    return np.moveaxis(np.array(left), 2, 0)


def _left(mean: float, alpha: float) -> tuple[float, float]:
    spread = np.sqrt(mean + alpha * mean**2)
    far = np.geomspace(
        EVERY_COUNT, mean + DEVIATIONS * spread + 2 * EVERY_COUNT, COUNTS
    )
    counts = np.unique(np.concatenate([np.arange(EVERY_COUNT), np.rint(far)]))
    size = 1 / alpha
    log_chance = (
        gammaln(counts + size)
        - gammaln(size)
        - gammaln(counts + 1)
        + counts * np.log(mean / (mean + size))
        + size * np.log(size / (mean + size))
    )
    chance = np.exp(log_chance) * np.gradient(counts)
    chance /= chance.sum()
    off = (counts - chance @ counts) / spread
    weight = chance * heard(off**2)
    weight /= weight.sum()
    return float(weight @ off), float(weight @ off**2)
