"""A negative-binomial regression of counts with shrunken effects (statsmodels).

log mean = level(t) + weekday + yearly season + holidays. Every effect has a normal
prior, so short histories shrink to no effect instead of an absurd one. The level moves
by ramps of a quarter, each shrunk to no change, and stays where the last one ends: a
trend that is fully damped. Older observations weigh less.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.models.design import design_of
from forecasting.models.features import ordinal
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tuning import GlmTuning

ALPHA_RANGE = (0.002, 5.0)
LOG_ROOM = 3.0
EXPIRIES = "expiries"


@dataclass(frozen=True)
class CountRegression:
    """Negative-binomial GLM with a ridge penalty per group of effects.

    `exposed`: demand follows the expiring documents behind it, so the effects explain
    the ratio of demand to the exposure.
    """

    tuning: GlmTuning
    exposed: bool = False

    @property
    def name(self) -> str:
        """`expiry` where it reads the exposure, else `nb_glm`."""
        return "expiry" if self.exposed else "nb_glm"

    def suits(self, past: Past) -> bool:
        """Three weeks of days or three periods, not all of them zero."""
        if self.exposed and past.exposure is None:
            return False
        least = 15 if past.cadence == "day" else 3
        return past.series.starts.size >= least and bool(past.series.counts.any())

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Fit on the window before the origin and extrapolate the last level."""
        effects = self.explain(past, future)
        room = np.log(max(past.series.counts.max(), 1.0)) + LOG_ROOM
        log_mean = np.sum(list(effects.values()), axis=0)
        return np.asarray(np.exp(np.clip(log_mean, -20, room)))

    def explain(self, past: Past, future: DayArray) -> dict[str, FloatArray]:
        """The log effects on each future period by group; their sum is the log mean.

        Groups are `level`, `season`, `weekday`, `holiday`, `school holiday`, one per
        event (`event NAME`), and `expiries` where the exposure is read: its log relative
        to the mean of the window, which `level` holds.
        """
        years = np.timedelta64(round(365.25 * self.tuning.window_years), "D")
        series = past.series.since(past.series.starts[-1] - years)
        n = series.starts.size
        starts = np.concatenate([series.starts, future])
        design = design_of(
            starts, series.starts, past, self.tuning, exposed=self.exposed
        )
        usual = float(design.offset[:n].mean())
        offset = design.offset - usual
        keep = np.ptp(design.columns[:n], axis=0) > 0
        keep[0] = True
        columns = design.columns[:, keep]
        weights = _recency(series.starts, self.tuning.half_life_years)
        weights *= self.tuning.day_evidence if past.cadence == "day" else 1.0
        fitted = _fit(
            columns[:n], series.counts, weights, design.precision[keep], offset[:n]
        )
        kept = [name for name, used in zip(design.group, keep, strict=True) if used]
        effects = {EXPIRIES: offset[n:]} if self.exposed else {}
        for name in dict.fromkeys(kept):
            mine = np.array([group == name for group in kept])
            effects[name] = columns[n:, mine] @ fitted[mine]
        return effects


def _recency(starts: DayArray, half_life_years: float) -> FloatArray:
    age = (ordinal(starts)[-1] - ordinal(starts)) / 365.25
    return np.asarray(0.5 ** (age / half_life_years))


def _fit(
    design: FloatArray,
    counts: FloatArray,
    weights: FloatArray,
    penalty: FloatArray,
    offset: FloatArray,
) -> FloatArray:
    """Maximum a posteriori coefficients; the dispersion by two rounds of moments."""
    alpha, fitted = 0.1, np.zeros(design.shape[1])
    fitted[0] = np.log(max(counts.mean(), 1e-3))
    for _ in range(2):
        fitted = _ridge(design, counts, weights, penalty, offset, alpha, fitted)
        mean = np.exp(np.clip(design @ fitted + offset, -20, 20))
        spread = np.sum(weights * ((counts - mean) ** 2 - mean))
        alpha = float(np.clip(spread / np.sum(weights * mean**2), *ALPHA_RANGE))
    return _ridge(design, counts, weights, penalty, offset, alpha, fitted)


def _ridge(
    design: FloatArray,
    counts: FloatArray,
    weights: FloatArray,
    penalty: FloatArray,
    offset: FloatArray,
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
        counts,
        design,
        family=NegativeBinomial(alpha=alpha),
        offset=offset,
        var_weights=weights,
    )
    result = model.fit_regularized(
        L1_wt=0, alpha=penalty / counts.size, start_params=start
    )
    return np.asarray(result.params, dtype=float)
