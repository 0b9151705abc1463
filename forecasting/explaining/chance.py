"""How many periods a calibrated interval leaves out by chance, when periods are alike.

Errors of one origin hang together, so days outside are no independent draws. The law is
the beta-binomial one: `alike` is the correlation of two periods of being outside, and the
design effect, by which the variance is larger than the binomial one, is
`1 + (periods - 1) alike` (Kish, 1965).
"""

import numpy as np
from scipy.special import betaln, gammaln


def likeness(mean: float, variance: float, periods: int) -> float:
    """The correlation of periods that counts of a mean and variance tell; at least 0."""
    binomial = mean * (1 - mean / periods)
    if periods < 2 or binomial <= 0:
        return 0.0
    return min(max((variance / binomial - 1) / (periods - 1), 0.0), 1.0)


def pooled_likeness(periods: int, series: int, within: float, across: float) -> float:
    """The mean correlation of two periods, some of one series and some of two.

    Args:
        periods: of all series together; each has as many.
        series: how many there are.
        within: the correlation of two periods of one series.
        across: that of periods of different series.
    """
    if periods < 2:
        return 0.0
    own = periods / series - 1
    return (own * within + (periods - 1 - own) * across) / (periods - 1)


def most_outside(periods: int, share: float, alike: float, chance: float) -> int:
    """The smallest number that is exceeded with at most a chance, of `periods`.

    Args:
        periods: how many there are.
        share: of them is outside on average, between 0 and 1.
        alike: their correlation, above 0 and below 1.
        chance: of more than that.
    """
    a, b = (part * (1 - alike) / alike for part in (share, 1 - share))
    count = np.arange(periods + 1)
    ways = gammaln(periods + 1) - gammaln(count + 1) - gammaln(periods - count + 1)
    odds = np.exp(ways + betaln(count + a, periods - count + b) - betaln(a, b))
    beyond = odds[::-1].cumsum()[::-1] - odds
    return int(np.argmax(beyond <= chance))
