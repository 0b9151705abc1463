"""Levels that move: a week that changes, a sudden shift, a collapse that ends."""

from datetime import date

import numpy as np
import pytest

from forecasting.models.breaks import LevelShift
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.models.states import Smoothing
from forecasting.series.panel import Series
from forecasting.tuning import GlmTuning, load_tuning

GLM, SMOOTHING = load_tuning().glm, load_tuning().smoothing
WEEK = np.array([1.3, 1.1, 1.0, 1.0, 0.7])


def daily(level: np.ndarray, seed: int, mean: float = 40.0) -> Past:
    """Working days from a Monday on, overdispersed about a level."""
    every = np.datetime64("2022-01-03") + np.arange(level.size * 7 // 5)
    starts = every[(every.astype(int) + 3) % 7 < 5][: level.size]
    rng = np.random.default_rng(seed)
    rate = (
        mean
        * level
        * np.tile(WEEK, level.size // 5)
        * rng.gamma(25, 1 / 25, level.size)
    )
    return Past(Series("a", starts, rng.poisson(rate).astype(float)), "day", {})


def monthly(level: np.ndarray, seed: int) -> Past:
    first = np.datetime64("2014-01")
    starts = (first + np.arange(level.size)).astype("datetime64[D]")
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(level.size) / 12)
    counts = np.random.default_rng(seed).poisson(500 * level * season)
    return Past(Series("a", starts, counts.astype(float)), "month", {})


def later(past: Past, number: int) -> np.ndarray:
    days = past.series.starts[-1] + np.arange(1, number + 1)
    return np.asarray(days[(days.astype(int) + 3) % 7 < 5])


def shifted(ratio: float, before: int = 500, after: int = 100) -> np.ndarray:
    return np.concatenate([np.ones(before), np.full(after, ratio)])


def level_shifts(past: Past, tuning: GlmTuning) -> tuple[LevelShift, ...]:
    way = CountRegression(tuning)
    return way.level_shifts(past) if way.suits(past) else ()


def named(ratio: float, seed: int) -> tuple[LevelShift, ...]:
    return level_shifts(daily(shifted(ratio), seed), GLM)


def test_a_halving_is_found_dated_and_measured():
    (shift,) = named(0.5, 1)
    begun = daily(shifted(0.5), 1).series.starts[500].item()
    assert abs((shift.day - begun).days) <= 10
    assert shift.low <= 0.5 <= shift.high
    assert shift.low < shift.ratio < shift.high


def test_steady_series_rarely_name_a_shift():
    false_alarms = sum(bool(named(1.0, seed)) for seed in range(40))
    assert false_alarms <= 4


def test_a_level_that_always_wanders_rarely_names_a_shift():
    rng = np.random.default_rng(3)
    walks = [np.exp(np.cumsum(rng.normal(0, 0.01, 600))) for _ in range(30)]
    alarms = [level_shifts(daily(walk, i), GLM) for i, walk in enumerate(walks)]
    assert sum(map(bool, alarms)) <= 3


def test_a_short_history_names_no_shift():
    assert level_shifts(daily(np.ones(10), 0), GLM) == ()


@pytest.mark.parametrize("way", [CountRegression(GLM), Smoothing(SMOOTHING)])
def test_after_a_shift_the_new_level_goes_on(way):
    past = daily(shifted(0.5), 2)
    assert way.predict(past, later(past, 28)).mean() == pytest.approx(20.4, rel=0.12)


@pytest.mark.parametrize("way", [CountRegression(GLM), Smoothing(SMOOTHING)])
def test_a_week_that_changed_is_believed_after_some_months(way):
    past = daily(np.ones(600), 4)
    counts = past.series.counts.copy()
    counts[-100:][4::5] *= 2
    changed = Past(Series("a", past.series.starts, counts), "day", {})
    week = later(changed, 7)
    ratio = way.predict(changed, week) / way.predict(past, week)
    assert ratio[4] > 1.6
    assert abs(ratio[:4] - 1).max() < 0.15


def test_a_collapse_that_ended_is_not_extrapolated():
    level = np.ones(96)
    level[74:80] = 0.2
    known, steady = monthly(level, 5), monthly(np.ones(96), 5)
    year = np.arange("2022-01", "2023-01", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    way = CountRegression(GLM)
    assert way.predict(known, year) == pytest.approx(
        way.predict(steady, year), rel=0.12
    )


def test_the_effects_of_a_shifted_series_add_up_to_its_mean():
    past = daily(shifted(0.5), 6)
    way, days = CountRegression(GLM), later(past, 28)
    total = np.sum(list(way.explain(past, days).values()), axis=0)
    assert np.exp(total) == pytest.approx(way.predict(past, days))


def test_smoothing_is_untouched_by_one_odd_day():
    past = daily(np.ones(300), 8)
    counts = past.series.counts.copy()
    counts[-3] *= 20
    odd = Past(Series("a", past.series.starts, counts), "day", {})
    way, days = Smoothing(SMOOTHING), later(past, 28)
    assert way.predict(odd, days).mean() < 1.25 * way.predict(past, days).mean()


def test_smoothing_knows_that_holidays_are_quiet():
    past = daily(np.ones(500), 9)
    starts = past.series.starts
    quiet = {starts[at].item(): "Quiet day" for at in range(40, 500, 50)}
    counts = np.where(np.isin(starts, sorted(quiet)), 0.0, past.series.counts)
    days = later(past, 14)
    book: dict[date, str] = quiet | {days[2].item(): "Quiet day"}
    answer = Smoothing(SMOOTHING).predict(
        Past(Series("a", starts, counts), "day", book), days
    )
    assert answer[2] < 0.2 * answer[7]
