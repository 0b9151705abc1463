"""A negative-binomial regression of counts with shrunken effects (statsmodels).

log mean = level(t) + weekday + yearly season + holidays. Every effect has a normal
prior, so short histories shrink to no effect instead of an absurd one. The level moves
by ramps of a quarter, each shrunk to no change, and stays where the last one ends: a
trend that is fully damped. Older observations weigh less.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.features import (
    fourier,
    named_days,
    near_holidays,
    ordinal,
    over_periods,
    weekday,
)
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import GlmTuning

ALPHA_RANGE = (0.002, 5.0)
LOG_ROOM = 3.0


@dataclass(frozen=True)
class CountRegression:
    """Negative-binomial GLM with a ridge penalty per group of effects."""

    tuning: GlmTuning
    name: str = "nb_glm"

    def suits(self, past: Past) -> bool:
        """Three weeks of days or three periods, not all of them zero."""
        least = 15 if past.cadence == "day" else 3
        return past.series.starts.size >= least and bool(past.series.counts.any())

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Fit on the window before the origin and extrapolate the last level."""
        years = np.timedelta64(round(365.25 * self.tuning.window_years), "D")
        series = past.series.since(past.series.starts[-1] - years)
        both = np.concatenate([series.starts, future])
        design, penalty = _design(both, series.starts, past, self.tuning)
        n = series.starts.size
        keep = np.ptp(design[:n], axis=0) > 0
        keep[0] = True
        weights = _recency(series.starts, self.tuning.half_life_years)
        weights *= self.tuning.day_evidence if past.cadence == "day" else 1.0
        fitted = _fit(design[:n][:, keep], series.counts, weights, penalty[keep])
        room = np.log(max(series.counts.max(), 1.0)) + LOG_ROOM
        return np.exp(np.clip(design[n:][:, keep] @ fitted, -20, room))


def _design(
    starts: DayArray, known: DayArray, past: Past, tuning: GlmTuning
) -> tuple[FloatArray, FloatArray]:
    """Design matrix of all periods, and the prior precision of each column."""
    days, mean = over_periods(starts, past.cadence)
    parts = [
        (np.eye(7)[weekday(days)], tuning.weekday_sd),
        (near_holidays(days, past.holidays), tuning.holiday_sd),
        (named_days(days, past.holidays), tuning.named_sd),
        (_event_days(days, past), tuning.holiday_sd),
        (_ramps(days, known, tuning.level_days), tuning.level_sd),
    ]
    blocks = [(b if past.cadence == "day" else mean @ b, sd) for b, sd in parts]
    season = fourier(days, tuning.fourier_order)
    season = season if past.cadence == "day" else mean @ season
    order = np.repeat(np.arange(1, tuning.fourier_order + 1), 2)
    design = np.hstack([np.ones((starts.size, 1)), season, *(b for b, _ in blocks)])
    precision = [np.zeros(1), (order / tuning.season_sd) ** 2]
    precision += [np.full(b.shape[1], sd**-2.0) for b, sd in blocks]
    return design, np.concatenate(precision)


def _event_days(days: DayArray, past: Past) -> FloatArray:
    names = sorted({name for name, _, _ in past.events})
    columns = np.zeros((days.size, len(names)))
    for name, first, last in past.events:
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        columns[inside, names.index(name)] = 1.0
    return columns


def _ramps(days: DayArray, known: DayArray, width: int) -> FloatArray:
    """Ramps from 0 to 1 over each stretch of `width` days back from the origin."""
    origin, first = ordinal(known[-1:])[0], ordinal(known[:1])[0]
    count = max(int((origin - first) // width), 1)
    begins = origin - width * np.arange(1, count + 1)
    return np.asarray(np.clip((ordinal(days)[:, None] - begins) / width, 0, 1))


def _recency(starts: DayArray, half_life_years: float) -> FloatArray:
    age = (ordinal(starts)[-1] - ordinal(starts)) / 365.25
    return np.asarray(0.5 ** (age / half_life_years))


def _fit(
    design: FloatArray, counts: FloatArray, weights: FloatArray, penalty: FloatArray
) -> FloatArray:
    """Maximum a posteriori coefficients; the dispersion by two rounds of moments."""
    alpha, fitted = 0.1, np.zeros(design.shape[1])
    fitted[0] = np.log(max(counts.mean(), 1e-3))
    for _ in range(2):
        fitted = _ridge(design, counts, weights, penalty, alpha, fitted)
        mean = np.exp(np.clip(design @ fitted, -20, 20))
        spread = np.sum(weights * ((counts - mean) ** 2 - mean))
        alpha = float(np.clip(spread / np.sum(weights * mean**2), *ALPHA_RANGE))
    return _ridge(design, counts, weights, penalty, alpha, fitted)


def _ridge(
    design: FloatArray,
    counts: FloatArray,
    weights: FloatArray,
    penalty: FloatArray,
    alpha: float,
    start: FloatArray,
) -> FloatArray:
    from statsmodels.genmod.families import (  # type: ignore[import-untyped]  # no types
        NegativeBinomial,
    )
    from statsmodels.genmod.generalized_linear_model import (  # type: ignore[import-untyped]  # no types
        GLM,
    )

    model = GLM(
        counts, design, family=NegativeBinomial(alpha=alpha), var_weights=weights
    )
    result = model.fit_regularized(
        L1_wt=0, alpha=penalty / counts.size, start_params=start
    )
    return np.asarray(result.params, dtype=float)
