"""How far apart the bounds of a prediction must lie to hold as often as they say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.simulation.outcomes import Floats

COVERED = 0.80
JUDGED_CALLS, LEAST_JUDGED = 15, 30
"""Widths are learnt on slots of so many contacts, if there are so many such slots."""
CLASSES = 3
BLOCKS, DRAWS = 5, 4000
LEVELS = np.linspace(0.005, 0.3, 60)


def judged(offered: Floats) -> NDArray[np.bool_]:
    """Slots that widths are learnt on: the busy ones, or every slot with a contact."""
    busy = np.asarray(offered >= JUDGED_CALLS, dtype=np.bool_)
    return busy if busy.sum() >= LEAST_JUDGED else np.asarray(offered > 0)


@dataclass(frozen=True)
class Widths:
    """The quantile at which the lower bound lies, by the share predicted.

    The upper bound mirrors it; between two `shares` the level runs straight.
    """

    shares: Floats
    levels: Floats

    def __call__(self, runs: Floats, offered: Floats) -> Floats:
        """The level of each slot of `runs` (runs x slots)."""
        levels = np.interp(_share(runs, offered), self.shares, self.levels)
        return np.asarray(levels, dtype=np.float64)


def fitting_widths(runs: Floats, seen: Floats, offered: Floats) -> Widths:
    """Levels between which 80% of what was seen lies, in each third of the slots.

    Runs (runs x slots) are predictions made without the slots they predict. Quiet slots
    and loaded ones have a level each, so that a period of other load is covered as well
    (conformal by class, Vovk 2005; on the distribution's own scale, Chernozhukov 2021).
    Too few slots: the nominal 10%.
    """
    rows = np.flatnonzero(judged(offered))
    if rows.size < LEAST_JUDGED:
        return Widths(np.array([0.5]), np.array([(1 - COVERED) / 2]))
    share = _share(runs, offered)
    ordered = rows[np.argsort(share[rows], kind="stable")]
    parts = np.array_split(ordered, min(CLASSES, rows.size // LEAST_JUDGED))
    levels = [_fitting_level(runs[:, part], seen[part]) for part in parts]
    middles = [float(np.median(share[part])) for part in parts]
    return Widths(np.array(middles), np.array(levels))


def bounds(runs: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Lower and upper bound of each slot; `level` is per slot."""
    ordered = np.sort(runs, axis=0)
    return _quantile(ordered, level), _quantile(ordered, 1 - level)


def _quantile(ordered: Floats, at: Floats) -> Floats:
    """The quantile `at` of each sorted column."""
    place = np.clip(np.asarray(at, dtype=np.float64), 0, 1) * (len(ordered) - 1)
    below = np.floor(place).astype(np.int64)
    above, column = np.minimum(below + 1, len(ordered) - 1), np.arange(ordered.shape[1])
    low, high = ordered[below, column], ordered[above, column]
    told: Floats = low + (place - below) * (high - low)
    return told


def _share(runs: Floats, offered: Floats) -> Floats:
    share: Floats = runs.mean(axis=0) / np.maximum(offered, 1e-9)
    return share


def _fitting_level(runs: Floats, seen: Floats) -> float:
    ordered = np.sort(runs, axis=0)
    held = np.array([_held(ordered, seen, level) for level in LEVELS])
    wanted = COVERED * (1 + 1 / seen.size)
    return float(np.interp(-wanted, -np.minimum.accumulate(held), LEVELS))


def _held(ordered: Floats, seen: Floats, level: float) -> float:
    low = _quantile(ordered, np.full(seen.size, level))
    high = _quantile(ordered, np.full(seen.size, 1 - level))
    return float(np.mean((seen >= low - 1e-9) & (seen <= high + 1e-9)))


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


def settled(runs: Floats, level: Floats) -> Floats:
    """Runs whose own middle 80% lies between the bounds that `level` (per slot) gives."""
    ordered, size = np.sort(runs, axis=0), len(runs)
    middle = np.linspace(-0.5, 0.5, size)[:, None]
    places = 0.5 + middle * (1 - 2 * level) / COVERED
    return np.stack([_quantile(ordered, place) for place in places])
