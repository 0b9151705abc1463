from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.stats import nbinom

from forecasting.intraday.counts import count_quantiles
from forecasting.intraday.evidence import component
from forecasting.intraday.profiles import Profile, fit_profiles
from forecasting.tables import QUANTILES
from tests.forecasting.slot_cases import (
    NAME,
    NO_BOOK,
    TUNING,
    office,
    simulated,
    workdays,
)


def fitted(history: pl.DataFrame) -> Profile:
    return fit_profiles(history, NO_BOOK, TUNING)["hall/phone"]


@pytest.mark.parametrize("cv", [0.1, 0.3, 0.6])
def test_the_noise_of_gamma_poisson_slots_is_recovered(cv):
    noise = fitted(simulated(workdays(300), office, cv=cv)).noise[0]
    assert np.sqrt(noise.mean()) == pytest.approx(cv, rel=0.15)
    assert np.sqrt(noise).min() > 0.5 * cv


def test_poisson_slots_have_hardly_any_noise():
    noise = fitted(simulated(workdays(300), office)).noise[0]
    assert np.sqrt(noise.mean()) < 0.06


def test_the_noise_of_a_small_series_is_that_of_its_group():
    big = simulated(workdays(300), office, cv=0.5)
    small = simulated(
        workdays(8), lambda d, h: office(d, h) / 20, name="hall/x/y/phone"
    )
    profile = fitted(pl.concat([big, small]))
    place = profile.habits.names.index("hall/x/y/phone")
    assert np.sqrt(profile.noise[place].mean()) == pytest.approx(0.5, rel=0.2)


def test_times_of_the_day_may_differ_in_noise():
    calm = simulated(workdays(400), lambda d, h: 30.0 if 9 <= h < 13 else 0)
    wild = simulated(workdays(400), lambda d, h: 30.0 if 13 <= h < 17 else 0, cv=0.5)
    noise = np.sqrt(fitted(pl.concat([calm, wild]).sort("clock")).noise[0])
    assert noise[:8].max() < 0.2 < 0.35 < noise[8:].min()


def test_a_component_is_unbiased_and_leans_on_what_is_assumed():
    rng = np.random.default_rng(0)
    mean = rng.uniform(5, 50, 20_000)
    told = rng.poisson(mean * rng.gamma(25, 1 / 25, mean.size))
    found = component((told - mean) ** 2, mean, mean**2, 0.01, 5)
    assert float(found) == pytest.approx(0.04, rel=0.1)
    nothing = np.zeros(3)
    assert float(component(nothing, nothing, nothing, 0.01, 5)) == pytest.approx(0.01)


def test_quantiles_of_few_counts_are_those_of_the_negative_binomial():
    rng = np.random.default_rng(0)
    mean, relative = rng.uniform(0.01, 90, 300), rng.uniform(1e-3, 2, 300)
    found = count_quantiles(mean, relative, whole=True)
    exact = nbinom.ppf(
        np.array(QUANTILES), 1 / relative[:, None], 1 / (1 + relative * mean)[:, None]
    )
    assert (found == exact).all()


def test_quantiles_of_many_counts_are_close_to_the_negative_binomial():
    mean, relative = np.array([150.0, 900.0, 900.0]), np.array([0.05, 0.0, 0.3])
    found = count_quantiles(mean, relative, whole=True)
    size = 1 / np.maximum(relative, 1e-9)[:, None]
    exact = nbinom.ppf(np.array(QUANTILES), size, size / (size + mean[:, None]))
    assert np.abs(found - exact).max() <= 2


def test_quantiles_never_cross_and_are_never_negative():
    rng = np.random.default_rng(0)
    mean = np.r_[0.0, 1e-12, rng.exponential(80, 300), 1e6]
    relative = np.r_[rng.exponential(1, mean.size - 1), 1e3]
    for whole in (True, False):
        found = count_quantiles(mean, relative, whole=whole)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
        assert (np.diff(found, axis=1) >= 0).all()


KEPT = 0.7


def irregular(kept: float, number: int = 400) -> pl.DataFrame:
    """Every ninth day closes at 13; of those shut out a share comes in the morning."""
    days = workdays(number)

    def rate(day: date, hour: float) -> float:
        mean = office(day, hour)
        if (day - days[0]).days % 9:
            return mean
        morning = sum(office(day, h / 2) for h in range(18, 26))
        whole = sum(office(day, h / 2) for h in range(18, 34))
        more = 1 + kept * (whole - morning) / morning
        return mean * more if hour < 13 else 0.0

    return simulated(days, rate)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 1.0])
def test_what_short_days_keep_is_measured(kept):
    assert fitted(irregular(kept)).kept == pytest.approx(kept, abs=0.1)


def test_without_short_days_the_assumed_share_is_kept():
    history = simulated(workdays(100), office)
    assert fitted(history).kept == pytest.approx(TUNING.kept_share)


def test_the_noise_is_told_by_name():
    assert fitted(simulated(workdays(30), office)).habits.names == (NAME, "")
