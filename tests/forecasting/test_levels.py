"""Levels that move: a week that changes, a sudden shift, a collapse that ends."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasting.models.breaks import LevelShift
from forecasting.models.counts import CountRegression
from forecasting.models.protocol import Past
from forecasting.models.states import Smoothing
from forecasting.series.exposure import Exposure
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


def middles(months: np.ndarray) -> np.ndarray:
    """The middle days of months."""
    days = months.astype("datetime64[D]").astype(int) + 15
    return days.astype("datetime64[D]")


def followed(level: np.ndarray, seed: int) -> Past:
    """Months that go with their documents, at a level, with a season of their own."""
    past = monthly(level, seed)
    waves = 100 * (1.5 + np.sin(np.arange(600) / 40))
    exposure = Exposure("a", date(2020, 1, 1), np.datetime64("2013-12-30"), waves)
    rates = exposure.rates(middles(past.series.starts))
    counts = np.round(past.series.counts * rates / rates.mean())
    series = Series("a", past.series.starts, counts)
    return Past(series, "month", {}, exposure=exposure)


def level_ahead(level: np.ndarray, seed: int) -> float:
    """The mean level forecast for the next year, relative to the documents."""
    past = followed(level, seed)
    ahead = np.arange(level.size, level.size + 12)
    months = (np.datetime64("2014-01") + ahead).astype("datetime64[D]")
    assert past.exposure is not None
    rates = past.exposure.rates(middles(months))
    usual = past.exposure.rates(middles(past.series.starts)).mean()
    said = CountRegression(GLM, exposed=True).predict(past, months)
    return float((said * usual / rates).mean() / 500)


def test_where_documents_explain_the_months_a_good_year_is_no_new_level():
    usual = np.ones(72)
    good = np.where(np.arange(72) >= 60, 1.04, 1.0)
    rises = [level_ahead(good, i) / level_ahead(usual, i) for i in range(5)]
    assert max(rises) < 1.03


def test_where_documents_explain_the_months_a_level_that_wanders_is_still_followed():
    sunk = np.exp(-0.15 * np.arange(72) / 12)
    found = np.mean([level_ahead(sunk, seed) for seed in range(5)])
    assert found == pytest.approx(sunk[-1], rel=0.06)


def with_lulls(level: np.ndarray, seed: int, lull: float = 0.4) -> Past:
    """Days of which those from Christmas to the second of January are quiet."""
    past = daily(level, seed)
    year = past.series.starts.astype("datetime64[Y]")
    number = (past.series.starts - year).astype(int)
    quiet = (number >= 357) | (number < 2)
    counts = np.where(quiet, np.round(lull * past.series.counts), past.series.counts)
    return Past(Series("a", past.series.starts, counts), "day", {})


def test_after_a_quiet_year_end_smoothing_keeps_the_level_of_before():
    past = with_lulls(np.ones(780), 10)
    way, known = Smoothing(SMOOTHING), past.series
    before, after = (
        replace(past, series=known.until(np.datetime64(day)))
        for day in ("2024-12-20", "2024-12-31")
    )
    weeks = np.datetime64("2025-01-06") + np.arange(12)
    ratio = way.predict(after, weeks) / way.predict(before, weeks)
    assert ratio.mean() == pytest.approx(1.0, abs=0.08)


def test_smoothing_expects_the_quiet_of_year_ends_again():
    past = with_lulls(np.ones(500), 11)
    days = np.array(["2024-12-10", "2024-12-24"], dtype="datetime64[D]")
    usual, quiet = Smoothing(SMOOTHING).predict(past, days)
    assert quiet / usual == pytest.approx(0.4, abs=0.15)


def test_a_level_that_rose_at_the_year_end_is_believed():
    level = np.concatenate([np.ones(515), np.full(5, 1.6)])
    rose, steady = (with_lulls(way, 12) for way in (level, np.ones(520)))
    assert rose.series.starts[-1] == np.datetime64("2023-12-29")
    days = later(rose, 28)[5:]
    way = Smoothing(SMOOTHING)
    assert way.predict(rose, days).mean() > 1.03 * way.predict(steady, days).mean()


def test_smoothing_of_a_window_without_demand_says_none():
    starts = np.datetime64("2018-01-01") + np.arange(2200)
    counts = np.where(np.arange(2200) < 100, 5.0, 0.0)
    past = Past(Series("a", starts, counts), "day", {})
    assert Smoothing(SMOOTHING).predict(past, starts[-1:] + 1).tolist() == [0.0]
