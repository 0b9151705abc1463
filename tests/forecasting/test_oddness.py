"""Odd counts are heard less, and nothing is lost by it on average."""

import numpy as np
import pytest

from forecasting.models.counts import CountRegression
from forecasting.models.oddness import heard, of_law
from forecasting.models.protocol import Past
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

DAYS = np.arange("2023-01-02", "2025-12-31", dtype="datetime64[D]")
DAYS = DAYS[(DAYS.astype(int) + 3) % 7 < 5]
AHEAD = np.arange("2026-01-05", "2026-01-30", dtype="datetime64[D]")
AHEAD = AHEAD[(AHEAD.astype(int) + 3) % 7 < 5]


def counts(
    rng: np.random.Generator, mean: float, alpha: float, size: int
) -> np.ndarray:
    if alpha == 0:
        return rng.poisson(mean, size).astype(float)
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), size).astype(float)


@pytest.mark.parametrize(
    ("mean", "alpha"), [(0.3, 0.01), (3, 0.3), (40, 0.1), (2000, 0.5), (30, 5)]
)
def test_the_table_says_what_random_counts_show(mean, alpha):
    drawn = counts(np.random.default_rng(1), mean, alpha, 2_000_000)
    off = (drawn - mean) / np.sqrt(mean + alpha * mean**2)
    weight = heard(off**2)
    left = of_law(np.array([mean]), alpha)
    assert left.shift[0] == pytest.approx(np.average(off, weights=weight), abs=0.005)
    assert left.square[0] == pytest.approx(np.average(off**2, weights=weight), rel=0.02)


@pytest.mark.parametrize(("mean", "alpha"), [(1, 0), (3, 0.3), (10, 0.2), (40, 0.3)])
def test_a_flat_series_is_forecast_at_its_mean(mean, alpha):
    way = CountRegression(load_tuning().glm)
    ratios = []
    for seed in range(16):
        drawn = counts(np.random.default_rng(seed), mean, alpha, DAYS.size)
        past = Past(Series("a", DAYS, drawn), "day", {})
        ratios.append(way.predict(past, AHEAD).mean() / mean)
    error = np.std(ratios) / 4
    assert abs(np.mean(ratios) - 1) <= 0.015 + 2 * error
