"""What the next occasion will do, from the earlier ones.

Each occasion has an effect of its own around a common one. How far they lie apart is
averaged over its restricted likelihood and a half-normal prior, because a few occasions
tell little of it (Rover 2020, "Bayesian random-effects meta-analysis").
"""

import numpy as np

from forecasting.series.panel import FloatArray

Z90 = 1.6448536269514722
GRID = 50
REACH = 801


def next_one(
    effects: FloatArray, errors: FloatArray, spread: float
) -> tuple[float, float, float]:
    """Median, 5% and 95% of the next effect, of effects measured with normal errors.

    `spread` is the scale of the prior of the deviation between occasions.
    """
    from scipy.special import ndtr

    apart = np.linspace(0, 4 * spread, GRID)
    variance = errors[None, :] ** 2 + apart[:, None] ** 2
    weight = 1 / variance
    mean = (weight @ effects) / weight.sum(axis=1)
    off = (effects[None, :] - mean[:, None]) ** 2
    log = -0.5 * (
        np.log(variance).sum(axis=1)
        + np.log(weight.sum(axis=1))
        + (weight * off).sum(axis=1)
        + (apart / spread) ** 2
    )
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    deviation = np.sqrt(apart**2 + 1 / weight.sum(axis=1))
    reach = np.linspace(
        (mean - 5 * deviation).min(), (mean + 5 * deviation).max(), REACH
    )
    below = chance @ ndtr((reach[None, :] - mean[:, None]) / deviation[:, None])
    low, centre, high = np.interp((0.05, 0.5, 0.95), below, reach)
    return float(centre), float(low), float(high)


def half_width(errors: FloatArray, freedom: int) -> FloatArray:
    """Half the 90% interval of effects with normal errors of estimated size."""
    from scipy.special import stdtrit

    return np.asarray(float(stdtrit(max(freedom, 1), 0.95)) * errors)
