"""Sudden changes in the level of a series: a scan for the largest difference of means.

The level (log, without week, season and holidays) after a moment is compared with that
before it. How much such differences vary by themselves is seen at all other moments of
the same series, so a level that always wanders has no shifts, and a steady one has small
ones. The highest score is judged; then the next, apart from it. The same step must stand
in the ratios to the year before, or after: a season that was fitted too narrow looks like
a shift every year, and cancels there.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.models.features import IntArray, ordinal
from forecasting.series.panel import DayArray, FloatArray, as_date
from forecasting.tuning import ShiftTuning

WEEK = np.timedelta64(7, "D")
NORMAL_MAD = 1.4826
Z90 = 1.645


@dataclass(frozen=True)
class LevelShift:
    """From `day` on demand was `ratio` times what it was before; `low`..`high` hold 90%."""

    day: date
    ratio: float
    low: float
    high: float


def find_shifts(
    starts: DayArray, counts: FloatArray, usual: FloatArray, tuning: ShiftTuning
) -> tuple[LevelShift, ...]:
    """The shifts in the level of `counts` relative to `usual`, in order of time.

    Args:
        starts: ascending periods.
        counts: of each period.
        usual: what week, season and holidays let expect, of any size.
        tuning: weeks or months compared on each side, and the score that counts.
    """
    begins, levels = _levels(starts, counts, usual)
    width = tuning.periods
    places = np.arange(width, levels.size - width + 1)
    if places.size < 3 * width:
        return ()
    steps = _steps(levels, places, width)
    spread = _spread(steps, levels, width)
    year = _year(begins)
    return tuple(
        LevelShift(
            as_date(begins[places[at]]),
            *(float(np.exp(steps[at] + z * spread)) for z in (0.0, -Z90, Z90)),
        )
        for at in sorted(_peaks(np.abs(steps) / spread, tuning))
        if _stands(levels, int(places[at]), steps[at], year, tuning)
    )


def _levels(
    starts: DayArray, counts: FloatArray, usual: FloatArray
) -> tuple[DayArray, FloatArray]:
    """Begin and log level of each period, of days of each week back from the last."""
    usual = usual * counts.sum() / usual.sum()
    if (np.diff(starts) >= WEEK).mean() > 0.5:
        return starts, np.log((counts + 0.5) / (usual + 0.5))
    week = ((ordinal(starts[-1:]) - ordinal(starts)) // 7).astype(np.int64)
    back, owner = np.unique(week, return_inverse=True)
    sums = [np.bincount(owner, values) for values in (counts, usual)]
    begins = starts[-1] - back * WEEK - np.timedelta64(6, "D")
    return begins[::-1], np.log((sums[0] + 0.5) / (sums[1] + 0.5))[::-1]


def _year(begins: DayArray) -> int:
    """Periods in a year."""
    apart = np.median(np.diff(ordinal(begins)))
    return round(365.25 / float(apart))


def _stands(
    levels: FloatArray, place: int, step: float, year: int, tuning: ShiftTuning
) -> bool:
    """Whether a step stands in the ratios to the year before, or else after.

    True where there is neither.
    """
    grown, width = levels[year:] - levels[:-year], tuning.periods
    if place - width >= year:
        told = _steps(grown, np.array([place - year]), width)[0]
    elif place + width <= grown.size:
        told = -_steps(grown, np.array([place]), width)[0]
    else:
        return True
    return bool(np.sign(step) * told >= tuning.least_confirmed * abs(step))


def _steps(levels: FloatArray, places: IntArray, width: int) -> FloatArray:
    """Mean of the periods from each place on, less that of those before it."""
    return _mean(levels, places, width) - _mean(levels, places - width, width)


def _mean(levels: FloatArray, places: IntArray, width: int) -> FloatArray:
    sums = np.concatenate([[0.0], np.cumsum(levels)])
    return np.asarray((sums[places + width] - sums[places]) / width)


def _spread(steps: FloatArray, levels: FloatArray, width: int) -> float:
    """How far such differences go by themselves; at least what single periods call for."""
    alone = NORMAL_MAD * np.median(np.abs(np.diff(levels))) / np.sqrt(2)
    return float(
        max(NORMAL_MAD * np.median(np.abs(steps)), alone * np.sqrt(2 / width), 1e-3)
    )


def _peaks(score: FloatArray, tuning: ShiftTuning) -> list[int]:
    found: list[int] = []
    left = score.copy()
    while len(found) < tuning.most and left.max() >= tuning.least_score:
        at = int(left.argmax())
        found.append(at)
        left[max(at - tuning.periods, 0) : at + tuning.periods + 1] = 0.0
    return found
