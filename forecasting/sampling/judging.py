"""Normal scores of outcomes under the forecasts that were made of them."""

import numpy as np
import polars as pl

from forecasting.sampling.marginals import KNOTS
from forecasting.series.panel import FloatArray
from forecasting.tables import QUANTILE_NAMES

FARTHEST = 3.0
TIE = 1e-7


def outcome_scores(judged: pl.DataFrame) -> FloatArray:
    """The normal score of each `actual` by its quantiles; the middle where they tie."""
    quantiles = judged.select(QUANTILE_NAMES).to_numpy()
    actual = judged["actual"].to_numpy().astype(float)
    ladder = TIE * np.arange(KNOTS.size) * (1 + quantiles[:, -1:])
    low = _read(actual, quantiles + ladder)
    high = _read(actual, quantiles - ladder[:, ::-1])
    return np.asarray(np.clip((low + high) / 2, -FARTHEST, FARTHEST))


def _read(actual: FloatArray, quantiles: FloatArray) -> FloatArray:
    """Scores on the line through the quantiles, which goes on beyond the outer two."""
    slopes = np.diff(KNOTS) / np.diff(quantiles, axis=1)
    inside = KNOTS[0] + np.zeros(actual.size)
    for i, slope in enumerate(slopes.T):
        gap = quantiles[:, i + 1] - quantiles[:, i]
        inside += slope * np.clip(actual - quantiles[:, i], 0.0, gap)
    below = slopes[:, 0] * np.minimum(actual - quantiles[:, 0], 0.0)
    above = slopes[:, -1] * np.maximum(actual - quantiles[:, -1], 0.0)
    return np.asarray(inside + below + above)
