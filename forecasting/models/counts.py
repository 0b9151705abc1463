"""A negative-binomial regression of counts with shrunken effects (statsmodels).

log mean = level(t) + weekday + yearly season + holidays. Every effect has a normal
prior, so short histories shrink to no effect instead of an absurd one. The level is a
random walk and stays where it ends: a trend that is fully damped. Older observations
weigh less.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasting.models.breaks import LevelShift, find_shifts
from forecasting.models.design import LEVEL, SEASON, design_of
from forecasting.models.features import ordinal
from forecasting.models.fitting import Observed
from forecasting.models.protocol import Past
from forecasting.series.panel import DayArray, FloatArray, Series
from forecasting.tuning import GlmTuning

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
        series = self._window(past)
        # A collapse of some months is no new level: weeks and months wander slowly.
        stepped = past.cadence == "day"
        fit = self._fit(series, past, future)
        if stepped and (shifts := self._shifts(series, fit)):
            fit = self._fit(series, past, future, shifts)
        n = series.starts.size
        effects = {EXPIRIES: fit.offset[n:]} if self.exposed else {}
        return effects | {name: fit.of(name)[n:] for name in dict.fromkeys(fit.group)}

    def level_shifts(self, past: Past) -> tuple[LevelShift, ...]:
        """The sudden changes in level, in order of time.

        They are measured again once the season no longer has to make up for them.
        """
        series = self._window(past)
        none = series.starts[:0]
        found = self._shifts(series, self._fit(series, past, none))
        if not found:
            return ()
        again = self._shifts(series, self._fit(series, past, none, found))
        return again or found

    def _window(self, past: Past) -> Series:
        years = np.timedelta64(round(365.25 * self.tuning.window_years), "D")
        return past.series.since(past.series.starts[-1] - years)

    def _shifts(self, series: Series, fit: "_Fit") -> tuple[LevelShift, ...]:
        n = series.starts.size
        usual = np.exp(np.clip((fit.log_mean - fit.of(LEVEL))[:n], -20, 20))
        return find_shifts(series.starts, series.counts, usual, self.tuning.shifts)

    def _fit(
        self,
        series: Series,
        past: Past,
        future: DayArray,
        shifts: tuple[LevelShift, ...] = (),
    ) -> "_Fit":
        n = series.starts.size
        starts = np.concatenate([series.starts, future])
        design = design_of(
            starts,
            series.starts,
            past,
            self.tuning,
            exposed=self.exposed,
            steps=np.array([shift.day for shift in shifts], dtype="datetime64[D]"),
        )
        offset = design.offset - float(design.offset[:n].mean())
        keep = np.ptp(design.columns[:n], axis=0) > 0
        keep[0] = True
        columns = design.columns[:, keep]
        weights = _weights(series.starts, past.cadence, self.tuning)
        kept = tuple(
            name for name, used in zip(design.group, keep, strict=True) if used
        )
        known = Observed(columns[:n], series.counts, weights, offset[:n])
        prior = known.likeliest(design.precision[keep], kept, self._scales(past))
        fitted = known.fit(prior)
        return _Fit(columns, kept, fitted, offset)

    def _scales(self, past: Past) -> tuple[Mapping[str, float], ...]:
        """Priors to choose from, beside what is usual: how far the level or season goes.

        Weeks and months of which documents explain the rises and falls may hardly wander.
        Of others the season may be as wide as many years of it say.
        """
        if past.cadence != "day" and not self.exposed:
            return tuple({SEASON: scale} for scale in self.tuning.season_scales)
        return tuple({LEVEL: scale} for scale in self.tuning.level_scales)


@dataclass(frozen=True)
class _Fit:
    """Columns of all periods with the block of each, and their coefficients."""

    columns: FloatArray
    group: tuple[str, ...]
    fitted: FloatArray
    offset: FloatArray

    def of(self, name: str) -> FloatArray:
        """The log effect of one block on every period."""
        mine = np.array([group == name for group in self.group])
        return np.asarray(self.columns[:, mine] @ self.fitted[mine])

    @property
    def log_mean(self) -> FloatArray:
        """The log mean of every period."""
        return np.asarray(self.columns @ self.fitted + self.offset)


def _weights(starts: DayArray, cadence: str, tuning: GlmTuning) -> FloatArray:
    """What each period counts for: less the older it is."""
    daily = cadence == "day"
    half_life = tuning.half_life_years if daily else tuning.slow_half_life_years
    age = (ordinal(starts)[-1] - ordinal(starts)) / 365.25
    return np.asarray(0.5 ** (age / half_life) * (tuning.day_evidence if daily else 1))
