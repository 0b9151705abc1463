"""Penalised quasi-likelihood: Fisher scoring, with the smoothness read off the data.

Counts vary by a multiple of the Poisson (applications) or binomial (decrements) variance,
estimated robustly; single weeks far off count less (Huber), so that a closure or a rush
does not bend the timing. Smoothness: Wood and Fasiolo (2017), generalised Fellner-Schall.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.parameters import Layout, Prior, lasting
from forecasting.series.panel import FloatArray

ROUNDS = 60
CLOSE = 1e-3
LONGEST_STEP = 1.0
FAR_OFF = 2.5
SMOOTHNESS = (1e-1, 30.0)
CALM = (10.0, 1e5)
LEAST_MEAN = 1e-6
CAPPED, FAR_OUT = 3.0, 100.0
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
    """Parameters with their covariance, and the overdispersion of each kind of evidence."""

    values: FloatArray
    covariance: FloatArray
    dispersion: tuple[float, ...]


def fit(
    layout: Layout,
    prior: Prior,
    look: Callable[[FloatArray], tuple[Evidence, ...]],
    start: FloatArray | None = None,
) -> Fitted:
    """The mode of the posterior; `look` gives the evidence at a vector of parameters."""
    values = prior.mean.copy() if start is None else start.copy()
    bend = np.zeros((layout.size, layout.size))
    bend[layout.knots, layout.knots] = layout.curve.bend
    wander = np.zeros((layout.size, layout.size))
    wander[layout.pressure, layout.pressure] = lasting(layout.quarters)
    rank = int(np.linalg.matrix_rank(layout.curve.bend))
    smoothness, calm = 10.0, 1000.0
    spread: tuple[float, ...] = ()
    for _ in range(ROUNDS):
        evidence = look(values)
        spread = tuple(_dispersion(part) for part in evidence)
        weights = [_weights(e, s) for e, s in zip(evidence, spread, strict=True)]
        information = np.diag(prior.precision) + smoothness * bend + calm * wander
        pull = -(information @ (values - prior.mean))
        for part, weight in zip(evidence, weights, strict=True):
            information = information + part.slopes.T @ (weight[:, None] * part.slopes)
            pull = pull + part.slopes.T @ (weight * (part.observed - part.mean))
        covariance = np.asarray(np.linalg.inv(information), dtype=float)
        step = covariance @ pull
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        values = values + step
        away = values - prior.mean
        smoothness = _price(smoothness, bend, rank, covariance, away, SMOOTHNESS)
        calm = _price(calm, wander, layout.quarters, covariance, away, CALM)
        if np.abs(step).max() < CLOSE:
            break
    return Fitted(values, covariance, spread)


def _price(
    now: float,
    matrix: FloatArray,
    rank: int,
    covariance: FloatArray,
    away: FloatArray,
    bounds: tuple[float, float],
) -> float:
    """The price of a quadratic penalty that the data ask for."""
    used = max(rank - now * float(np.sum(covariance * matrix)), 1e-3)
    return float(np.clip(used / max(float(away @ matrix @ away), 1e-9), *bounds))


def _dispersion(part: Evidence) -> float:
    """How much more counts vary than their distribution says, at least not less.

    Of evidence in order of time by the median, which a few odd weeks do not move; more
    where neighbours err alike.
    """
    if not part.observed.size:
        return 1.0
    apart = (part.observed - part.mean) / np.sqrt(np.maximum(part.variance, LEAST_MEAN))
    if not part.in_order:
        return max(float(np.mean(np.minimum(apart**2, FAR_OUT))), 1.0)
    spread = max(float(np.median(apart**2)) / MEDIAN_OF_SQUARE, 1.0)
    most = CAPPED * np.sqrt(spread)
    capped = np.clip(apart, -most, most)
    whole = max(float(capped @ capped), 1e-9)
    alike = float(np.clip(capped[1:] @ capped[:-1] / whole, 0.0, 0.8))
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
