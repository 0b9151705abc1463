"""How far apart the bounds of a prediction must lie to hold as often as they say."""

import numpy as np
from numpy.typing import NDArray

from staffing.simulation.outcomes import Floats

COVERED = 0.80
JUDGED_CALLS, LEAST_JUDGED = 15, 30
"""Widths are learnt on slots of so many contacts, if there are so many such slots."""
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


def _held(runs: Floats, seen: Floats, level: float) -> float:
    low, high = bounds(runs, level)
    return float(np.mean((seen >= low - 1e-9) & (seen <= high + 1e-9)))
