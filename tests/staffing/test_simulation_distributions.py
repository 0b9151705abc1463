"""Durations as drawn: their means and spreads, and patience from a censored log."""

import numpy as np
import pytest

from forecasting.errors import InputError
from staffing.simulation import Distribution, Group, Queue, simulate_network
from staffing.simulation.survival import DRAWS

LAWS = [
    Distribution.exponential(200),
    Distribution(200, 1.4),
    Distribution(200, 0),
    Distribution.empirical([50, 100, 450]),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.kind} {law.cv:.1f}")
def test_a_network_draws_durations_with_their_mean_and_spread(
    law: Distribution,
) -> None:
    """With an agent for each contact, a replication's work is a sum of durations."""
    size, runs = 50, 4000
    queue = Queue("calls", [size] + [0] * 9, law, 25)
    group = Group("all", [size] * 10, {"calls": 0})
    work = simulate_network(
        [queue], [group], slot_s=1000, replications=runs, seed=7, exact=True
    ).busy_s["all"]
    totals = work.sum(axis=1) / size
    sd = law.cv * law.mean
    assert totals.mean() == pytest.approx(200, abs=3 * sd / np.sqrt(size * runs) + 1e-6)
    assert totals.std() == pytest.approx(sd / np.sqrt(size), rel=0.08, abs=1e-6)


def censored(patience: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Waits of contacts of which most were answered before their patience was over."""
    offered = np.random.default_rng(seed).exponential(90, patience.size)
    return np.minimum(patience, offered), patience <= offered


def test_exponential_patience_is_found_back_from_a_censored_log() -> None:
    patience = np.random.default_rng(1).exponential(240, 20_000)
    waited, gave_up = censored(patience, 2)
    found = Distribution.survival(waited, gave_up)
    assert gave_up.mean() < 0.3
    assert found.mean == pytest.approx(240, rel=0.04)
    assert found.cv == pytest.approx(1, abs=0.06)


def test_patience_of_another_shape_is_found_back_where_it_was_seen() -> None:
    patience = np.random.default_rng(1).weibull(0.6, 20_000) * 150
    waited, gave_up = censored(patience, 2)
    found = np.array(Distribution.survival(waited, gave_up).values)
    for moment in (10, 30, 60, 120, 240):
        stays = float(np.exp(-((moment / 150) ** 0.6)))
        assert (found > moment).mean() == pytest.approx(stays, abs=0.015)


def test_without_censoring_the_patience_is_as_measured() -> None:
    waited = np.repeat([10.0, 40.0, 100.0], 1000)
    found = np.array(Distribution.survival(waited, np.ones(3000)).values)
    values, times = np.unique(found, return_counts=True)
    np.testing.assert_array_equal(values, [10, 40, 100])
    np.testing.assert_allclose(times / DRAWS, 1 / 3, atol=0.001)


def test_a_few_who_gave_up_give_an_exponential_at_their_rate() -> None:
    found = Distribution.survival([30, 60, 90, 120], [True, False, True, False])
    late = (60 - 60 + 90 - 60 + 120 - 60) / 1
    assert found.mean == pytest.approx(late, rel=0.01)


@pytest.mark.parametrize(
    ("waited", "gave_up", "problem"),
    [
        ([10, 20], [True], "shapes"),
        ([10, -1], [True, True], "row 1"),
        ([10, np.nan], [True, True], "row 1"),
        ([10, 20], [False, False], "gave up"),
    ],
)
def test_a_bad_log_is_one_clear_line(
    waited: list[float], gave_up: list[bool], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        Distribution.survival(waited, gave_up)


@pytest.mark.parametrize("mean", [0, -5, np.nan, np.inf])
def test_a_mean_must_be_a_number_over_zero(mean: float) -> None:
    with pytest.raises(InputError, match="mean duration"):
        Distribution(mean)


def test_an_exponential_has_no_spread_of_its_own() -> None:
    with pytest.raises(InputError, match="cv 1"):
        Distribution(100, 0.5, "exponential")
