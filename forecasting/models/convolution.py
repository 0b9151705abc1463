"""A non-negative Poisson convolution: how long after one thing another follows.

Counts are Poisson with mean  f_t sum_k w_k a_{t-k},  with shares w of what came k periods
before and factors f by the kind of period. Reweighted least squares give the likeliest
shares that are not negative; their priors are normal, with the variance that a Poisson
count of so many things followed would have.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import IntArray
from forecasting.series.panel import FloatArray

ROUNDS = 8
LEAST_SHARE = 1e-6
LEAST_MEAN = 0.1
TINY = 1e-12


@dataclass(frozen=True)
class Convolution:
    """Shares by lag, how sure each is and their sum, and the factor of each kind.

    `spread` and `spread_of_sum` are standard deviations.
    """

    shares: FloatArray
    spread: FloatArray
    spread_of_sum: float
    factors: FloatArray


def fit_convolution(
    windows: FloatArray,
    counts: FloatArray,
    kinds: IntArray,
    evidence: FloatArray,
    prior: FloatArray,
    *,
    every_kind: int,
    prior_followed: float,
    prior_counts: float,
) -> Convolution:
    """Shares and factors of the highest posterior, in turns.

    Args:
        windows: shape (periods, lags): what came 0, 1, ... periods before each period.
        counts: what followed, by period.
        kinds: which of the `every_kind` factors holds for a period.
        evidence: what a period counts for.
        prior: the expected share of each lag.
        every_kind: how many kinds there are.
        prior_followed: things followed that the prior of the shares is worth.
        prior_counts: counts that the prior of a factor, at 1, is worth.
    """
    factors, shares = np.ones(every_kind), prior
    trust = np.diag(prior_followed / np.maximum(prior, LEAST_SHARE))
    for _ in range(ROUNDS):
        scaled = windows * factors[kinds][:, None]
        weight = evidence / _mean(scaled, shares, counts)
        shares = _shares(scaled, counts, weight, prior, trust)
        usual = evidence * (windows @ shares)
        factors = _factors(usual, evidence * counts, kinds, prior_counts, every_kind)
    scaled = windows * factors[kinds][:, None]
    spreads = _spreads(scaled, counts, evidence, shares, trust)
    return Convolution(shares, *spreads, factors)


def _mean(scaled: FloatArray, shares: FloatArray, counts: FloatArray) -> FloatArray:
    """What is expected; never so little that one count would outweigh all others."""
    least = LEAST_MEAN * max(float(counts.mean()), TINY) if counts.size else TINY
    return np.maximum(scaled @ shares, least)


def _shares(
    scaled: FloatArray,
    counts: FloatArray,
    weight: FloatArray,
    prior: FloatArray,
    trust: FloatArray,
) -> FloatArray:
    """Weighted least squares with shares of at least 0, by the normal equations."""
    from scipy.optimize import nnls

    curve = scaled.T @ (scaled * weight[:, None]) + trust
    slope = scaled.T @ (weight * counts) + trust @ prior
    root = np.linalg.cholesky(curve)
    return np.asarray(nnls(root.T, np.linalg.solve(root, slope))[0])


def _factors(
    usual: FloatArray, counts: FloatArray, kinds: IntArray, prior: float, size: int
) -> FloatArray:
    """Counts beside what is usual, by kind; the shares alone say how many there are."""
    expected = np.bincount(kinds, usual, size)
    found = np.bincount(kinds, counts, size)
    factors = (found + prior) / (expected + prior)
    level = (factors * expected).sum() / max(expected.sum(), TINY)
    return np.asarray(factors / (level or 1.0))


def _spreads(
    scaled: FloatArray,
    counts: FloatArray,
    evidence: FloatArray,
    shares: FloatArray,
    prior: FloatArray,
) -> tuple[FloatArray, float]:
    """Standard deviations of the shares and of their sum.

    Of the shares for Poisson counts. Who comes early does not come late, so counts of one
    window hang together and the sum is surer than that: it is judged by blocks of a
    window, as they turned out.
    """
    mean = _mean(scaled, shares, counts)
    information = scaled.T @ (scaled * (evidence / mean)[:, None]) + prior
    poisson = scaled.T @ (scaled * (evidence**2 / mean)[:, None]) + prior
    bread = np.linalg.inv(information)
    scores = scaled * (evidence * (counts - mean) / mean)[:, None]
    starts = np.arange(0, counts.size, shares.size)
    blocks = np.add.reduceat(scores, starts, axis=0) if starts.size else scores
    of_sum = bread.sum(axis=0)
    each = np.sqrt(np.diag(bread @ poisson @ bread))
    return each, float(np.sqrt(of_sum @ (blocks.T @ blocks + prior) @ of_sum))
