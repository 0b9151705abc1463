"""A calibrated forecaster is left in peace, a broken one is warned of."""

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom, binom

from forecasting.explaining.chance import likeness, most_outside, pooled_likeness
from forecasting.explaining.verification import ALL, EarlierRun, verify
from forecasting.insight_tables import Dependence
from forecasting.sampling import samples
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import load_tuning

TUNING = load_tuning().explaining
ORIGIN = date(2026, 1, 4)
NAMES = [f"town/service{i}/application/appointment" for i in range(12)]
SCORES = (-1.645, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.645)
LEVEL, SPREAD = 100.0, 12.0


def forecast(names: list[str], days: int, spread: float = SPREAD) -> pl.DataFrame:
    starts = [ORIGIN + timedelta(days=i) for i in range(1, days + 1)]
    working = [day for day in starts if day.weekday() < 5]
    frame = pl.DataFrame({"series": names}).join(
        pl.DataFrame({"start": working}), how="cross"
    )
    bounds = zip(QUANTILE_NAMES, SCORES, strict=True)
    return frame.with_columns(
        pl.lit(LEVEL).alias("mean"),
        *(pl.lit(LEVEL + score * spread).alias(name) for name, score in bounds),
        cadence=pl.lit("day"),
        method=pl.lit("blend"),
    )


def came(forecast: pl.DataFrame, seed: int) -> pl.DataFrame:
    """What a forecaster is calibrated for: one draw of its own dependent futures."""
    return samples(forecast, 1, seed).select("series", "start", "count")


def verified(
    told: pl.DataFrame, actual: pl.DataFrame, horizons: tuple[int, ...] | None = None
) -> pl.DataFrame:
    run = EarlierRun("forecast-1", ORIGIN, told)
    judged = {} if horizons is None else {"horizons": horizons}
    return verify([run], actual, TUNING.model_copy(update=judged), seed=7)


@pytest.fixture(scope="module")
def calibrated() -> pl.DataFrame:
    """What is said of 10 forecasters for whom chance alone decides."""
    told = forecast(NAMES, 91)
    tables = [verified(told, came(told, 1000 + seed)) for seed in range(10)]
    return pl.concat(tables)


def test_a_calibrated_forecaster_is_rarely_warned_of(calibrated):
    cells = calibrated.filter(pl.col("series") != ALL)
    assert cells.height == 10 * 12 * 3
    assert cells["outside"].mean() == pytest.approx(0.10, abs=0.015)
    for (_,), horizon in cells.group_by("ahead"):
        assert horizon["warning"].sum() < 0.05 * horizon.height
    together = calibrated.filter(pl.col("series") == ALL)
    assert together["warning"].sum() <= 2


MORE_ALIKE = {
    "shared": 0.4,
    "next_period": 0.45,
    "factor_next_period": 0.45,
    "level_town": 0.45,
    "level_service": 0.4,
    "level_channel": 0.35,
    "day_town": 0.4,
    "day_service": 0.3,
    "day_channel": 0.3,
    "origins": 3,
}


@pytest.mark.parametrize("days", [7, 28])
def test_right_forecasts_are_warned_of_in_under_one_of_twenty(days: int):
    """As alike as the run believed, and more alike than that; 600 draws of each."""
    told = forecast(NAMES, days)
    limits = verified(told, came(told, 1), (days,))
    bound = dict(limits.select("series", "expected_outside").iter_rows())
    wrong = (~pl.col("count").is_between(pl.col("q05"), pl.col("q95"))).mean()
    stronger = pl.DataFrame([{"series": name, **MORE_ALIKE} for name in NAMES])
    for true in (None, Dependence.validate(stronger, cast=True)):
        drawn = samples(told, 600, 3, dependence=true).join(
            told, on=["series", "start"]
        )
        every = drawn.with_columns(pl.lit(ALL).alias("series"))
        for frame in (drawn, every):
            each = frame.group_by("series", "sample").agg(wrong.alias("outside"))
            limit = pl.col("series").replace_strict(bound, return_dtype=pl.Float64)
            assert each.select((pl.col("outside") > limit).mean()).item() < 0.05


def test_tripled_calls_are_warned_of_within_a_week_one_by_one_and_together():
    calls = [f"town/service{i}/question/phone" for i in range(4)]
    told = forecast([*NAMES, *calls], 7)
    triple = pl.when(pl.col("series").is_in(calls)).then(3).otherwise(1)
    for seed in range(5):
        actual = came(told, seed).with_columns(pl.col("count") * triple)
        table = verified(told, actual).filter(ahead=7)
        warned = table.filter("warning")["series"].to_list()
        assert {ALL, *calls} <= set(warned)


