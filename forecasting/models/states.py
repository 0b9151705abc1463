"""Exponential smoothing of the level and of the week (months: the year).

A state-space model in error-correction form (Hyndman and others, 2008, ETS(A,N,A)) on
the root of the counts, where the spread of counts is even. Speeds are weighed over a
grid by what they missed one step ahead, the latest counting most, instead of one being
chosen. A surprise beyond three times the usual error is cut off there, so one odd day
moves nothing far. Periods without a row are skipped; so are holidays, whose own level is
a ratio to other days.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import BoolArray, IntArray, ordinal, weekday
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, Series
from forecasting.tuning import SmoothingTuning

PRIOR_HOLIDAYS = 1.0
"""How many usual days the level of holidays is shrunk towards."""


@dataclass(frozen=True)
class _Traces:
    """Per speed: one-step errors (periods, speeds), last level, last seasons."""

    errors: FloatArray
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
        free, free_then = _free(series.starts, past), _free(future, past)
        kinds = kind(series.starts, past.cadence)
        roots = np.where(free, np.nan, np.sqrt(series.counts))
        traces = _smooth(roots, kinds, self.tuning)
        weights, spread = _weighed(series.starts, traces.errors, self.tuning)
        said = traces.level + traces.seasons[:, kind(future, past.cadence)].T
        mean = np.maximum(said @ weights, 0) ** 2 + spread
        ratio = _holiday_ratio(series, kinds, free)
        return np.asarray(np.where(free_then, ratio * mean, mean))


def kind(starts: DayArray, cadence: str) -> IntArray:
    """The place in the season: weekday, month, or none for weeks."""
    if cadence == "day":
        return weekday(starts)
    if cadence == "month":
        return np.asarray(starts.astype("datetime64[M]").astype(np.int64) % 12)
    return np.zeros(starts.size, dtype=np.int64)


def _free(starts: DayArray, past: Past) -> BoolArray:
    if past.cadence != "day":
        return np.zeros(starts.size, dtype=bool)
    known = np.array(sorted(past.holidays), dtype="datetime64[D]")
    return np.isin(starts.astype("datetime64[D]"), known)


def _smooth(roots: FloatArray, kinds: IntArray, tuning: SmoothingTuning) -> _Traces:
    """Run all pairs of speeds through the history at once."""
    pairs = [(a, g) for a in tuning.level_speeds for g in tuning.season_speeds]
    fast, slow = (np.array(column) for column in zip(*pairs, strict=True))
    level, seasons, usual = _begin(roots, kinds, len(pairs))
    errors = np.full((roots.size, len(pairs)), np.nan)
    for place in np.flatnonzero(~np.isnan(roots)):
        of = kinds[place]
        errors[place] = roots[place] - level - seasons[:, of]
        heard = np.clip(errors[place], -3 * usual, 3 * usual)
        usual = usual + 0.02 * (1.25 * np.abs(heard) - usual)
        level = level + fast * heard
        seasons[:, of] += slow * (1 - fast) * heard
    return _Traces(errors, level, seasons)


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


def _holiday_ratio(series: Series, kinds: IntArray, free: BoolArray) -> float:
    """Counts on holidays to those of the same weekdays, shrunk to one."""
    if not free.any():
        return 1.0
    counts, others = series.counts, ~free
    usual = {k: counts[others & (kinds == k)].mean() for k in np.unique(kinds[others])}
    whole = float(counts[others].mean()) if others.any() else 1.0
    expected = sum(usual.get(k, whole) for k in kinds[free]) + PRIOR_HOLIDAYS * whole
    counted = float(counts[free].sum()) + PRIOR_HOLIDAYS * whole
    return counted / expected if expected > 0 else 1.0
