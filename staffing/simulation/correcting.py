"""What the queue leaves unexplained, learnt from the calibration's own slots.

A logistic regression of the observed share on a slot's load, staff and neighbours, beside
the share that the queue predicts, held back by a ridge. How far it is held back (down to
no correction at all) is what predicts left-out blocks of days best. Days in a block follow
each other: what one morning shares with its afternoon never helps to predict it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from staffing.simulation.outcomes import Floats
from staffing.simulation.timeline import Line

RIDGES = (np.inf, 1000.0, 300.0, 100.0, 30.0, 10.0, 3.0)
FOLDS = 5
LEAST_SLOTS = 40
"""Fewer slots than this are not corrected: five blocks of eight teach nothing."""
EDGE = 0.005
"""Shares are kept this far from 0 and 1, where a logit has no end."""


@dataclass(frozen=True)
class Correction:
    """A shift of the logit of a share: `level` and a slope per standardised feature."""

    middle: Floats
    scale: Floats
    slopes: Floats

    def __call__(self, features: Floats, share: Floats) -> Floats:
        """The corrected share of slots (features: slots x features)."""
        units = (features - self.middle) / self.scale
        shift = self.slopes[0] + units @ self.slopes[1:]
        corrected: Floats = expit(_logit(share) + shift)
        return corrected


@dataclass(frozen=True)
class Lesson:
    """Slots to learn from: predicted and observed share, weighed by contacts offered."""

    features: Floats
    share: Floats
    seen: Floats
    offered: Floats
    block: NDArray[np.int64]


def features_of(line: Line, share: Floats) -> Floats:
    """Per real slot: load per agent here, before and after; agents; handling; share."""
    load = line.offered * line.handling_s / line.slot_s
    busy = np.log(np.clip(load / np.maximum(line.agents, 0.3), 0.05, 5.0))
    rows = line.rows
    real = np.zeros(line.size + 2, dtype=np.bool_)
    real[rows + 1] = True
    before = np.where(real[rows], busy[rows - 1], busy[rows])
    after = np.where(real[rows + 2], np.append(busy, 0)[rows + 1], busy[rows])
    staff = np.log(np.maximum(line.agents[rows], 0.3))
    handling = np.log(np.maximum(line.handling_s[rows], 1.0))
    return np.column_stack([busy[rows], before, after, staff, handling, _logit(share)])


def learn(lesson: Lesson) -> tuple[Correction, Floats]:
    """The correction, and the share of each slot as corrected without its own block."""
    tries = [_none(lesson)]
    if len(lesson.seen) >= LEAST_SLOTS:
        tries += [_left_out(lesson, ridge) for ridge in RIDGES]
    losses = [_loss(lesson, share) for share in tries]
    best = int(np.argmin(losses))
    everything = np.ones(len(lesson.seen), dtype=np.bool_)
    if best == 0:
        return _uncorrected(lesson), tries[0]
    return _regress(lesson, everything, RIDGES[best - 1]), tries[best]


def blocks_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Blocks of whole days in sequence for slots in sequence; one day is cut itself."""
    _, place = np.unique(days, return_inverse=True)
    place = place if place.max() > 0 else np.arange(days.size)
    size = int(place.max()) + 1
    return np.asarray(place * min(FOLDS, size) // size, dtype=np.int64)


def tilt(runs: Floats, offered: Floats, share: Floats) -> Floats:
    """Runs (runs x slots) with the odds of each slot moved so that their mean is `share`.

    None and all stay none and all.
    """
    rest = np.maximum(offered - runs, 0)
    low, high = np.full(offered.size, -8.0), np.full(offered.size, 8.0)
    for _ in range(40):
        middle = (low + high) / 2
        below = _moved(runs, rest, middle).mean(axis=0) < share * offered
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return _moved(runs, rest, (low + high) / 2)


def _moved(runs: Floats, rest: Floats, shift: Floats) -> Floats:
    odds = np.exp(shift) * runs
    moved: Floats = (runs + rest) * odds / np.maximum(odds + rest, 1e-12)
    return moved


def _logit(share: Floats) -> Floats:
    return np.asarray(logit(np.clip(share, EDGE, 1 - EDGE)), dtype=np.float64)


def _uncorrected(lesson: Lesson) -> Correction:
    width = lesson.features.shape[1]
    return Correction(np.zeros(width), np.ones(width), np.zeros(width + 1))


def _none(lesson: Lesson) -> Floats:
    return _uncorrected(lesson)(lesson.features, lesson.share)


def _left_out(lesson: Lesson, ridge: float) -> Floats:
    """Each slot's corrected share by what the other blocks teach."""
    told = np.empty(len(lesson.seen))
    for block in np.unique(lesson.block):
        out = lesson.block == block
        taught = _regress(lesson, ~out, ridge)
        told[out] = taught(lesson.features[out], lesson.share[out])
    return told


def _loss(lesson: Lesson, share: Floats) -> float:
    """Weighted cross-entropy of the observed shares."""
    share = np.clip(share, EDGE, 1 - EDGE)
    gain = lesson.seen * np.log(share) + (1 - lesson.seen) * np.log1p(-share)
    return -float(np.sum(lesson.offered * gain))


def _regress(lesson: Lesson, rows: NDArray[np.bool_], ridge: float) -> Correction:
    """Newton's steps for the penalised logistic regression; an infinite ridge: level."""
    features = lesson.features[rows]
    middle, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    units = (features - middle) / scale * (ridge < np.inf)
    design = np.column_stack([np.ones(len(units)), units])
    hold = np.diag([1e-6] + [min(ridge, 1e6)] * units.shape[1])
    offset, slopes = _logit(lesson.share[rows]), np.zeros(design.shape[1])
    for _ in range(15):
        share = expit(offset + design @ slopes)
        weight = lesson.offered[rows] * share * (1 - share)
        pull = design.T @ (lesson.offered[rows] * (lesson.seen[rows] - share))
        bend = design.T @ (weight[:, None] * design) + hold
        slopes = slopes + np.linalg.solve(bend, pull - hold @ slopes)
    return Correction(middle, scale, slopes)
