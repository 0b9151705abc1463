"""Renewal timing from history: a non-negative, smooth Poisson convolution.

Applications of week t are Poisson with mean  b + sum_lag w_lag issued_{t - lag}:  what
was issued to expire in week t - lag comes `lag` weeks later; b are applications that
follow no expiry (first or lost documents). The weights w are at least zero and maximise
the likelihood less a price on their second differences.
"""

from datetime import timedelta

import numpy as np
import polars as pl
from scipy.optimize import minimize

from forecasting.errors import InputError
from staffing.reminders.response import (
    FIRST_LAG,
    LAGS,
    LAST_LAG,
    FloatArray,
    Share,
    Timing,
)

FEWEST_WEEKS = 2 * len(LAGS)


def estimate_timing(
    service: str,
    issued: pl.DataFrame,
    applications: pl.DataFrame,
    *,
    smoothness: float = 10.0,
) -> Timing:
    """Estimate the baseline timing of one service.

    Args:
        service: whose timing it is.
        issued: `week, count`: all documents by week of expiry (basis `issued`).
        applications: `week, count`: applications at the counter.
        smoothness: price of squared second differences of the weights (mean weight 1).

    Raises:
        InputError: fewer than 80 weeks of applications have all their expiries known.
    """
    design, counts = _observed(issued, applications)
    weights = _fit(design, counts, smoothness)
    renews = min(1.0, float(weights.sum()))
    source = f"estimated from {len(counts)} weeks of expiries and applications"
    return Timing(
        service=service,
        renews=Share(value=renews, low=0.0, high=1.0, source=source),
        points=tuple(zip(LAGS.tolist(), weights.tolist(), strict=True)),
        source=source,
    )


def _observed(
    issued: pl.DataFrame, applications: pl.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Weeks x lags of documents, and applications, for weeks with a full window."""
    known = dict(issued.select("week", "count").iter_rows())
    rows, counts = [], []
    for week, count in applications.sort("week").select("week", "count").iter_rows():
        window = [known.get(week - timedelta(weeks=int(lag))) for lag in LAGS]
        if None not in window:
            rows.append(window)
            counts.append(count)
    if len(rows) < FEWEST_WEEKS:
        raise InputError(
            f"expected at least {FEWEST_WEEKS} weeks of applications with expiries known "
            f"from {LAST_LAG} weeks before to {-FIRST_LAG} after, found {len(rows)}",
            remedy="Import a longer history of both, or keep the assumed timing.",
        )
    return np.array(rows, dtype=np.float64), np.array(counts, dtype=np.float64)


def _fit(design: FloatArray, counts: FloatArray, smoothness: float) -> FloatArray:
    """Maximum of the penalised likelihood; scaled so that even weights are all 1."""
    scale = max(counts.mean(), 1e-9) / np.maximum(design.sum(axis=1).mean(), 1e-9)
    scaled = np.column_stack([scale * design, np.full(len(counts), counts.mean())])
    bend = np.diff(np.eye(len(LAGS)), n=2, axis=0)

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        mean = scaled @ theta + 1e-9
        bent = bend @ theta[:-1]
        value = (mean - counts * np.log(mean)).sum() + smoothness * (bent @ bent)
        slope = scaled.T @ (1.0 - counts / mean)
        slope[:-1] += 2.0 * smoothness * (bend.T @ bent)
        return float(value), slope

    start = np.full(scaled.shape[1], 0.5)
    bounds = [(0.0, None)] * len(start)
    best = minimize(loss, start, jac=True, bounds=bounds, options={"maxiter": 2000})
    weights: FloatArray = scale * best.x[:-1]
    return weights
