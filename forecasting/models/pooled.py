"""Small series: the shape of their kin, and a share of their own.

A count of one a day says little of seasons, holidays and trends; the sum of its like says
more. The count regression is fitted on the kin; a second, cautious one says what the
small series is of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.models.shares import shared
from forecasting.series.panel import DayArray, FloatArray, Series
from forecasting.tuning import GlmTuning, PooledTuning

PERIODS_A_DAY = {"day": 1.0, "week": 1 / 7, "month": 1 / 30.4375}
STRETCH = np.timedelta64(450, "D")
"""Kin are asked for whole stretches, so that members ask for the same days."""
NOTHING = np.timedelta64(0, "D")

Days = tuple[tuple[date, str], ...]
Events = tuple[tuple[str, date, date], ...]


@dataclass(frozen=True)
class Pooled:
    """What the kin expect times the share of the series, for small and short series."""

    tuning: PooledTuning
    glm: GlmTuning
    name: str = "pooled"

    def suits(self, past: Past) -> bool:
        """A small or short series with kin that say more than the series itself."""
        kin, series = past.kin, past.series
        if kin is None or not series.counts.any():
            return False
        short = series.starts[-1] - series.starts[0] < np.timedelta64(
            self.tuning.short_days, "D"
        )
        a_day = float(series.counts.mean()) * PERIODS_A_DAY[past.cadence]
        longer = kin.counts.sum() > self.tuning.least_gain * series.counts.sum()
        of_kin = Past(kin, past.cadence, past.holidays)
        can = longer and CountRegression(self.glm).suits(of_kin)
        return bool(can and (short or a_day <= self.tuning.small_per_day))

    def predict(self, past: Past, future: DayArray) -> FloatArray:
        """The expectation of the kin on the wanted periods times the share of it."""
        years = np.timedelta64(round(365.25 * self.glm.window_years), "D")
        series = past.series.since(past.series.starts[-1] - years)
        starts = np.concatenate([series.starts, future])
        log_kin = _expected(past, starts, self.glm)
        mean = shared(starts, series.counts, log_kin, past.cadence, self.tuning)
        return np.asarray(np.minimum(mean, self.tuning.ceiling * _most(series)))


def _most(series: Series) -> float:
    return max(float(series.counts.max()), 1.0)


def _expected(past: Past, wanted: DayArray, tuning: GlmTuning) -> FloatArray:
    """Log of what the kin expect on days that may lie before the origin, too.

    All members of a group ask for the same days of the same kin, so answers are kept.
    """
    kin = past.kin
    if kin is None:
        raise ValueError("expected a series with kin")
    if past.cadence != "day":
        return _fitted(kin, past, wanted, tuning)
    early = max(kin.starts[0] - wanted.min(), NOTHING)
    late = max(wanted.max() - kin.starts[-1], NOTHING)
    first = kin.starts[0] - STRETCH * -(-early // STRETCH)
    end = kin.starts[-1] + STRETCH * -(-late // STRETCH)
    whole = _kept(
        kin.name,
        kin.starts.astype("datetime64[D]").tobytes(),
        kin.counts.astype(np.float64).tobytes(),
        _rows(past.holidays),
        past.events,
        _rows(past.school),
        (first, end),
        tuning,
    )
    return np.asarray(whole[(wanted - first).astype(np.int64)])


def _rows(days: Mapping[date, str]) -> Days:
    return tuple(sorted(days.items()))


@lru_cache(maxsize=64)
def _kept(
    name: str,
    starts: bytes,
    counts: bytes,
    holidays: Days,
    events: Events,
    school: Days,
    span: tuple[np.datetime64, np.datetime64],
    tuning: GlmTuning,
) -> FloatArray:
    """What kin expect on every day of a span; the arguments tell everything."""
    kin = Series(name, np.frombuffer(starts, "datetime64[D]"), np.frombuffer(counts))
    past = Past(kin, "day", dict(holidays), events, dict(school))
    return _fitted(kin, past, np.arange(span[0], span[1] + 1), tuning)


def _fitted(kin: Series, past: Past, wanted: DayArray, tuning: GlmTuning) -> FloatArray:
    of_kin = Past(kin, past.cadence, past.holidays, past.events, past.school)
    effects = CountRegression(tuning).explain(of_kin, wanted)
    return np.asarray(np.clip(np.sum(list(effects.values()), axis=0), -20, 20))
