"""How far apart the bounds of a prediction must lie to hold as often as they say."""

import numpy as np
from numpy.typing import NDArray

from staffing.simulation.outcomes import Floats

COVERED = 0.80
JUDGED_CALLS, LEAST_JUDGED = 15, 30
"""Widths are learnt on slots of so many contacts, if there are so many such slots."""
BLOCKS, DRAWS = 5, 4000
LEVELS = np.linspace(0.005, 0.3, 60)


def judged(offered: Floats) -> NDArray[np.bool_]:
    """Slots that widths are learnt on: the busy ones, or every slot with a contact."""
    busy = np.asarray(offered >= JUDGED_CALLS, dtype=np.bool_)
    return busy if busy.sum() >= LEAST_JUDGED else np.asarray(offered > 0)


def fitting_level(runs: Floats, seen: Floats, offered: Floats) -> float:
    """The quantile below which the lower bound lies; the upper bound mirrors it.

    Runs (runs x slots) are predictions made without the slots they predict: between
    their quantiles at this level lie 80% of what was seen (conformal, Vovk 2005; on the
    distribution's own scale, Chernozhukov 2021). Too few slots: the nominal 10%.
    """
    rows = judged(offered)
    if rows.sum() < LEAST_JUDGED:
        return (1 - COVERED) / 2
    held = np.array([_held(runs[:, rows], seen[rows], level) for level in LEVELS])
    held = np.minimum.accumulate(held)
    return float(np.interp(-COVERED, -held, LEVELS))


def bounds(runs: Floats, level: float) -> tuple[Floats, Floats]:
    """Lower and upper bound of each slot."""
    low, high = np.quantile(runs, [level, 1 - level], axis=0)
    return low, high


def day_gaps(
    runs: Floats, seen: Floats, offered: Floats, days: NDArray[np.int64]
) -> Floats:
    """Observed less predicted per contact, per day in order, over the judged slots."""
    rows = judged(offered)
    _, day = np.unique(days[rows], return_inverse=True)
    gap = np.bincount(day, (seen - runs.mean(axis=0))[rows])
    return np.asarray(gap / np.bincount(day, offered[rows]), dtype=np.float64)


def gap_of_total(gaps: Floats, volumes: Floats, seed: int) -> tuple[float, float]:
    """Bounds of the middle 80% of a period's gap per contact; `volumes` are per day.

    Stretches of days are drawn from `gaps`, so that good and bad weeks stay together
    (circular block bootstrap, Politis and Romano 1992).
    """
    length = -(-gaps.size // BLOCKS)
    rng = np.random.default_rng(seed)
    first = rng.integers(0, gaps.size, (DRAWS, -(-volumes.size // length)))
    place = (first[:, :, None] + np.arange(length)).reshape(DRAWS, -1)
    drawn = gaps[place[:, : volumes.size] % gaps.size]
    low, high = np.quantile(drawn @ volumes / volumes.sum(), [0.1, 0.9])
    return float(low), float(high)


def settled(runs: Floats, level: float) -> Floats:
    """Runs whose own middle 80% lies between the bounds that `level` gives."""
    size = len(runs)
    middle = (np.arange(size) + 0.5) / size - 0.5
    place = (0.5 + middle * (1 - 2 * level) / COVERED) * size - 0.5
    place = np.clip(place, 0, size - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, size - 1)
    ordered, part = np.sort(runs, axis=0), (place - below)[:, None]
    told: Floats = ordered[below] * (1 - part) + ordered[above] * part
    return told


def _held(runs: Floats, seen: Floats, level: float) -> float:
    low, high = bounds(runs, level)
    return float(np.mean((seen >= low - 1e-9) & (seen <= high + 1e-9)))
