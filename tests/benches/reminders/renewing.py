"""Invented documents, each renewed in a week of its own: what a town counts of them.

Shares no code with the estimator: every cohort goes week by week through its chances,
which weather, holidays and a drift move for all at once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
FIRST = date(2018, 1, 1)
BEFORE, AFTER = 26, 13
LAGS = np.arange(-BEFORE, AFTER + 1)
BANDS = ("18-64", "65+")
ASIDE = 60
"""Weeks of expiry before and after the history, so that no window is cut off."""


@dataclass(frozen=True)
class History:
    """What is counted, and the true share renewed by band and lag."""

    issued: pl.DataFrame
    applications: pl.DataFrame
    weights: Floats


def make_history(
    rng: np.random.Generator, *, weeks: int = 260, banded: bool = False
) -> History:
    """Expiries by band; applications in all, or by band with a timing each."""
    weights = _weights(rng, banded=banded)
    issued = _issued(rng, weeks + 2 * ASIDE)
    pressure = _pressure(rng, weeks)
    counts = np.zeros((len(BANDS), weeks))
    for band, chances in enumerate(weights):
        counts[band] = _renewed(rng, issued[band], chances, pressure, weeks)
        others = rng.uniform(0.1, 0.3) * issued[band].mean()
        counts[band] += rng.poisson(others * pressure)
    days = [FIRST + timedelta(weeks=i) for i in range(weeks)]
    expiries = [FIRST + timedelta(weeks=i - ASIDE) for i in range(weeks + 2 * ASIDE)]
    applied = _frame(days, counts)
    whole = applied.group_by("week", maintain_order=True).agg(pl.col("count").sum())
    return History(_frame(expiries, issued), applied if banded else whole, weights)


def _renewed(
    rng: np.random.Generator,
    issued: Floats,
    weights: Floats,
    pressure: Floats,
    weeks: int,
) -> Floats:
    """Documents of one band renewed per week of the history."""
    left = 1 - np.cumsum(weights) + weights
    hazard = weights / left
    counts = np.zeros(weeks)
    for place, size in enumerate(issued):
        still = int(size)
        for lag, chance in zip(LAGS.tolist(), hazard, strict=True):
            week = place - ASIDE + lag
            push = pressure[week] if 0 <= week < weeks else 1.0
            gone = rng.binomial(still, min(chance * push, 0.95))
            still -= gone
            if 0 <= week < weeks:
                counts[week] += gone
    return counts


def _weights(rng: np.random.Generator, *, banded: bool) -> Floats:
    """A hump before expiry, a tail after it, and who never comes, per band."""
    shapes = [_shape(rng) for _ in BANDS]
    renews = rng.uniform((0.65, 0.5), (0.95, 0.85))
    pairs = zip(shapes if banded else [shapes[0]] * len(BANDS), renews, strict=True)
    return np.array([share * shape for shape, share in pairs])


def _shape(rng: np.random.Generator) -> Floats:
    ahead = np.maximum(-LAGS, 0).astype(float)
    early, steep = rng.uniform(4, 11), rng.uniform(1.2, 3)
    hump = ahead ** (steep - 1) * np.exp(-ahead * steep / early) * (LAGS < 0)
    tail = np.exp(-LAGS / rng.uniform(2, 8)) * (LAGS >= 0)
    late = rng.uniform(0.1, 0.4)
    return np.asarray((1 - late) * hump / hump.sum() + late * tail / tail.sum())


def _issued(rng: np.random.Generator, size: int) -> Floats:
    time = np.arange(size) / 52.18
    wave = np.exp(
        rng.uniform(0.1, 0.5) * np.sin(2 * np.pi * time / rng.uniform(2, 6))
        + rng.uniform(0.1, 0.3) * np.sin(2 * np.pi * (time + rng.uniform(0, 1)))
        + np.cumsum(rng.normal(0, 0.03, size))
        + rng.normal(0, 0.1, size)
    )
    usual = np.array([0.8, 0.2]) * rng.uniform(80, 300)
    apart = np.exp(np.cumsum(rng.normal(0, 0.03, (len(usual), size)), axis=1))
    return rng.poisson(usual[:, None] * wave * apart).astype(float)


def _pressure(rng: np.random.Generator, weeks: int) -> Floats:
    """The time of year, and shocks of which half is left after a week."""
    time = np.arange(weeks) / 52.18
    season = rng.uniform(0, 0.15) * np.sin(2 * np.pi * (time + rng.uniform(0, 1)))
    shocks, push = np.zeros(weeks), rng.normal(0, rng.uniform(0.02, 0.05), weeks)
    for i in range(1, weeks):
        shocks[i] = 0.5 * shocks[i - 1] + push[i]
    whole = np.exp(season + shocks)
    return np.asarray(whole / whole.mean())


def _frame(days: list[date], counts: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "week": days * len(BANDS),
            "age_band": np.repeat(BANDS, len(days)),
            "count": counts.astype(int).ravel(),
        }
    )
