"""A simulated series of days that knows nothing of any estimator.

Negative-binomial counts around weekday x season x drifting level x shocks that last some
weeks, closed on public holidays, busier on the first day after one.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHARES = np.array([1.15, 1.02, 0.95, 1.0, 0.88])


@dataclass(frozen=True)
class Base:
    """Open days, their expected counts in this world, and how much chance adds."""

    days: list[date]
    mean: Floats
    spread: float

    def draw(self, rng: np.random.Generator, factor: Floats | float = 1.0) -> Floats:
        """Counts whose mean is changed by a factor per day."""
        gamma = rng.gamma(1 / self.spread**2, self.spread**2, self.mean.size)
        return rng.poisson(self.mean * factor * gamma).astype(float)

    def between(self, first: date, last: date) -> npt.NDArray[np.bool_]:
        """The open days of a period, both ends included."""
        return np.array([first <= day <= last for day in self.days])


def make_base(rng: np.random.Generator, first: date, years: float) -> Base:
    """A world without any effect in it."""
    every = [first + timedelta(days=i) for i in range(round(365.25 * years))]
    closed = holidays.country_holidays("NL", categories=("public", "optional"))
    is_open = np.array([day.weekday() < 5 and day not in closed for day in every])
    year = np.array([day.timetuple().tm_yday for day in every]) / 365.25
    week = np.arange(len(every)) // 7
    log_mean = np.log(rng.uniform(8, 80)) + _season(rng, year)
    log_mean += _drift(rng, week[-1] + 1)[week]
    after = np.zeros(len(every))
    after[1:] = ~is_open[:-1] & np.array([d.weekday() > 0 for d in every])[1:]
    log_mean += rng.uniform(0.05, 0.25) * after
    log_mean += np.log(SHARES * rng.uniform(0.95, 1.05, 5))[
        [min(day.weekday(), 4) for day in every]
    ]
    chosen = np.flatnonzero(is_open)
    spread = rng.uniform(0.05, 0.2)
    return Base([every[i] for i in chosen], np.exp(log_mean[chosen]), spread)


def _season(rng: np.random.Generator, year: Floats) -> Floats:
    """Two waves, a bump before the summer and a hollow in its weeks."""
    low, high = rng.uniform(0, 0.12, 2)
    phase = rng.uniform(0, 1, 2)
    waves = low * np.sin(2 * np.pi * (year + phase[0]))
    waves += high * np.sin(4 * np.pi * (year + phase[1]))
    bump = rng.uniform(0, 0.2) * np.exp(-0.5 * ((year - 0.44) / 0.035) ** 2)
    hollow = rng.uniform(0, 0.2) * ((year > 0.55) & (year < 0.66))
    return np.asarray(waves + bump - hollow, dtype=float)


def _drift(rng: np.random.Generator, weeks: int) -> Floats:
    """A random walk by week, and shocks of which half is left after a week."""
    walk = np.cumsum(rng.normal(0, rng.uniform(0.002, 0.015), weeks))
    shocks, push = np.zeros(weeks), rng.normal(0, rng.uniform(0.02, 0.06), weeks)
    for i in range(1, weeks):
        shocks[i] = 0.5 * shocks[i - 1] + push[i]
    return walk + shocks
