"""Polling day beside the same weekday of the weeks around it."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from forecasting.models.effects.openness import DAY, OpenDays
from forecasting.models.features import BoolArray, near_holidays
from forecasting.series.knowndays import Known
from forecasting.series.panel import FloatArray
from forecasting.tuning import EffectTuning

WEEKS = 6
"""Same weekdays looked at on either side."""
LEAST_WEEKS = 4


def polling_days(
    days: OpenDays,
    known: Known,
    spans: Sequence[tuple[date, date]],
    tuning: EffectTuning,
) -> tuple[FloatArray, FloatArray, tuple[tuple[date, date], ...]]:
    """Log effect and error of each polling day that the history covers.

    The error is what ordinary days of all weekdays show against their neighbours.
    """
    ordinary = _ordinary(days, known, spans)
    off = _against_neighbours(days, ordinary)
    covered, place = [], []
    for first, last in spans:
        at = int((np.datetime64(last) - days.first) / DAY)
        if 0 <= at < off.size and np.isfinite(off[at]):
            covered.append((first, last))
            place.append(at)
    usual = off[ordinary & np.isfinite(off)]
    rate = days.counts.sum() / max(days.exposure.sum(), 1e-9)
    expected = rate * days.exposure[place].sum() if place else 0.0
    if usual.size < tuning.least_days or expected < tuning.least_counts:
        return np.empty(0), np.empty(0), ()
    errors = np.full(len(place), np.sqrt(np.mean((usual - usual.mean()) ** 2)))
    return off[place] - usual.mean(), errors, tuple(covered)


def _ordinary(
    days: OpenDays, known: Known, spans: Sequence[tuple[date, date]]
) -> BoolArray:
    """Open days that are near no holiday and no election."""
    plain = days.known & ~near_holidays(days.days, known.holidays).any(axis=1)
    for first, last in spans:
        plain &= ~days.inside(first, last)
    return np.asarray(plain)


def _against_neighbours(days: OpenDays, ordinary: BoolArray) -> FloatArray:
    """Log of each open day's count beside its ordinary neighbours; NaN: too few."""
    counts = _neighbours(days.counts * ordinary)
    exposure = _neighbours(days.exposure * ordinary)
    number = _neighbours(ordinary.astype(np.float64))
    enough = (number >= LEAST_WEEKS) & days.known & (exposure > 0)
    off = np.full(counts.size, np.nan)
    rate = (counts[enough] + 0.5) / exposure[enough]
    expected = rate * days.exposure[enough]
    off[enough] = np.log((days.counts[enough] + 0.5) / (expected + 0.5))
    return off


def _neighbours(values: FloatArray) -> FloatArray:
    """The sum over the same weekday of the weeks before and after."""
    total = np.zeros(values.size)
    for weeks in range(1, WEEKS + 1):
        total[7 * weeks :] += values[: -7 * weeks]
        total[: -7 * weeks] += values[7 * weeks :]
    return total
