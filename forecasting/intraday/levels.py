"""The levels of a profile: each a table of factors, shrunk by its evidence.

Within a group (location and channel) the share of a slot is a product of factors: of the
group by time of the day, weekday, season, kind of day and opening; then of the series by
the same. A factor of a cell is seen over expected contacts, where what is expected
follows from the levels before it and from the total of each day over its open slots. It
is shrunk towards 1, the less contacts speak for it and the less the cells of its level
differ beyond chance. What a cell did in one quarter and not in another is chance too: a
season speaks for itself when it does the same in two years.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from forecasting.intraday.evidence import component
from forecasting.intraday.grids import IntArray
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntradayTuning

LEAST_FACTOR = 0.02
LEAST_VARIANCE = 1e-4
"""Noise that is assumed of a part is never below this, so that evidence can move it."""


@dataclass(frozen=True)
class Days:
    """Days (rows) by time of the day (columns), as all levels read them.

    `quarter` numbers the quarter of a year in which a day lies, from 0.
    """

    counts: FloatArray
    slots: FloatArray
    weight: FloatArray
    quarter: IntArray

    def expected(self, rate: FloatArray) -> FloatArray:
        """The total of each day shared out by rate over its open slots."""
        return np.asarray(self.counts.sum(axis=1)[:, None] * portions(self.slots, rate))

    @property
    def quarters(self) -> int:
        """How many quarters there are."""
        return int(self.quarter.max(initial=0)) + 1


def portions(slots: FloatArray, rate: FloatArray) -> FloatArray:
    """The part of each cell in its day; 0 in a day without open slots."""
    parts = slots * rate
    return _over(parts, parts.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Level:
    """Which days share a factor (`key`, one of `keys`), how smooth, how large assumed."""

    key: IntArray
    keys: int
    smooth_minutes: float
    assumed_sd: float


def factors(
    days: Days,
    rate: FloatArray,
    level: Level,
    minutes: IntArray,
    tuning: IntradayTuning,
) -> FloatArray:
    """Factors by key (rows) and minute (columns), given the rate of the levels before."""
    expected = days.expected(rate)
    near = _near(minutes, level.smooth_minutes)
    cell = level.key * days.quarters + days.quarter
    shape = level.keys, days.quarters, minutes.size
    seen, usual = (
        (_sums(cell, days.weight, part, shape[0] * shape[1]) @ near).reshape(shape)
        for part in (days.counts, expected)
    )
    apart = _over(seen.sum(axis=1) - usual.sum(axis=1), usual.sum(axis=1))
    noise = _noise(days, rate * np.maximum(1 + apart, LEAST_FACTOR)[level.key], tuning)
    variance = expected + noise * expected**2
    chance = _sums(cell, days.weight**2, variance, shape[0] * shape[1]) @ near**2
    chance = _with_drift(seen, usual, chance.reshape(shape), apart, tuning)
    return _shrunk(apart, usual.sum(axis=1), chance.sum(axis=1), level, tuning)


def _noise(days: Days, rate: FloatArray, tuning: IntradayTuning) -> FloatArray:
    """The noise of slots by minute, with the level in full: it must not count as noise."""
    moments = multinomial_moments(days, days.expected(rate))
    worth = tuning.level_worth
    whole = float(component(*moments, tuning.slot_cv**2, worth))
    return component(*moments, max(whole, LEAST_VARIANCE), worth, axis=0)


def _with_drift(
    seen: FloatArray,
    usual: FloatArray,
    chance: FloatArray,
    apart: FloatArray,
    tuning: IntradayTuning,
) -> FloatArray:
    """Chance by key, quarter and minute, with how far quarters of one key differ.

    A quarter that is all that its key has tells nothing of that.
    """
    total = usual.sum(axis=1, keepdims=True)
    rest = 1 - _over(usual, total)
    squared = (seen - usual * (1 + apart[:, None])) ** 2
    assumed = tuning.drift_sd**2
    drift = component(
        squared, chance * rest, usual**2 * rest, assumed, tuning.level_worth
    )
    return np.asarray(chance + drift * usual**2)


def _shrunk(
    apart: FloatArray,
    usual: FloatArray,
    chance: FloatArray,
    level: Level,
    tuning: IntradayTuning,
) -> FloatArray:
    """Factors by what sets each cell apart, as far as it is believed."""
    squared = (apart * usual) ** 2
    assumed = level.assumed_sd**2
    size = component(squared, chance, usual**2, assumed, tuning.level_worth)
    trust = _over(size * usual**2, size * usual**2 + chance)
    return np.asarray(np.maximum(1 + trust * apart, LEAST_FACTOR))


def multinomial_moments(
    days: Days, expected: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Squared residuals of slots, their variance given the total, and what noise adds.

    With shares p of a total N and independent noise of relative variance c on every
    slot, the variance is about N p (1 - p) + N (N - 1) c p^2 (1 - 2 p + sum p^2).
    """
    total = days.counts.sum(axis=1, keepdims=True)
    share = _over(expected, total)
    among = 1 - 2 * share + (share**2).sum(axis=1, keepdims=True)
    signal = np.maximum(total * (total - 1), 0.0) * share**2 * among
    return (days.counts - expected) ** 2, expected * (1 - share), signal


def _sums(
    key: IntArray, weight: FloatArray, cells: FloatArray, keys: int
) -> FloatArray:
    """Weighted sums of the days of each key."""
    pick = csr_matrix((weight, (key, np.arange(key.size))), shape=(keys, key.size))
    return np.asarray(pick @ cells)


def _near(minutes: IntArray, width: float) -> FloatArray:
    """Weights of the times around each time, falling to 0 at a width in minutes."""
    apart = np.abs(minutes[:, None] - minutes[None, :])
    return np.asarray(np.maximum(1 - apart / max(width, 1e-9), 0.0))


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    """A ratio; 0 where nothing is divided."""
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def combined(tables: Sequence[FloatArray], keys: Sequence[IntArray]) -> FloatArray:
    """The product of the factors of several levels, for days with these keys."""
    rate = np.ones((keys[0].size, tables[0].shape[1]))
    for table, key in zip(tables, keys, strict=True):
        rate *= table[key]
    return rate
