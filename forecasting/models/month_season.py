"""The season of months, told so that a collapse or a catch-up does not disturb it.

A month's effect is a weighted mean over the years of how far it lay from the level around
it. The level is a running median of what is left without the season, so that it follows a
collapse and its end; months that lie far off, or in which the level moves, tell little.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecasting.models.features import IntArray
from forecasting.series.panel import FloatArray

ROUNDS = 6
FREEDOM = 5.0
"""Degrees of freedom of Student's t: how far off a month is odd."""
AROUND, BESIDE, YEAR = 2, 3, 6
"""Months on each side: of a running median, of a move of the level, of a first level."""
QUICK = 4.0
"""A level that moves by so many usual errors in half a year halves what a month tells."""
LEAST_ERROR = 0.02
NORMAL_MAD = 1.4826
LEAST_SEEN = 1e-9


def month_effects(logs: FloatArray, months: IntArray, half_life: float) -> FloatArray:
    """Effects of the twelve months, which add up to 0.

    Args:
        logs: log counts of months without gaps; not a number where none is known.
        months: place in the year of each, 0 to 11.
        half_life: years after which a month tells half.
    """
    age = (logs.size - 1 - np.arange(logs.size)) / 12
    faded = np.where(np.isnan(logs), 0.0, 0.5 ** (age / half_life))
    from_level = logs - around(logs, YEAR, np.nanmean)
    effects = _centred(from_level, months, (faded > 0).astype(float))
    for _ in range(ROUNDS):
        level = around(logs - effects[months], AROUND, np.nanmedian)
        from_level = logs - around(level, AROUND, np.nanmean)
        weight = faded * _told(from_level - effects[months], level)
        effects = _centred(from_level, months, weight)
    return effects


def around(values: FloatArray, side: int, mean: object) -> FloatArray:
    """The mean (or median) of what is known within `side` places of each."""
    padded = np.pad(values, side, constant_values=np.nan)
    windows = sliding_window_view(padded, 2 * side + 1)
    known = ~np.isnan(windows).all(axis=1)
    found = np.full(values.size, np.nan)
    found[known] = mean(windows[known], axis=1)  # type: ignore[operator]  # a NumPy mean
    return found


def _told(rest: FloatArray, level: FloatArray) -> FloatArray:
    """What each month tells of the season: less where it or the level is off."""
    usual = max(NORMAL_MAD * float(np.nanmedian(np.abs(rest))), LEAST_ERROR)
    odd = (FREEDOM + 1) / (FREEDOM + (rest / usual) ** 2)
    ends = np.pad(level, BESIDE, mode="edge")
    move = (ends[2 * BESIDE :] - ends[: -2 * BESIDE]) / (QUICK * usual)
    return np.nan_to_num(odd / (1 + move**2))


def _centred(
    from_level: FloatArray, months: IntArray, weight: FloatArray
) -> FloatArray:
    """Means by month, shrunk to none as far as chance could have made them.

    Empirical Bayes (Efron and Morris 1973): how far months differ beyond the chance in
    their means is read off the months themselves, so more years leave more of them.
    """
    seen = np.maximum(np.bincount(months, weight, 12), LEAST_SEEN)
    means = np.bincount(months, weight * np.nan_to_num(from_level), 12) / seen
    apart = np.nan_to_num(from_level - means[months])
    # What a mean of unequal weights is worth, in months.
    part = np.bincount(months, weight**2, 12) / seen
    free = max(float(np.sum(seen - part)), LEAST_SEEN)
    chance = float(weight @ apart**2) / free * part / seen
    spread = max(float(np.var(means, ddof=1) - chance.mean()), 0.0)
    effects = means * spread / np.maximum(spread + chance, LEAST_SEEN)
    return np.asarray(effects - effects.mean())
