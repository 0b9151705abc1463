"""Months: the level told at several speeds, each counting by what it missed that far ahead.

log count = level + month. After a collapse nobody knows whether the level stays down,
comes back or overshoots: a fast level says the first, a median of years the second, a
damped trend the third (Gardner and McKenzie 1985). At every month of the past each
could have been asked, so there is much to weigh them by, per month ahead; an error counts
up to a limit, so that the collapse itself, which none foresaw, decides nothing.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import IntArray
from forecasting.models.month_season import month_effects
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import LevelTuning

YEAR = 12


@dataclass(frozen=True)
class _Tracks:
    """What was known at each month: levels (months, speeds), and the trend."""

    levels: FloatArray
    slope: FloatArray
    damping: float

    def ahead(self, months: int) -> FloatArray:
        """What each would say `months` ahead: shape (months of the past, tracks)."""
        run = self.damping * (1 - self.damping**months) / (1 - self.damping)
        said = self.levels.copy()
        said[:, -1] += run * self.slope
        return said


@dataclass(frozen=True)
class SeasonalLevels:
    """Several levels, one season, on the log scale."""

    tuning: LevelTuning
    name: str = "levels"

    def suits(self, past: Past) -> bool:
        """Two years of months, not all of them zero."""
        series = past.series
        enough = past.cadence == "month" and series.starts.size >= 2 * YEAR
        return enough and bool(series.counts.any())

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The mixed level that far ahead, with the month's effect."""
        numbers, wanted = _numbers(past.series.starts), _numbers(future)
        kept = numbers > numbers[-1] - YEAR * self.tuning.window_years
        first, last = numbers[kept][0], numbers[-1]
        logs = np.full(last - first + 1, np.nan)
        logs[numbers[kept] - first] = np.log(past.series.counts[kept] + 0.5)
        months = (first + np.arange(logs.size)) % YEAR
        effects = month_effects(logs, months, self.tuning.season_half_life_years)
        rest = logs - effects[months]
        tracks = _tracks(rest, self.tuning)
        level = np.empty(wanted.size)
        for place, ahead in enumerate(wanted - last):
            weights = _weights(rest, tracks, min(int(ahead), YEAR), self.tuning)
            level[place] = tracks.ahead(int(ahead))[-1] @ weights
        mean = np.exp(level + effects[wanted % YEAR]) - 0.5
        return np.asarray(np.maximum(mean, 0.0))


def _numbers(starts: DayArray) -> IntArray:
    return np.asarray(starts.astype("datetime64[M]").astype(np.int64))


def _tracks(rest: FloatArray, tuning: LevelTuning) -> _Tracks:
    """Run every level through the past: of each speed, of the years, and of the trend."""
    speeds = np.array(tuning.speeds)
    level = np.full(speeds.size, np.nanmedian(rest[:6]))
    trend, slope, levels, slopes = level[0], 0.0, [], []
    for place, value in enumerate(rest):
        if not np.isnan(value):
            # The first months are few: their plain mean, whatever the speed.
            level = level + np.maximum(speeds, 1 / (place + 2)) * (value - level)
            missed = value - trend - tuning.damping * slope
            trend += tuning.damping * slope + tuning.trend_speed * missed
            slope = tuning.damping * slope + tuning.slope_speed * missed
        since = max(0, place + 1 - round(YEAR * tuning.usual_years))
        levels.append([*level, np.nanmedian(rest[since : place + 1]), trend])
        slopes.append(slope)
    return _Tracks(np.array(levels), np.array(slopes), tuning.damping)


def _weights(
    rest: FloatArray, tracks: _Tracks, ahead: int, tuning: LevelTuning
) -> FloatArray:
    """What each track counts for, by its errors `ahead` months on."""
    said = tracks.ahead(ahead)[YEAR:-ahead]
    came = rest[YEAR + ahead :]
    known = ~np.isnan(came)
    if not known.any():
        return np.full(tracks.levels.shape[1], 1 / tracks.levels.shape[1])
    missed = np.minimum(np.abs(came[:, None] - said)[known], tuning.most_error)
    age = (came.size - 1 - np.flatnonzero(known)) / YEAR
    recent = 0.5 ** (age / tuning.half_life_years)
    worth = recent.sum() + tuning.assumed_months
    loss = (recent @ missed + tuning.assumed_months * missed.mean()) / worth
    share = np.exp(-tuning.sharpness * (loss / max(loss.min(), 1e-9) - 1))
    return np.asarray(share / share.sum())
