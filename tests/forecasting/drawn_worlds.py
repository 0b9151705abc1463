"""Forecasts whose errors hang together in a known way, and what came of them."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import load_tuning
from tests.forecasting.earlier_forecasts import origins_of

TUNING = load_tuning().samples
FIRST = date(2026, 11, 23)
LEVEL, CV = 100.0, 0.2
DAYS = 56


def forecast_of(
    names: list[str], days: int = 28, mean: float = LEVEL, cv: float = CV
) -> pl.DataFrame:
    """The same normal law on every day."""
    counts = mean * (1 + cv * ndtri(np.array(QUANTILES)))
    starts = [FIRST + timedelta(days=i) for i in range(days)]
    laws = pl.DataFrame(
        [(mean, *counts)], schema=["mean", *QUANTILE_NAMES], orient="row"
    )
    keys = pl.DataFrame({"series": names}).join(
        pl.DataFrame({"start": starts}), how="cross"
    )
    return keys.join(laws, how="cross")


def series_of(services: int, channels: int = 1, locations: int = 1) -> list[str]:
    return [
        f"place{i}/service{j}/application/channel{k}"
        for i in range(locations)
        for j in range(services)
        for k in range(channels)
    ]


def scores_of(
    rng: np.random.Generator,
    series: int,
    *,
    shared: float,
    next_period: float,
    town: float,
) -> np.ndarray:
    """Scores of shape (series, days): a level and an AR(1), `town` of each in common."""
    days = DAYS
    common, own = np.sqrt(town), np.sqrt(1 - town)
    level = common * rng.standard_normal() + own * rng.standard_normal((series, 1))
    fresh = common * rng.standard_normal(days) + own * rng.standard_normal(
        (series, days)
    )
    moving = fresh.copy()
    for i in range(1, days):
        moving[:, i] = next_period * moving[:, i - 1]
        moving[:, i] += np.sqrt(1 - next_period**2) * fresh[:, i]
    return np.asarray(np.sqrt(shared) * level + np.sqrt(1 - shared) * moving)


def judged(
    rng: np.random.Generator, names: list[str], origins: int, **strengths: float
) -> pl.DataFrame:
    """Earlier forecasts of all series with their quantiles and what came."""
    parts = []
    for origin in origins_of(origins * 2)[::2]:
        law = forecast_of(names, DAYS)
        first = pl.lit(origin + timedelta(days=1)) - pl.lit(FIRST)
        scores = scores_of(rng, len(names), **strengths)
        parts.append(
            law.with_columns(
                pl.col("start") + first,
                pl.lit(origin).alias("origin"),
                pl.Series("actual", (LEVEL * (1 + CV * scores)).ravel()),
            )
        )
    return pl.concat(parts)
