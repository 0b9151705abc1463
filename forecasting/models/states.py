"""Exponential smoothing of the level and of the week (months: the year).

A state-space model in error-correction form (Hyndman and others, 2008, ETS(A,N,A)) on
the root of the counts, where the spread of counts is even. Speeds are weighed over a
grid by what they missed one step ahead, the latest counting most, instead of one being
chosen. A surprise beyond three times the usual error is cut off there, so one odd day
moves nothing far. Periods without a row are skipped; so are holidays, whose own level is
a ratio to what was expected. So have the days about Christmas one, and what came there is
taken with it, or else their lull would pass for a new level.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import NEAR, IntArray, near_holidays, ordinal, weekday
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import SmoothingTuning

PRIOR_DAYS = 1.0
"""How many usual days the ratio of holidays, or of the year's end, is shrunk towards."""
ODD = [NEAR.index(name) for name in ("holiday", "year_end")]
"""Kinds of days with a ratio; a day of several is of the first."""
HOLIDAY = 1


@dataclass(frozen=True)
class _Traces:
    """Per speed: what was said of each period (periods, speeds), last level and seasons."""

    said: FloatArray
    level: FloatArray
    seasons: FloatArray


@dataclass(frozen=True)
class Smoothing:
    """Exponential smoothing, weighed over speeds."""

    tuning: SmoothingTuning
    name: str = "smoothing"

    def suits(self, past: Past) -> bool:
        """Three weeks of days, two years of months, and something to learn from."""
        least = {"day": 21, "week": 26, "month": 24}[past.cadence]
        return past.series.starts.size >= least and bool(past.series.counts.any())

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The last level and week (year) go on for the whole horizon."""
        years = np.timedelta64(round(365.25 * self.tuning.window_years), "D")
        series = past.series.since(past.series.starts[-1] - years)
        kinds, coming = (kind(each, past.cadence) for each in (series.starts, future))
        odd, odd_then = _odd(series.starts, past), _odd(future, past)
        usual = np.where(odd > 0, np.nan, series.counts)
        said, _ = self._means(usual, series.starts, kinds, coming)
        ratios = _ratios(series.counts, said, odd)
        heard = np.where(odd == HOLIDAY, np.nan, series.counts / ratios[odd])
        _, mean = self._means(heard, series.starts, kinds, coming)
        return np.asarray(mean * ratios[odd_then])

    def _means(
        self, counts: FloatArray, starts: DayArray, kinds: IntArray, coming: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """What was expected of every period, and what is of those to come."""
        roots = np.sqrt(counts)
        traces = _smooth(roots, kinds, self.tuning)
        errors = roots[:, None] - traces.said
        weights, spread = _weighed(starts, errors, self.tuning)
        then = traces.level + traces.seasons[:, coming].T
        said, mean = (
            np.maximum(root @ weights, 0) ** 2 + spread for root in (traces.said, then)
        )
        return np.asarray(said), np.asarray(mean)


def kind(starts: DayArray, cadence: str) -> IntArray:
    """The place in the season: weekday, month, or none for weeks."""
    if cadence == "day":
        return weekday(starts)
    if cadence == "month":
        return np.asarray(starts.astype("datetime64[M]").astype(np.int64) % 12)
    return np.zeros(starts.size, dtype=np.int64)


def _odd(starts: DayArray, past: Past) -> IntArray:
    """0 for usual days (all weeks and months), else what kind of odd day it is."""
    if past.cadence != "day":
        return np.zeros(starts.size, dtype=np.int64)
    near = near_holidays(starts, past.holidays)[:, ODD] > 0
    return np.where(near.any(axis=1), 1 + near.argmax(axis=1), 0)


def _smooth(roots: FloatArray, kinds: IntArray, tuning: SmoothingTuning) -> _Traces:
    """Run all pairs of speeds through the history at once."""
    pairs = [(a, g) for a in tuning.level_speeds for g in tuning.season_speeds]
    fast, slow = (np.array(column) for column in zip(*pairs, strict=True))
    level, seasons, usual = _begin(roots, kinds, len(pairs))
    said = np.empty((roots.size, len(pairs)))
    for place, of in enumerate(kinds):
        said[place] = level + seasons[:, of]
        if np.isnan(roots[place]):
            continue
        heard = np.clip(roots[place] - said[place], -3 * usual, 3 * usual)
        usual = usual + 0.02 * (1.25 * np.abs(heard) - usual)
        level = level + fast * heard
        seasons[:, of] += slow * (1 - fast) * heard
    return _Traces(said, level, seasons)


def _begin(
    roots: FloatArray, kinds: IntArray, speeds: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Level, seasons and usual error from the first eight weeks (two years)."""
    number = int(kinds.max()) + 1
    begun = 56 if number <= 7 else 24
    first, of = roots[:begun], kinds[:begun]
    level = float(np.nanmean(first)) if (~np.isnan(first)).any() else 0.0
    seasons = np.zeros(number if number > 1 else 1)
    for each in np.unique(of[~np.isnan(first)]):
        seasons[each] = np.nanmean(first[of == each]) - level
    rest = first - level - seasons[of]
    usual = max(float(np.sqrt(np.nanmean(rest**2))) if rest.size else 0.0, 0.5)
    full = np.zeros(12 if number > 7 else 7)
    full[: seasons.size] = seasons
    return np.full(speeds, level), np.tile(full, (speeds, 1)), np.full(speeds, usual)


def _weighed(
    starts: DayArray, errors: FloatArray, tuning: SmoothingTuning
) -> tuple[FloatArray, float]:
    """What each speed counts for, and the variance of their errors together."""
    begun = errors.shape[0] // 10
    age = (ordinal(starts)[-1] - ordinal(starts)) / 365.25
    known = ~np.isnan(errors[:, 0]) & (np.arange(starts.size) >= begun)
    recent = np.where(known, 0.5 ** (age / tuning.half_life_years), 0.0)
    missed = np.abs(np.where(known[:, None], errors, 0.0))
    loss = recent @ missed / max(recent.sum(), 1e-9)
    share = np.exp(-tuning.sharpness * (loss / max(loss.min(), 1e-9) - 1))
    share = share / share.sum()
    return share, float((recent @ missed**2 / max(recent.sum(), 1e-9)) @ share)


def _ratios(counts: FloatArray, expected: FloatArray, odd: IntArray) -> FloatArray:
    """Counts to what was expected by kind of odd day, shrunk to one; usual days are 1."""
    whole = PRIOR_DAYS * float(expected.mean())
    came, awaited = (
        np.bincount(odd, weights=each, minlength=len(ODD) + 1) + whole
        for each in (counts, expected)
    )
    came[0] = awaited[0] = 1.0
    known = awaited > 0
    ratios = np.ones_like(came)
    np.divide(came, awaited, out=ratios, where=known)
    return np.asarray(ratios)
