"""A sudden change of level is named; a season that comes every year is not one."""

import numpy as np
import pytest

from forecasting.models.breaks import LevelShift
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

GLM = CountRegression(load_tuning().glm)
DAYS = np.arange("2020-11-23", "2026-11-21", dtype="datetime64[D]")
DAYS = DAYS[(DAYS.astype(int) + 3) % 7 < 5]
MONDAYS = np.arange("2020-11-23", "2026-11-21", 7, dtype="datetime64[D]")


def seasonal(
    starts: np.ndarray, seed: int, yearly: float = 0.0, halved: str | None = None
) -> Past:
    """A strong season, a yearly change of the level, and perhaps a halving."""
    year = starts.astype("datetime64[Y]")
    part = (starts - year).astype(float) / 365.25
    season = 0.45 * np.cos(2 * np.pi * (part - 0.66))
    season += 0.15 * np.cos(4 * np.pi * (part - 0.66))
    trend = yearly * (starts - starts[0]).astype(float) / 365.25
    rate = 13 * np.exp(season + trend)
    if halved:
        rate = np.where(starts >= np.datetime64(halved), rate / 2, rate)
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rate * rng.gamma(25, 1 / 25, starts.size)).astype(float)
    cadence = "day" if starts is DAYS else "week"
    return Past(Series("a", starts, counts), cadence, {})


def named(past: Past) -> tuple[LevelShift, ...]:
    return GLM.level_shifts(past)


@pytest.mark.parametrize("starts", [DAYS, MONDAYS], ids=["days", "weeks"])
@pytest.mark.parametrize("yearly", [-0.15, 0.0, 0.15])
def test_a_season_is_seldom_called_a_shift(starts, yearly):
    alarms = sum(bool(named(seasonal(starts, seed, yearly))) for seed in range(12))
    assert alarms <= 2


def test_a_halving_within_a_season_is_found():
    begun = np.datetime64("2026-03-02")
    found = [named(seasonal(DAYS, seed, halved="2026-03-02")) for seed in range(6)]
    near = [
        any(abs(np.datetime64(s.day) - begun).astype(int) <= 21 for s in shifts)
        for shifts in found
    ]
    assert sum(near) >= 5


def test_the_shift_of_a_weekly_series_begins_on_a_first_day_of_a_week():
    found = [named(seasonal(MONDAYS, seed, halved="2026-03-02")) for seed in range(3)]
    days = [shift.day for shifts in found for shift in shifts]
    assert days
    assert all(day.weekday() == 0 for day in days)
