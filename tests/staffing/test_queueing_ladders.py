"""What 0, 1, 2 ... people buy: against sums over every rate and number at work."""

from typing import get_args

import numpy as np
import pytest
from scipy.stats import binom

from staffing.queueing import abandonment, service_level
from staffing.queueing.ladders import ladders
from staffing.queueing.mixing import gamma_nodes
from staffing.queueing.quadrature import gauss_rules, group_means
from staffing.queueing.treating import Abandoned

WAYS: tuple[Abandoned, ...] = get_args(Abandoned)
FACTORS = np.array([[0.7, 0.9, 1.1, 1.3]])
WEIGHTS = np.array([[0.1, 0.4, 0.4, 0.1]])
CASES = [
    (3.0, 240.0, 25.0, 180.0),
    (40.0, 180.0, 20.0, 60.0),
    (0.4, 900.0, 900.0, 7200.0),
    (6.0, 300.0, 3600.0, 300.0),
    (5.0, 720.0, 900.0, np.inf),
    (3.4, 400.0, 900.0, 2e9),
    (60.0, 300.0, 25.0, 7200.0),
]


def climbed(
    way: int, case: tuple[float, float, float, float], at_work: float, random: float
) -> tuple[np.ndarray, int]:
    load, handling, threshold, patience = case
    standard = np.array([1 / patience, threshold, 0.8, 1, at_work, 3])
    slots = np.array([[load, 1 / handling, random]])
    one = np.zeros(1, dtype=np.int64)
    shares, _, chosen = ladders(way, standard, slots, one, FACTORS, WEIGHTS, one)
    return shares, int(chosen[0])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_every_number_buys_what_the_sums_say(
    way: Abandoned, case: tuple[float, float, float, float]
) -> None:
    """Contacts in time over contacts counted, over all rates and numbers at work."""
    at_work, random = 0.85, 0.6
    shares, chosen = climbed(WAYS.index(way), case, at_work, random)
    load, handling, threshold, patience = case
    rates = load * (1 - random + random * FACTORS[0]) / handling * 3600
    parts = WEIGHTS[0] * rates
    n = np.arange(shares.size)[:, None]
    told = (rates, handling, n, threshold, patience)
    late = service_level(*told)
    gone = abandonment(rates, handling, n, patience)
    early = service_level(*told, abandoned="in_time") - late
    served = late + (early if way == "in_time" else 0)
    counted = {"left_out": 1 - gone, "short_left_out": 1 - early}.get(
        way, np.ones_like(late)
    )
    counted[0] = 1.0
    chance = binom.pmf(n[:, 0], n, at_work)
    brute = (chance @ (served @ parts)) / (chance @ (counted @ parts))
    np.testing.assert_allclose(shares, brute, atol=1e-9)
    assert shares[chosen] >= 0.8
    assert (shares[1:chosen] < 0.8).all()
    assert shares.size == chosen + 4


def test_groups_keep_the_mean_of_each_row() -> None:
    values = np.random.default_rng(3).gamma(4, 0.25, (5, 37))
    groups = group_means(values, 10)
    np.testing.assert_allclose(groups.mean(axis=1), values.mean(axis=1))
    assert (np.diff(groups, axis=1) >= 0).all()


def test_few_nodes_have_the_moments_of_many() -> None:
    rng = np.random.default_rng(2)
    nodes, weights = rng.gamma(20, 0.05, (3, 80)), rng.random(80)
    weights /= weights.sum()
    few, parts = gauss_rules(nodes, weights, 6)
    for power in range(12):
        np.testing.assert_allclose(
            (few**power * parts).sum(axis=1), (nodes**power * weights).sum(axis=1)
        )


def test_nodes_that_are_fewer_than_asked_for_stay_themselves() -> None:
    nodes = np.array([[1.0, 1.0, 1.0], [0.5, 1.0, 1.5]])
    few, parts = gauss_rules(nodes, np.full(3, 1 / 3), 8)
    for power in range(6):
        np.testing.assert_allclose(
            (few**power * parts).sum(axis=1), (nodes**power).mean(axis=1)
        )


@pytest.mark.parametrize("cv", [0.0, 0.05, 0.3, 0.8])
def test_gamma_nodes_have_the_mean_and_spread_of_the_law(cv: float) -> None:
    nodes, weights = gamma_nodes(cv, 8)
    assert weights.sum() == pytest.approx(1)
    assert nodes @ weights == pytest.approx(1)
    assert nodes**2 @ weights == pytest.approx(1 + cv**2)
