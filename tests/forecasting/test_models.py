from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.calendar import public_holidays
from forecasting.models.counts import CountRegression
from forecasting.models.features import fourier, near_holidays, over_periods
from forecasting.models.prophet import ProphetMethod
from forecasting.models.protocol import Past
from forecasting.models.seasonal import RecentMean, SameWeekLastYear
from forecasting.models.states import Smoothing
from forecasting.series.knowndays import known_days
from forecasting.series.panel import Series
from forecasting.tuning import load_tuning

TUNING = load_tuning()
WAYS = (
    SameWeekLastYear(),
    RecentMean(1),
    RecentMean(4),
    CountRegression(TUNING.glm),
    Smoothing(TUNING.smoothing),
    ProphetMethod(TUNING.prophet),
)


def days(first: str, number: int, step: int = 1) -> np.ndarray:
    return np.datetime64(first) + np.arange(number) * step


def working(first: str, number: int) -> np.ndarray:
    every = days(first, number)
    return every[(every.astype(int) + 3) % 7 < 5]


def test_same_week_last_year_is_the_same_weekday_52_weeks_back():
    starts = days("2024-01-01", 700)
    past = Past(Series("a", starts, np.arange(700.0)), "day", {})
    future = days("2025-12-01", 10)
    expected = [float(np.flatnonzero(starts == day - 364)[0]) for day in future]
    assert SameWeekLastYear().predict(past, future).tolist() == expected


def test_same_week_last_year_skips_a_day_that_was_closed_then():
    starts = days("2024-01-01", 700)
    closed = np.datetime64("2025-12-25") - 364
    open_days = starts[starts != closed]
    past = Past(
        Series("a", open_days, (open_days - starts[0]).astype(float)), "day", {}
    )
    found = SameWeekLastYear().predict(past, np.array(["2025-12-25"], "datetime64[D]"))
    assert found[0] == (closed - 7 - starts[0]).astype(float)


def test_beyond_a_year_the_same_week_is_taken_from_before_the_origin():
    starts = days("2023-01-02", 364 * 2)
    past = Past(Series("a", starts, np.arange(728.0)), "day", {})
    day = starts[-1:] + 400
    assert SameWeekLastYear().predict(past, day)[0] == 727 + 400 - 728


def test_months_look_at_the_same_month_last_year():
    starts = np.arange("2023-01", "2025-01", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    past = Past(Series("a", starts, np.arange(24.0)), "month", {})
    future = np.array(["2025-03-01"], dtype="datetime64[D]")
    assert SameWeekLastYear().predict(past, future)[0] == 14.0


def test_the_mean_of_four_takes_the_last_four_same_weekdays():
    starts = days("2026-01-05", 56)
    past = Past(Series("a", starts, np.arange(56.0)), "day", {})
    answer = RecentMean(4).predict(past, np.array(["2026-03-02"], "datetime64[D]"))
    assert answer[0] == np.mean([28, 35, 42, 49])


def test_the_regression_recovers_planted_weekday_and_season_effects():
    rng = np.random.default_rng(5)
    starts = working("2022-01-03", 365 * 4)
    number = starts.astype(float)

    def truth(at: np.ndarray) -> np.ndarray:
        weekday = (at.astype(int) + 3) % 7
        season = 0.3 * np.sin(2 * np.pi * at.astype(float) / 365.2425)
        effect = np.array([0.3, 0, 0, 0, -0.4, 0, 0])[weekday]
        return np.asarray(np.exp(4 + season + effect))

    counts = rng.poisson(truth(starts) * rng.gamma(30, 1 / 30, number.size))
    past = Past(Series("a", starts, counts.astype(float)), "day", {})
    future = working("2026-01-05", 365)
    answer = CountRegression(TUNING.glm).predict(past, future)
    assert np.abs(answer / truth(future) - 1).mean() < 0.07


def test_the_regression_learns_what_the_day_after_a_holiday_brings():
    known = known_days("NL", None, (2021, 2026)).holidays
    starts = working("2021-01-04", 365 * 5)
    after = near_holidays(starts, known)[:, 2] > 0
    counts = np.where(after, 160.0, 80.0)
    past = Past(Series("a", starts, counts), "day", known)
    future = np.array(["2026-04-07", "2026-04-14"], dtype="datetime64[D]")
    answer = CountRegression(TUNING.glm).predict(past, future)
    assert answer[0] / answer[1] > 1.5


def test_a_trend_does_not_run_away_over_a_long_horizon():
    starts = working("2024-01-01", 500)
    counts = 50 * np.exp(np.linspace(0, 1.0, starts.size))
    past = Past(Series("a", starts, counts), "day", {})
    answer = CountRegression(TUNING.glm).predict(past, working("2025-06-02", 420))
    assert answer.max() < 1.5 * counts[-1]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_method_answers_finite_counts_for_days_weeks_and_months(way):
    rng = np.random.default_rng(1)
    months = np.arange("2018-01", "2024-01", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    later = np.arange("2024-01", "2025-01", dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    cases = {
        "day": (working("2024-01-01", 500), working("2025-05-20", 60)),
        "week": (days("2022-01-03", 120, 7), days("2024-05-06", 60, 7)),
        "month": (months, later),
    }
    for cadence, (starts, future) in cases.items():
        counts = rng.poisson(3.0, starts.size).astype(float)
        past = Past(Series("a", starts, counts), cadence, {date(2024, 12, 25): "X"})
        answer = way.predict(past, future)
        assert answer.shape == future.shape
        assert np.isfinite(answer).all()
        assert (answer >= 0).all()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_method_says_the_same_twice(way):
    rng = np.random.default_rng(2)
    starts = working("2024-01-01", 400)
    past = Past(
        Series("a", starts, rng.poisson(9.0, starts.size).astype(float)), "day", {}
    )
    future = working("2025-02-10", 30)
    assert (way.predict(past, future) == way.predict(past, future)).all()


def test_prophet_writes_nothing_to_the_log(capfd, caplog):
    starts = working("2024-01-01", 300)
    counts = np.random.default_rng(2).poisson(9.0, starts.size).astype(float)
    past = Past(Series("a", starts, counts), "day", {})
    ProphetMethod(TUNING.prophet).predict(past, working("2024-11-04", 30))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_features_of_a_month_are_the_mean_of_its_days():
    starts = np.array(["2024-02-01"], dtype="datetime64[D]")
    every, mean = over_periods(starts, "month")
    assert every.size == 29
    assert mean @ fourier(every, 1) == pytest.approx(
        fourier(every, 1).mean(axis=0)[None]
    )


def test_dutch_holidays_are_known_by_date():
    book = known_days("NL", None, (2026, 2027)).holidays
    assert book[date(2026, 4, 27)] == "King's Day"
    assert book[date(2026, 5, 14)] == "Ascension Day"
    assert date(2026, 5, 5) in book
    assert date(2027, 3, 29) in book
    assert date(2026, 5, 15) not in book


def test_a_region_has_its_own_holidays():
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi in public_holidays("DE", "NW")
    assert corpus_christi not in public_holidays("DE", "BE")
    assert corpus_christi + timedelta(days=1) not in public_holidays("DE", "NW")
