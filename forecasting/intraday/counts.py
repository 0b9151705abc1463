"""Quantiles of counts about an uncertain rate.

The rate is gamma about its mean with a relative variance r, so that counts are negative
binomial with variance mean + r mean^2. Quantiles of whole counts are whole: the smallest
count that reaches the level. Large counts, and those that are not whole, are taken as
gamma with the same variance.
"""

import numpy as np
from scipy.special import gammaincinv

from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILES

LARGE = 100.0
LEAST_RELATIVE = 1e-9
MOST_RELATIVE = 50.0


def count_quantiles(
    mean: FloatArray, relative: FloatArray, *, whole: bool
) -> FloatArray:
    """The quantiles of a forecast (columns) for each mean (rows); never crossing.

    Args:
        mean: expected counts.
        relative: variance of their rates, relative to the square of the mean.
        whole: whether counts are whole numbers.
    """
    spread = np.clip(relative, LEAST_RELATIVE, MOST_RELATIVE)
    found = np.zeros((mean.size, len(QUANTILES)))
    few = (mean <= LARGE) & whole
    some = ~few & (mean > 0)
    found[few] = _by_steps(mean[few], spread[few])
    found[some] = _as_gamma(mean[some], spread[some], whole=whole)
    return found


def _by_steps(mean: FloatArray, relative: FloatArray) -> FloatArray:
    """Add up the probabilities of 0, 1, 2, ... until every level is reached."""
    found = np.zeros((mean.size, len(QUANTILES)))
    odds = relative * mean / (1 + relative * mean)
    chance = np.exp(-np.log1p(relative * mean) / relative)
    total, levels = chance.copy(), np.array(QUANTILES)
    number, left = 0, np.arange(mean.size)
    while left.size:
        short = total[:, None] < levels
        found[left] += short
        going = short[:, -1]
        left, total, chance = left[going], total[going], chance[going]
        odds, relative = odds[going], relative[going]
        chance = chance * odds * (number + 1 / relative) / (number + 1)
        total, number = total + chance, number + 1
    return found


def _as_gamma(mean: FloatArray, relative: FloatArray, *, whole: bool) -> FloatArray:
    shape = 1 / (relative + 1 / mean)
    levels = np.array(QUANTILES)
    found = gammaincinv(shape[:, None], levels) * (mean / shape)[:, None]
    return np.asarray(np.ceil(found - 0.5) if whole else found)