def test_one_series_of_four_weeks_need_not_be_half_wrong_to_be_warned_of():
    told = forecast(NAMES[:1], 28)
    limits = verified(told, came(told, 1), (28,))
    assert limits["expected_outside"].is_between(0.3, 0.49).all()


def test_intervals_half_as_wide_as_they_should_be_show_in_all_series_together():
    actual = came(forecast(NAMES, 182), 5)
    far = verified(forecast(NAMES, 182, SPREAD / 2), actual).filter(ahead=182)
    together = far.filter(series=ALL)
    assert together["outside"].item() > 0.3
    assert together["warning"].item()


def test_intervals_a_third_as_wide_show_in_most_series():
    actual = came(forecast(NAMES, 182), 5)
    far = verified(forecast(NAMES, 182, SPREAD / 3), actual).filter(ahead=182)
    assert far["warning"].sum() > 0.7 * far.height


def test_a_level_that_moved_away_is_warned_of():
    told = forecast(NAMES, 91)
    moved = came(told, 5).with_columns(pl.col("count") * 1.4)
    table = verified(told, moved).filter(pl.col("ahead") == 91)
    assert table["warning"].all()
    assert table["bias"].to_list() == pytest.approx([-0.28] * 13, abs=0.1)


def test_one_bad_day_is_no_reason_for_a_warning():
    told = forecast(NAMES[:1], 3)
    wild = told.select("series", "start", pl.lit(1000.0).alias("count")).head(1)
    table = verified(told, wild)
    assert table["outside"].to_list() == [1.0, 1.0]
    assert not table["warning"].any()


def test_errors_are_measured_per_group_of_horizons():
    told = forecast(NAMES[:1], 28)
    actual = told.select("series", "start", pl.lit(80.0).alias("count"))
    own = verified(told, actual).filter(pl.col("series") != ALL)
    assert own["ahead"].to_list() == [7, 28]
    assert own["periods"].to_list() == [5, 15]
    assert own["demand"].to_list() == [400.0, 1200.0]
    assert own["wape"].to_list() == pytest.approx([0.25, 0.25])
    assert own["bias"].to_list() == pytest.approx([0.25, 0.25])
    assert own["outside"].to_list() == [1.0, 1.0]


def test_what_had_come_before_the_run_does_not_count():
    told = forecast(NAMES[:1], 28)
    known = EarlierRun("forecast-1", ORIGIN + timedelta(days=28), told)
    actual = told.select("series", "start", pl.lit(80.0).alias("count"))
    assert verify([known], actual, TUNING, seed=7).is_empty()
    assert verify([], actual, TUNING, seed=7).is_empty()


def test_a_series_without_demand_has_no_relative_error():
    told = forecast(NAMES[:1], 7)
    actual = told.select("series", "start", pl.lit(0.0).alias("count"))
    table = verified(told, actual)
    assert table["wape"].null_count() == table["bias"].null_count() == table.height


@pytest.mark.parametrize("trials", [1, 4, 13, 60])
@pytest.mark.parametrize("alike", [1e-6, 0.05, 0.3])
def test_the_bound_is_that_of_the_beta_binomial_law(trials: int, alike: float):
    a, b = (part * (1 - alike) / alike for part in (0.1, 0.9))
    law = betabinom(trials, a, b)
    assert most_outside(trials, 0.1, alike, 0.01) == law.ppf(0.99)
    assert law.var() / (trials * 0.09) == pytest.approx(1 + (trials - 1) * alike)


def test_days_that_are_not_alike_follow_the_binomial_law():
    for trials in (5, 20, 300):
        bound = most_outside(trials, 0.1, 1e-6, 0.01)
        assert bound == binom(trials, 0.1).ppf(0.99)


def test_how_alike_days_are_is_read_off_the_variance_of_their_sum():
    law = betabinom(20, 0.1 * 9, 0.9 * 9)  # a correlation of 1 / (1 + 9)
    assert likeness(law.mean(), law.var(), 20) == pytest.approx(0.1)
    assert likeness(2.0, 0.1, 20) == likeness(0.0, 0.0, 20) == likeness(1.0, 0, 1) == 0


def test_pairs_of_days_of_one_series_and_of_two_are_counted():
    names = [series for series in range(3) for _ in range(4)]
    pairs = [
        0.2 if names[i] == names[j] else 0.01
        for i in range(12)
        for j in range(12)
        if i != j
    ]
    assert pooled_likeness(12, 3, 0.2, 0.01) == pytest.approx(np.mean(pairs))
    assert pooled_likeness(1, 1, 0.2, 0.01) == 0


def test_the_outer_quantiles_of_these_tests_are_those_of_a_90_interval():
    normal = [0.5 * (1 + math.erf(score / math.sqrt(2))) for score in SCORES]
    assert np.allclose(normal, QUANTILES, atol=1e-3)
