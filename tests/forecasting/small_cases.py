"""Towns of small series, drawn from one shape: what is true of them is known."""

from collections.abc import Mapping, Sequence

import numpy as np

from forecasting.models.protocol import Past
from forecasting.rolling.kin import kin_of
from forecasting.series.panel import DayArray, FloatArray, Panel, Series

FIRST = np.datetime64("2021-01-04")


def weekdays(number: int, first: np.datetime64 = FIRST) -> DayArray:
    """So many working days."""
    return np.asarray(np.busday_offset(first, np.arange(number), roll="forward"))


def shape(days: DayArray) -> FloatArray:
    """Weekday, a yearly season of half the level, and slow growth; about 1."""
    number = (days - FIRST).astype(float)
    week = np.array([1.4, 1.0, 0.9, 1.0, 0.7, 0.4, 0.3])[(days.astype(int) + 3) % 7]
    season = np.exp(0.5 * np.sin(2 * np.pi * number / 365.25))
    return np.asarray(week * season * np.exp(0.1 * number / 365.25))


def town(rates: Mapping[str, float], days: DayArray, seed: int = 0) -> Panel:
    """Poisson counts of series of one shape at their rates."""
    rng = np.random.default_rng(seed)
    drawn = [
        Series(name, days, rng.poisson(rate * shape(days)).astype(float))
        for name, rate in sorted(rates.items())
    ]
    return Panel("day", tuple(drawn))


def pasts(panel: Panel, origin: np.datetime64) -> Sequence[Past]:
    """What a method knows of each series at an origin."""
    kin = kin_of(panel)
    return [
        Past(s.until(origin), "day", {}, kin=kin[s.name].until(origin))
        for s in panel.series
    ]
