import numpy as np
import polars as pl
import pytest
from scipy import stats

from forecasting.insight_tables import FACTORS, Dependence
from forecasting.sampling import dependence_of, samples, sum_quantiles
from forecasting.tables import QUANTILE_NAMES
from tests.forecasting.drawn_worlds import (
    CV,
    LEVEL,
    TUNING,
    forecast_of,
    judged,
    scores_of,
    series_of,
)

NAMES = series_of(4, 3)
TRUE = {"shared": 0.4, "next_period": 0.5, "town": 0.5}


@pytest.fixture(scope="module")
def measured() -> pl.DataFrame:
    """What many origins of a world tell of it."""
    return dependence_of(judged(np.random.default_rng(1), NAMES, 60, **TRUE), TUNING)


def test_the_strengths_of_a_world_are_found_again(measured):
    Dependence.validate(measured)
    assert measured["series"].to_list() == sorted(NAMES)
    assert measured["shared"].to_numpy().mean() == pytest.approx(
        TRUE["shared"], abs=0.06
    )
    assert measured["next_period"].to_numpy().mean() == pytest.approx(
        TRUE["next_period"], abs=0.05
    )
    for part in ("level", "day"):
        explained = {
            name: (measured[f"{part}_{name}"].to_numpy() ** 2).mean()
            for name in FACTORS
        }
        assert explained["town"] == pytest.approx(TRUE["town"], abs=0.12)
        assert max(explained["service"], explained["channel"]) < 0.08


def test_samples_have_the_covariance_of_the_world(measured):
    """Against the covariance of an AR(1) with a level, and factors, in closed form."""
    law = forecast_of(NAMES, 20)
    drawn = samples(law, 3000, 1, dependence=measured).sort("series", "sample", "start")
    scores = (drawn["count"].to_numpy() / LEVEL - 1) / CV
    cube = scores.reshape(len(NAMES), 3000, 20)
    shared, step, town = TRUE["shared"], TRUE["next_period"], TRUE["town"]
    for lag in (0, 1, 3, 15):
        own = np.mean(cube[:, :, 0] * cube[:, :, lag], axis=1).mean()
        assert own == pytest.approx(shared + (1 - shared) * step**lag, abs=0.08)
        pairs = [np.mean(cube[i, :, 0] * cube[i + 1, :, lag]) for i in range(11)]
        expected = town * (shared + (1 - shared) * step**lag)
        assert np.mean(pairs) == pytest.approx(expected, abs=0.09)


def test_few_origins_lean_to_what_is_assumed():
    few = dependence_of(judged(np.random.default_rng(2), NAMES, 1, **TRUE), TUNING)
    many = dependence_of(judged(np.random.default_rng(2), NAMES, 40, **TRUE), TUNING)
    for column, usual in (("shared", TUNING.shared), ("level_town", TUNING.town**0.5)):
        away = [abs(table[column].to_numpy().mean() - usual) for table in (few, many)]
        assert away[0] < away[1]


def test_independent_errors_are_told_from_dependent_ones():
    calm = {"shared": 0.0, "next_period": 0.0, "town": 0.0}
    table = dependence_of(judged(np.random.default_rng(3), NAMES, 40, **calm), TUNING)
    assert table["shared"].to_numpy().mean() < 0.06
    assert table["next_period"].to_numpy().mean() < 0.06
    assert (table["day_town"].to_numpy() ** 2).mean() < 0.02


def test_a_series_that_moves_against_the_town_has_a_negative_loading():
    rng = np.random.default_rng(4)
    world = judged(rng, NAMES, 40, shared=0.4, next_period=0.3, town=0.6)
    turned = pl.col("series") == NAMES[0]
    against = pl.when(turned).then(2 * LEVEL - pl.col("actual")).otherwise("actual")
    names = {n: n.replace("channel0", f"channel{i}") for i, n in enumerate(NAMES)}
    apart = world.with_columns(against.alias("actual"), pl.col("series").replace(names))
    table = dependence_of(apart, TUNING)
    loads = dict(table.select("series", "day_town").iter_rows())
    assert loads.pop(names[NAMES[0]]) < -0.2
    assert min(loads.values()) > 0.3


def test_services_and_channels_share_what_the_town_does_not():
    rng, names = np.random.default_rng(5), series_of(5, 4)
    service = rng.standard_normal((40, 5, 56)).repeat(4, axis=1)
    world = judged(rng, names, 40, shared=0.0, next_period=0.0, town=0.0)
    own = world["actual"].to_numpy().reshape(40, 20, 56)
    mixed = LEVEL + CV * LEVEL * np.sqrt(0.5) * (service + (own - LEVEL) / (CV * LEVEL))
    table = dependence_of(world.with_columns(actual=pl.Series(mixed.ravel())), TUNING)
    assert (table["day_service"].to_numpy() ** 2).mean() == pytest.approx(0.5, abs=0.06)
    assert (table["day_town"].to_numpy() ** 2).mean() < 0.03
    assert (table["day_channel"].to_numpy() ** 2).mean() < 0.03


@pytest.mark.parametrize("by", [["week"], ["start"], ["series"], []])
def test_sums_of_dependent_days_hold_nine_in_ten(measured, by):
    rng = np.random.default_rng(6)
    law = forecast_of(NAMES, 56)
    told = sum_quantiles(law, by, 800, 1, dependence=measured)
    worlds = [scores_of(rng, len(NAMES), **TRUE) for _ in range(600)]
    actual = LEVEL * (1 + CV * np.array(worlds))
    if "series" not in by:
        actual = actual.sum(axis=1, keepdims=True)
    if "week" in by:
        actual = actual.reshape(*actual.shape[:2], -1, 7).sum(axis=3)
    elif "start" not in by:
        actual = actual.sum(axis=2, keepdims=True)
    sums = actual.reshape(600, -1)
    low, high = told["q05"].to_numpy(), told["q95"].to_numpy()
    assert 0.86 <= ((sums >= low) & (sums <= high)).mean() <= 0.94
    assert (sums <= told["q50"].to_numpy()).mean() == pytest.approx(0.5, abs=0.06)


def test_quantiles_added_up_would_hold_more_than_they_say(measured):
    law = forecast_of(NAMES, 28)
    sums = sum_quantiles(law, [], 400, 1, dependence=measured)
    added = law.select(pl.col(QUANTILE_NAMES).sum())
    assert added["q95"][0] > sums["q95"][0]
    assert added["q05"][0] < sums["q05"][0]


def test_outcomes_drawn_from_a_forecast_take_every_place_in_its_sums_alike(measured):
    law = forecast_of(NAMES[:4], 14)
    truth = samples(law, 300, 7, dependence=measured)
    drawn = samples(law, 500, 8, dependence=measured)
    weekly = [
        frame.group_by("sample").agg(pl.col("count").sum())["count"].sort().to_numpy()
        for frame in (truth, drawn)
    ]
    places = np.searchsorted(weekly[1], weekly[0]) / 500
    assert stats.kstest(places, "uniform").pvalue > 0.01


def test_without_any_backtest_there_is_no_table():
    none = judged(np.random.default_rng(0), ["a"], 1, **TRUE).clear()
    assert dependence_of(none, TUNING).is_empty()
