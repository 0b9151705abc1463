"""What is uncertain of renewal timing, and how draws of it are made."""

import numpy as np
import pytest

from forecasting.models.expiry.bands import bands_of, mean_by_band
from forecasting.models.expiry.curve import curve_of
from forecasting.models.expiry.fitting import Fitted, precision
from forecasting.models.expiry.parameters import Prior
from forecasting.models.expiry.penalties import Penalty
from forecasting.models.expiry.posterior import Posterior
from tests.forecasting.expiry_cases import TUNING

CURVE = curve_of(TUNING.expiry.assumed("passport"), TUNING.expiry)


def posterior(worth_of_counts: float) -> Posterior:
    """Two parameters; the second is held near 0 by a penalty alone."""
    prior = Prior(np.zeros(2), np.array([1.0, 0.0]))
    penalty = Penalty(np.diag([0.0, 1.0]), usual=4.0)
    information = np.diag([3.0, worth_of_counts])
    held = precision(prior, (penalty,), (4.0,))
    covariance = np.linalg.inv(information + held)
    fitted = Fitted(np.array([0.5, 0.0]), covariance, (1.0,), information, (4.0,))
    return Posterior(prior, (penalty,), fitted)


def test_draws_have_the_covariance_of_the_posterior_where_counts_decide():
    drawn = posterior(1e4).draws(4000, seed=0)
    assert drawn[:, 0].mean() == pytest.approx(0.5, abs=0.03)
    assert drawn[:, 0].std() == pytest.approx(0.5, rel=0.05)
    assert drawn[:, 1].std() == pytest.approx(0.01, rel=0.05)


def test_not_knowing_the_price_of_a_penalty_widens_what_it_alone_holds():
    drawn = posterior(1e-6).draws(4000, seed=0)[:, 1]
    assert drawn.std() > 1.2 * 0.5
    kurtosis = np.mean(drawn**4) / np.mean(drawn**2) ** 2
    assert kurtosis > 3.5


def test_the_same_seed_draws_the_same():
    one, other = (posterior(1.0).draws(5, seed=3) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_a_price_is_finite_even_where_nothing_departs():
    penalty = Penalty(np.eye(3), usual=10.0)
    found = penalty.price(1e9, 1e-9 * np.eye(3), np.zeros(3))
    assert found == pytest.approx(10.0)


def test_many_departures_outweigh_the_usual_price():
    penalty = Penalty(np.eye(400), usual=10.0)
    away = np.random.default_rng(0).normal(0, 1.0, 400)
    assert penalty.price(1.0, np.zeros((400, 400)), away) == pytest.approx(1, rel=0.15)


def test_a_small_step_moves_timing_as_its_logarithm_does_and_a_large_one_less():
    middle = np.zeros(CURVE.basis.shape[1])
    step = np.random.default_rng(0).normal(0, 1e-4, middle.size)
    assert CURVE.near(middle, step) == pytest.approx(CURVE.shape(step), rel=1e-6)
    tail = np.zeros(middle.size)
    tail[-1] = 5.0
    assert CURVE.near(middle, tail)[-1] < 0.2 * CURVE.shape(tail)[-1]
    assert (CURVE.near(middle, -10 * tail) > 0).all()


def test_a_value_by_age_is_averaged_over_the_ages_of_a_band():
    bands = bands_of(["0-17", "18-64", "65+"])
    found = mean_by_band(((0, 0.7), (18, 0.8), (75, 0.5)), bands)
    assert found == pytest.approx([0.7, 0.8, (10 * 0.8 + 16 * 0.5) / 26])
