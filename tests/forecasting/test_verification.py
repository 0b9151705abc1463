"""A calibrated forecaster is left in peace, a broken one is warned of."""

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.explaining.verification import (
    ALL,
    EarlierRun,
    _binomial_bound,
    verify,
)
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


def verified(told: pl.DataFrame, actual: pl.DataFrame) -> pl.DataFrame:
    run = EarlierRun("forecast-1", ORIGIN, told)
    return verify([run], actual, TUNING, seed=7)


@pytest.fixture(scope="module")
def calibrated() -> pl.DataFrame:
    """What is said of 20 forecasters for whom chance alone decides."""
    told = forecast(NAMES, 91)
    tables = [verified(told, came(told, 1000 + seed)) for seed in range(20)]
    return pl.concat(tables)


def test_a_calibrated_forecaster_is_rarely_warned_of(calibrated):
    cells = calibrated.filter(pl.col("series") != ALL)
    assert cells.height == 20 * 12 * 3
    assert cells["outside"].mean() == pytest.approx(0.10, abs=0.015)
    warned = cells["warning"].mean()
    assert 0 <= warned <= 2 * TUNING.chance
    together = calibrated.filter(pl.col("series") == ALL)
    assert together["warning"].sum() <= 2


def test_a_bound_that_takes_days_for_independent_would_cry_wolf(calibrated):
    """The same forecasters against a binomial bound of days."""
    far = calibrated.filter((pl.col("series") != ALL) & (pl.col("ahead") == 91))
    alarms = [
        outside * periods > _binomial_bound(periods, TUNING.chance)
        for outside, periods in far.select("outside", "periods").iter_rows()
    ]
    assert sum(alarms) >= 3 * max(far["warning"].sum(), 3)


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
def test_the_bound_of_weeks_is_the_binomial_one(trials: int):
    bound = _binomial_bound(trials, 0.01)

    def beyond(count: int) -> float:
        return sum(
            math.comb(trials, k) * 0.1**k * 0.9 ** (trials - k)
            for k in range(count + 1, trials + 1)
        )

    assert beyond(bound) <= 0.01
    assert bound == 0 or beyond(bound - 1) > 0.01


def test_the_outer_quantiles_of_these_tests_are_those_of_a_90_interval():
    normal = [0.5 * (1 + math.erf(score / math.sqrt(2))) for score in SCORES]
    assert np.allclose(normal, QUANTILES, atol=1e-3)
