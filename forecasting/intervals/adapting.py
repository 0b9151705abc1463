"""Intervals that widen when outcomes leave them too often, and narrow when too rarely.

Adaptive conformal inference (Gibbs and Candes 2021): along the origins in order of time,
`alpha += rate (0.1 - share outside)`, where the share is that of outcomes outside the
interval at `alpha` which the origins before would have given.
"""

import numpy as np
from scipy.special import ndtri

from forecasting.intervals.steps import Scores, shrunk_steps
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntervalTuning

OUTSIDE = 0.10
"""What an interval from q05 to q95 leaves out."""


def widening(scores: Scores, base: FloatArray, tuning: IntervalTuning) -> float:
    """What the distances of the quantiles from the median are multiplied by."""
    alpha, (least, most) = OUTSIDE, tuning.adapt_range
    for origin in np.unique(scores.origin):
        before, now = scores.before(int(origin)), scores.of_origin(int(origin))
        steps = shrunk_steps(before, before.origins, base, tuning)
        middle = steps[steps.size // 2]
        low, high = middle + _wider(alpha) * (steps[[0, -1]] - middle)
        outside = float(np.mean((now.values < low) | (now.values > high)))
        alpha += tuning.adapt_rate * (OUTSIDE - outside)
        alpha = float(np.clip(alpha, least, most))
    return _wider(alpha)


def _wider(alpha: float) -> float:
    return float(ndtri(1 - alpha / 2) / ndtri(1 - OUTSIDE / 2))
