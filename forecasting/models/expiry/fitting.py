"""Penalised quasi-likelihood: Fisher scoring, with the smoothness read off the data.

Counts vary by a multiple of the Poisson (applications) or binomial (decrements) variance,
estimated robustly; single weeks far off count less (Huber), so that a closure or a rush
does not bend the timing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.parameters import Prior
from forecasting.models.expiry.penalties import Penalty
from forecasting.series.panel import FloatArray

ROUNDS = 60
CLOSE = 1e-3
LONGEST_STEP = 1.0
FAR_OFF = 2.5
LEAST_MEAN = 1e-6
CAPPED, FAR_OUT = 3.0, 100.0
MOST_TAKEN = 0.5
MEDIAN_OF_SQUARE = 0.4549
"""Of a standard normal."""


@dataclass(frozen=True)
class Evidence:
    """One kind of observation beside what is expected: all of length n.

    `variance` is that of the distribution without overdispersion; `slopes` n x parameters.
    `in_order` of time, so that neighbours may err alike and say less together.
    """

    observed: FloatArray
    mean: FloatArray
    variance: FloatArray
    slopes: FloatArray
    in_order: bool = False


@dataclass(frozen=True)
class Fitted:
    """Parameters with their covariance, and what both rest on.

    `information` is that of the counts alone; per kind of evidence its overdispersion, per
    penalty its price.
    """

    values: FloatArray
    covariance: FloatArray
    dispersion: tuple[float, ...]
    information: FloatArray
    prices: tuple[float, ...]


def fit(
    prior: Prior,
    penalties: Sequence[Penalty],
    look: Callable[[FloatArray], tuple[Evidence, ...]],
) -> Fitted:
    """The mode of the posterior; `look` gives the evidence at a vector of parameters."""
    values = prior.mean.copy()
    prices = tuple(penalty.usual for penalty in penalties)
    used: tuple[float, ...] = ()
    for _ in range(ROUNDS):
        evidence = look(values)
        used = used or (0.0,) * len(evidence)
        spread = tuple(_dispersion(e, u) for e, u in zip(evidence, used, strict=True))
        held = precision(prior, penalties, prices)
        pull = -(held @ (values - prior.mean))
        told = []
        for part, apart in zip(evidence, spread, strict=True):
            weight = _weights(part, apart)
            told.append(part.slopes.T @ (weight[:, None] * part.slopes))
            pull = pull + part.slopes.T @ (weight * (part.observed - part.mean))
        information = np.sum(told, axis=0)
        covariance = np.asarray(np.linalg.inv(held + information), dtype=float)
        used = tuple(float(np.sum(covariance * one)) for one in told)
        step = covariance @ pull
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        values = values + step
        away = values - prior.mean
        prices = tuple(
            penalty.price(now, covariance, away)
            for penalty, now in zip(penalties, prices, strict=True)
        )
        if np.abs(step).max() < CLOSE:
            break
    return Fitted(values, covariance, spread, information, prices)


def precision(
    prior: Prior, penalties: Sequence[Penalty], prices: Sequence[float]
) -> FloatArray:
    """The precision of parameters before the data speak, at prices of the penalties."""
    whole = np.diag(prior.precision)
    for penalty, price in zip(penalties, prices, strict=True):
        whole = whole + price * penalty.matrix
    return whole


def _dispersion(part: Evidence, used: float) -> float:
    """How much more counts vary than their distribution says, at least not less.

    Of evidence in order of time by the median, which a few odd weeks do not move; more
    where neighbours err alike. `used` parameters have been fitted to it: they took the
    slow part of the errors away, in which neighbours erred alike.
    """
    if not part.observed.size:
        return 1.0
    taken = min(used / part.observed.size, MOST_TAKEN)
    apart = (part.observed - part.mean) / np.sqrt(np.maximum(part.variance, LEAST_MEAN))
    apart /= np.sqrt(1 - taken)
    if not part.in_order:
        return max(float(np.mean(np.minimum(apart**2, FAR_OUT))), 1.0)
    spread = max(float(np.median(apart**2)) / MEDIAN_OF_SQUARE, 1.0)
    most = CAPPED * np.sqrt(spread)
    capped = np.clip(apart, -most, most)
    whole = max(float(capped @ capped), 1e-9)
    left = float(capped[1:] @ capped[:-1]) / whole
    alike = float(np.clip((1 - taken) * left + taken, 0.0, 0.8))
    return spread * (1 + alike) / (1 - alike)


def _weights(part: Evidence, spread: float) -> FloatArray:
    """One over the variance; less for weeks far off, on a scale on which counts are even.

    The scale is that of Anscombe: power 2/3, so that rare high counts are no outliers.
    """
    variance = spread * np.maximum(part.variance, LEAST_MEAN)
    if not part.in_order:
        return np.asarray(1 / variance)
    mean = np.maximum(part.mean, LEAST_MEAN)
    apart = 1.5 * (part.observed ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    far = np.abs(apart) / np.sqrt(spread)
    return np.asarray(np.minimum(1.0, FAR_OFF / np.maximum(far, 1e-9)) / variance)
