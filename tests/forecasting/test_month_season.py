"""The season of months: as much of it as chance cannot have made."""

import numpy as np
import pytest

from forecasting.models.month_season import month_effects

TRUE = 0.3 * np.cos(2 * np.pi * np.arange(12) / 12)


def effects(years: int, noise: float, true: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    logs = 5 + np.resize(true, 12 * years) + rng.normal(0, noise, 12 * years)
    return month_effects(logs, np.arange(12 * years) % 12, half_life=50.0)


def left_of(years: int, noise: float) -> float:
    """The part of a known season that is found, on average."""
    found = [
        effects(years, noise, TRUE, seed) @ TRUE / (TRUE @ TRUE) for seed in range(20)
    ]
    return float(np.mean(found))


def test_a_season_that_recurs_is_not_shrunk():
    assert left_of(6, 0.02) == pytest.approx(1, abs=0.03)


def test_chance_is_told_from_a_season():
    none = np.zeros(12)
    found = np.mean([np.std(effects(5, 0.2, none, seed)) for seed in range(30)])
    by_means = 0.2 / np.sqrt(5)
    assert found < 0.6 * by_means


def test_more_years_leave_more_of_a_season():
    few, many = left_of(3, 0.25), left_of(10, 0.25)
    assert few + 0.05 < many < 1


def test_shrunk_effects_are_nearer_the_truth_than_plain_means():
    small = TRUE / 4
    errors = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        logs = np.resize(small, 60) + rng.normal(0, 0.15, 60)
        plain = logs.reshape(5, 12).mean(axis=0)
        shrunk = effects(5, 0.15, small, seed)
        errors.append(
            [np.sum((e - small) ** 2) for e in (plain - plain.mean(), shrunk)]
        )
    plain_error, shrunk_error = np.mean(errors, axis=0)
    assert shrunk_error < plain_error
