from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.intervals import conformal
from forecasting.sampling import samples
from forecasting.tables import QUANTILE_NAMES, Forecast
from forecasting.tuning import load_tuning

TUNING = load_tuning().intervals


def errors(rng: np.random.Generator, origins: int = 8, size: int = 28) -> pl.DataFrame:
    mean = rng.uniform(20, 60, origins * size)
    actual = rng.poisson(mean * rng.gamma(10, 0.1, mean.size))
    return pl.DataFrame(
        {
            "series": "a",
            "origin": np.repeat(np.array(days(origins, 28), "datetime64[D]"), size),
            "ahead": np.tile(np.arange(1, size + 1), origins),
            "actual": actual.astype(float),
            "mean": mean,
        }
    )


def days(number: int, step: int = 1) -> list[date]:
    return [date(2026, 1, 5) + timedelta(days=step * i) for i in range(number)]


def wanted(mean: list[float], ahead: int = 7) -> pl.DataFrame:
    return pl.DataFrame(
        {"series": "a", "start": days(len(mean)), "mean": mean, "ahead": ahead}
    )


def test_quantiles_are_never_negative_and_never_cross():
    rng = np.random.default_rng(0)
    answer = conformal(errors(rng), wanted([0.0, 0.02, 0.5, 3.0, 400.0]), TUNING)
    Forecast.validate(answer.select(Forecast.column_names()))


def test_the_90_percent_interval_holds_about_90_percent_of_new_outcomes():
    rng = np.random.default_rng(1)
    known, new = errors(rng, origins=12), errors(rng, origins=60)
    answer = conformal(known, new, TUNING)
    inside = answer["actual"].is_between(answer["q05"], answer["q95"]).mean()
    assert inside == pytest.approx(0.90, abs=0.04)


def test_without_any_error_the_interval_widens_with_the_mean():
    none = errors(np.random.default_rng(0)).clear()
    answer = conformal(none, wanted([4.0, 400.0]), TUNING)
    width = answer["q95"] - answer["q05"]
    assert 4 < width[0] < 16
    assert width[1] > 10 * width[0]


def test_errors_that_lean_one_way_move_the_median_with_them():
    low = errors(np.random.default_rng(2)).with_columns(pl.col("mean") * 0.7)
    answer = conformal(low, wanted([50.0]), TUNING)
    assert answer["q50"][0] > 55


def test_a_series_without_errors_borrows_those_of_the_others():
    rng = np.random.default_rng(3)
    sure = errors(rng).with_columns(actual=pl.col("mean") * 1.01, series=pl.lit("b"))
    answer = conformal(sure, wanted([50.0]), TUNING)
    alone = conformal(sure.clear(), wanted([50.0]), TUNING)
    assert answer["q95"][0] - answer["q05"][0] < alone["q95"][0] - alone["q05"][0]


def forecast_of(mean: list[float]) -> pl.DataFrame:
    none = errors(np.random.default_rng(0)).clear()
    return conformal(none, wanted(mean), TUNING)


def test_samples_have_the_quantiles_of_the_forecast():
    answer = forecast_of([40.0, 90.0])
    drawn = samples(answer, 20_000, 4)
    for start, quantiles in zip(
        answer["start"], answer.select(QUANTILE_NAMES).iter_rows(), strict=True
    ):
        counts = drawn.filter(pl.col("start") == start)["count"].to_numpy()
        found = np.quantile(counts, [0.05, 0.25, 0.5, 0.75, 0.95])
        at = [quantiles[i] for i in (0, 2, 3, 4, 6)]
        assert found == pytest.approx(at, rel=0.03)


def test_days_of_one_sample_are_alike_so_that_sums_spread_wider_than_independent_ones():
    drawn = samples(forecast_of([50.0] * 10), 4000, 1)
    counts = drawn["count"].to_numpy().reshape(4000, 10)
    independent = counts.var(axis=0).sum()
    assert counts.sum(axis=1).var() > 2 * independent


def test_the_same_seed_draws_the_same_and_another_seed_does_not():
    answer = forecast_of([50.0, 60.0])
    assert samples(answer, 5, 1).equals(samples(answer, 5, 1))
    assert not samples(answer, 5, 1).equals(samples(answer, 5, 2))


def test_the_samples_of_a_series_do_not_depend_on_its_neighbours():
    one = forecast_of([50.0, 60.0])
    other = one.with_columns(pl.lit("b").alias("series"))
    both = samples(pl.concat([other, one]), 5, 1)
    assert both.filter(pl.col("series") == "a").equals(samples(one, 5, 1))
