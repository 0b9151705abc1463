"""How sure a forecast of months is: multiplicative errors, wider further ahead.

A month of many counts is off by a factor, not by chance. Few origins fit in a history of
months and they overlap, so that they say the same thing several times: their number is
discounted, an origin counts by its usual error alone (a collapse that no origin foresaw is
one episode, not twelve months), and what they have in common is no bias to expect again.
Months of other series share those episodes, so each series is judged by itself.

Where the methods lie further apart than usual, as after a collapse that may last or not,
what they differ by comes on top: the law of total variance over methods.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import stdtrit

from forecasting.intervals.errors import is_monthly
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tables import QUANTILES
from forecasting.tuning import IntervalTuning, MonthTuning

ROUNDS = 3
"""What is usual and what disagreement adds are told from one another in so many."""
FREEDOM = 5.0
"""Degrees of freedom of Student's t: the assumed shape of log errors."""
UPPER = np.array([level for level in QUANTILES if level > 0.5])
QUARTILE = float(stdtrit(FREEDOM, 0.75))
ASSUMED = np.asarray(stdtrit(FREEDOM, UPPER) / QUARTILE, dtype=np.float64)
"""Distances of quantiles from the median, over that of the upper quartile."""
YEAR, SHORTEST_MONTH = 365.25, 28
LEAST_ERROR = 0.015
HALF = 0.5
"""Added to counts before the logarithm."""


@dataclass(frozen=True)
class MonthSpread:
    """Distances of the upper quantiles from the median on the log scale, a year ahead.

    They hold where the methods agree; `usual` is the standard deviation behind them.
    """

    distances: FloatArray
    usual: float
    tuning: MonthTuning

    @classmethod
    def of(cls, past: pl.DataFrame, tuning: MonthTuning) -> "MonthSpread":
        """What a frame `origin, ahead, actual, mean` of one series tells."""
        spread = cls(ASSUMED, tuning.prior_sd, tuning)
        for _ in range(ROUNDS):
            spread = spread._told(past)
        return spread

    def _told(self, past: pl.DataFrame) -> "MonthSpread":
        """The spread by errors beside what disagreement lets expect of each."""
        tuning = self.tuning
        actual, mean = (past[name].to_numpy() + HALF for name in ("actual", "mean"))
        errors = np.abs(np.log(actual / mean)) / self._beside(past)
        origin = past["origin"].to_numpy().astype("datetime64[D]")
        times, numbers = np.unique(origin, return_inverse=True)
        age = (times[-1] - times).astype(float)
        weight = 0.5 ** (age / tuning.half_life_days)
        of_origin = [np.median(errors[numbers == each]) for each in range(times.size)]
        logs = np.log(np.maximum(of_origin, LEAST_ERROR))
        origins = _worth(times, weight, float(past["ahead"].to_numpy().max()))
        common = float(weight @ logs / weight.sum())
        assumed = np.log(tuning.prior_sd * QUARTILE)
        middle = float(_mix(origins, common, tuning.prior_origins, assumed))
        shape = np.log(_quantiles(errors, weight[numbers]) / np.exp(common))
        tail = _mix(origins, shape, tuning.shape_origins, np.log(ASSUMED))
        distances = np.maximum.accumulate(np.exp(middle + tail))
        return MonthSpread(distances, float(np.exp(middle)) / QUARTILE, tuning)

    def quantiles(self, wanted: pl.DataFrame) -> FloatArray:
        """Counts at the quantiles of a frame `ahead, mean`, of shape (rows, quantiles)."""
        sides = np.concatenate([-self.distances[::-1], [0.0], self.distances])
        mean = wanted["mean"].to_numpy().astype(float)
        return np.asarray(mean[:, None] * np.exp(self._beside(wanted)[:, None] * sides))

    def _beside(self, rows: pl.DataFrame) -> FloatArray:
        """Errors beside those a year ahead of methods that agree.

        Part is there at once and the rest walks; `apart` (0 where it is not told) is
        what the methods differ by.
        """
        years = rows["ahead"].to_numpy().astype(float) / YEAR
        at_once = self.tuning.at_once
        differs = np.zeros(rows.height)
        if "apart" in rows.columns:
            differs = rows["apart"].to_numpy() / self.usual
        return np.asarray(np.sqrt(at_once + (1 - at_once) * years + differs**2))


def goes_by_factors(
    past: pl.DataFrame, wanted: pl.DataFrame, tuning: IntervalTuning
) -> bool:
    """Whether a series with a past is of months, and of large counts."""
    named = all("start" in rows.columns and rows.height for rows in (past, wanted))
    if not named or past["ahead"].to_numpy().min() < SHORTEST_MONTH:
        return False
    counts = (past["actual"], past["mean"], wanted["mean"])
    usual = min(float(np.median(each.to_numpy())) for each in counts)
    return is_monthly(past) and is_monthly(wanted) and usual >= tuning.small_mean


def _worth(times: DayArray, weight: FloatArray, reach: float) -> float:
    """How many origins without overlap they are worth, at least one."""
    apart = float(np.diff(times).astype(float).mean()) if times.size > 1 else reach
    worth = float(weight.sum() ** 2 / np.sum(weight**2))
    return max(worth * min(1.0, apart / reach), 1.0)


def _mix(
    origins: float, found: float | FloatArray, k: float, assumed: float | FloatArray
) -> FloatArray:
    return np.asarray((origins * found + k * assumed) / (origins + k))


def _quantiles(errors: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted quantiles of absolute errors: those of the upper half when symmetric."""
    order = np.argsort(errors, kind="stable")
    passed = np.cumsum(weight[order]) - 0.5 * weight[order]
    found = np.interp(2 * UPPER - 1, passed / weight.sum(), errors[order])
    return np.asarray(np.maximum(found, LEAST_ERROR))
