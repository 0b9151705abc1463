"""Second visits: collections follow applications by a number of open days.

What was applied for lately is known, so the collections of the next days nearly are; the
applications beyond are forecast. The share collected k open days after the application is
estimated from both histories; what never is collected is delivered at home.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forecasting.models.convolution import Convolution, fit_convolution
from forecasting.models.counts import CountRegression
from forecasting.models.features import BoolArray, IntArray, weekday
from forecasting.models.protocol import Method, Past
from forecasting.models.seasonal import RecentMean
from forecasting.models.track import Track, track_of
from forecasting.series.panel import DayArray, FloatArray, Series
from forecasting.tuning import GlmTuning, VisitTuning

OPEN_DAYS = {"day": 1, "week": 5, "month": 21}
LEAST_ROWS = 5
Z90 = 1.6449


@dataclass(frozen=True)
class VisitShares:
    """When a series follows its leading one, each share with its 90% interval.

    `shares[k]` come k open days (weeks, months) later; `delivered` is the part that never
    comes, as (estimate, low, high); `factors` multiply by weekday, Monday first.
    """

    shares: FloatArray
    low: FloatArray
    high: FloatArray
    delivered: tuple[float, float, float]
    factors: FloatArray


@dataclass(frozen=True)
class SecondVisit:
    """Collections as the applications before them, spread over the days after."""

    tuning: VisitTuning
    glm: GlmTuning
    name: str = "second_visit"

    def suits(self, past: Past) -> bool:
        """Something is followed, and enough of it was seen to be followed."""
        if past.leading is None or not past.leading.counts.any():
            return False
        none = np.empty(0, dtype="datetime64[D]")
        return bool(_Known(past, none, self.tuning).usable.sum() >= LEAST_ROWS)

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """Applications known and forecast, each spread over the days that follow it."""
        known = _Known(past, future, self.tuning)
        fitted = known.fit()
        applied = self._completed(past, known.track)
        windows = _windows(applied, fitted.shares.size)
        mean = fitted.factors[known.kinds] * (windows @ fitted.shares)
        return np.asarray(mean[np.searchsorted(known.track.starts, future)])

    def _completed(self, past: Past, track: Track) -> FloatArray:
        """The applications of every period, forecast where they are not known."""
        applied = track.applied.copy()
        gone = np.isnan(applied)
        leading = Series("applications", track.starts[~gone], applied[~gone])
        inner = replace(past, series=leading, leading=None, kin=None)
        exposed = CountRegression(self.glm, exposed=True)
        ways: tuple[Method, ...] = (exposed, CountRegression(self.glm), RecentMean(4))
        way = next(way for way in ways if way.suits(inner))
        if gone.any():
            applied[gone] = way.predict(inner, track.starts[gone])
        return applied


def visit_shares(past: Past, tuning: VisitTuning) -> VisitShares:
    """When the series of `past` follows its leading one, estimated from the history.

    Raises:
        ValueError: nothing is followed.
    """
    if past.leading is None:
        raise ValueError(f"expected a series that follows another: {past.series.name}")
    none = np.empty(0, dtype="datetime64[D]")
    fitted = _Known(past, none, tuning).fit()
    away, wide = 1 - float(fitted.shares.sum()), Z90 * fitted.spread_of_sum
    low, middle, high = np.clip([away - wide, away, away + wide], 0, 1)
    return VisitShares(
        fitted.shares,
        np.maximum(fitted.shares - Z90 * fitted.spread, 0),
        np.minimum(fitted.shares + Z90 * fitted.spread, 1),
        (float(middle), float(low), float(high)),
        fitted.factors,
    )


@dataclass(frozen=True)
class _Known:
    """What is known of both series at an origin, and how the one follows the other."""

    past: Past
    future: DayArray
    tuning: VisitTuning

    @cached_property
    def track(self) -> Track:
        return track_of(self.past, self.future)

    @cached_property
    def prior(self) -> FloatArray:
        """The assumed share by lag, of all applications."""
        days = np.array(self.tuning.collected_after)
        collected = (1 - self.tuning.home_delivery) / days.sum()
        return by_period(days * collected, OPEN_DAYS[self.past.cadence])

    @property
    def kinds(self) -> IntArray:
        days = weekday(self.track.starts)
        return days if self.past.cadence == "day" else np.zeros_like(days)

    @cached_property
    def usable(self) -> BoolArray:
        """Periods of which the count and all applications before it are known."""
        track, lags = self.track, self.prior.size
        window = np.timedelta64(self.tuning.window_days, "D")
        recent = track.starts > self.past.series.starts[-1] - window
        whole = np.arange(track.starts.size) >= lags - 1
        whole &= track.stretch == np.roll(track.stretch, lags - 1)
        seen = np.isfinite(_windows(track.applied, lags)).all(axis=1)
        return np.asarray(recent & whole & seen & np.isfinite(track.counts))

    def fit(self) -> Convolution:
        rows, track = self.usable, self.track
        age = (self.past.series.starts[-1] - track.starts[rows]).astype(float)
        return fit_convolution(
            _windows(track.applied, self.prior.size)[rows],
            track.counts[rows],
            self.kinds[rows],
            0.5 ** (age / self.tuning.half_life_days),
            self.prior,
            every_kind=7 if self.past.cadence == "day" else 1,
            prior_followed=self.tuning.prior_applications,
            prior_counts=self.tuning.weekday_counts,
        )


def by_period(days: FloatArray, open_days: int) -> FloatArray:
    """Shares by open days turned into shares by periods of so many open days.

    Applications fall on each open day of a period alike.
    """
    begins = np.arange(open_days)[:, None]
    later = (begins + np.arange(days.size)) // open_days
    spread = np.broadcast_to(days / open_days, later.shape)
    shares = np.zeros(int(later.max()) + 1)
    np.add.at(shares, later.ravel(), spread.ravel())
    return shares


def _windows(applied: FloatArray, lags: int) -> FloatArray:
    """What was applied for 0, 1, ... periods before each: shape (periods, lags)."""
    first = applied[:1] if applied.size else np.zeros(1)
    padded = np.concatenate([np.repeat(first, lags - 1), applied])
    return np.lib.stride_tricks.sliding_window_view(padded, lags)[:, ::-1]
