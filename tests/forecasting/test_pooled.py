"""Small series borrow the shape of their kin, and keep what is theirs."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.models.counts import CountRegression
from forecasting.models.pooled import Pooled
from forecasting.models.protocol import Past
from forecasting.models.shares import shared
from forecasting.series.panel import FloatArray, Series
from forecasting.tuning import load_tuning
from tests.forecasting.small_cases import pasts, shape, town, weekdays

TUNING = load_tuning()
POOLED = Pooled(TUNING.pooled, TUNING.glm)
OWN = CountRegression(TUNING.glm)
DAYS = weekdays(1000)
ORIGIN = DAYS[779]
COMING = DAYS[780:]
RATES = {f"s{number:02d}": rate for number, rate in enumerate(np.geomspace(0.3, 3, 6))}
RATES["large"] = 60.0


def misses(means: FloatArray, rate: float) -> float:
    true = rate * shape(COMING)
    return float(np.abs(means - true).mean() / true.mean())


def test_small_series_come_nearer_the_truth_than_by_themselves():
    own, pooled = [], []
    for past in pasts(town(RATES, DAYS), ORIGIN)[1:]:
        rate = RATES[past.series.name]
        own.append(misses(OWN.predict(past, COMING), rate))
        pooled.append(misses(POOLED.predict(past, COMING), rate))
    assert np.mean(pooled) < 0.6 * np.mean(own)
    assert np.mean(pooled) < 0.2


def test_a_series_unlike_its_kin_is_not_made_like_them():
    days = weekdays(1000)
    rng = np.random.default_rng(1)
    other = np.array([0.3, 1.0, 2.5, 1.0, 0.2, 0, 0])[(days.astype(int) + 3) % 7]
    odd = Series("odd", days, rng.poisson(3 * other).astype(float))
    kin = Series("kin", days, rng.poisson(60 * shape(days)).astype(float))
    past = Past(odd.until(ORIGIN), "day", {}, kin=kin.until(ORIGIN))
    mean = POOLED.predict(past, COMING)
    kinds = (COMING.astype(int) + 3) % 7
    by_day = np.array([mean[kinds == kind].mean() for kind in range(5)])
    assert by_day == pytest.approx(3 * other[:5], rel=0.35)


def test_five_weeks_of_a_new_service_get_the_season_of_their_kin():
    panel = town({"a": 40.0, "b": 40.0, "new": 8.0}, DAYS, seed=5)
    past = pasts(panel, ORIGIN)[2]
    young = replace(past, series=past.series.since(DAYS[755]))
    assert POOLED.suits(young)
    assert misses(POOLED.predict(young, COMING), 8.0) < 0.15
    assert np.corrcoef(POOLED.predict(young, COMING), shape(COMING))[0, 1] > 0.95


def test_only_small_or_short_series_with_kin_are_pooled():
    small, large = pasts(town({"a": 1.0, "b": 20.0, "c": 40.0}, DAYS), ORIGIN)[:2]
    assert POOLED.suits(small)
    assert not POOLED.suits(large)
    assert not POOLED.suits(replace(small, kin=None))
    zeros = Series("a", small.series.starts, np.zeros(small.series.starts.size))
    assert not POOLED.suits(replace(small, series=zeros))
    assert not POOLED.suits(replace(small, kin=small.series))


def test_the_answer_for_a_day_does_not_hang_on_the_days_asked_with_it():
    past = pasts(town(RATES, DAYS), ORIGIN)[1]
    few, many = POOLED.predict(past, COMING[:3]), POOLED.predict(past, COMING)
    assert few == pytest.approx(many[:3], rel=1e-9)


@pytest.mark.parametrize("cadence", ["week", "month"])
def test_weeks_and_months_are_pooled_too(cadence):
    starts = np.arange(np.datetime64("2018-01"), np.datetime64("2025-01"))
    starts = starts.astype("datetime64[D]")
    if cadence == "week":
        starts = np.datetime64("2018-01-01") + 7 * np.arange(370)
    season = 1 + 0.5 * np.sin(2 * np.pi * starts.astype(float) / 365.25)
    rng = np.random.default_rng(0)
    kin = Series("kin", starts, rng.poisson(500 * season).astype(float))
    small = Series("small", starts, rng.poisson(4 * season).astype(float))
    past = Past(small.until(starts[-13]), cadence, {}, kin=kin.until(starts[-13]))
    mean = POOLED.predict(past, starts[-12:])
    assert np.abs(mean - 4 * season[-12:]).mean() < 0.8


def test_without_departures_the_share_is_the_ratio_of_sums():
    """Where no departure is allowed, the level alone must match the weighted sums."""
    days = weekdays(400)
    rng = np.random.default_rng(0)
    log_kin = np.log(shape(days))
    counts = rng.poisson(2 * shape(days[:350])).astype(float)
    stiff = TUNING.pooled.model_copy(
        update={"scales": (1e-4,), "half_life_years": 1e6, "level_sd": 100.0}
    )
    mean = shared(days, counts, log_kin, "day", stiff)
    share = counts.sum() / shape(days[:350]).sum()
    assert mean == pytest.approx(share * shape(days[350:]), rel=0.05)
