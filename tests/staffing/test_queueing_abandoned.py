"""How contacts that give up count: against a chain, the simulation and identities."""

import math
from typing import get_args

import numpy as np
import pytest
from scipy.stats import poisson

from forecasting.errors import InputError
from staffing.queueing import abandonment, required_agents, service_level
from staffing.queueing.treating import Abandoned

WAYS: tuple[Abandoned, ...] = get_args(Abandoned)
CASES = [
    (200.0, 180.0, 9, 25.0, 180.0),
    (200.0, 180.0, 13, 25.0, 180.0),
    (30.0, 240.0, 1, 60.0, 30.0),
    (600.0, 120.0, 15, 300.0, 60.0),
    (10.0, 600.0, 3, 900.0, 3600.0),
]


def shares_of_the_chain(
    per_hour: float,
    handling_s: float,
    agents: int,
    threshold_s: float,
    patience_s: float,
) -> tuple[float, float, float]:
    """Answered and given up within the threshold, and given up ever, as an M/M/n+M chain.

    A contact that finds `ahead` waiting is a chain of its own: those ahead leave at rate
    n mu + j theta until none is left, the contact itself gives up at rate theta. Solved
    by uniformisation, in time steps of a Poisson clock.
    """
    arrival, service, theta = per_hour / 3600, 1 / handling_s, 1 / patience_s
    most = 400
    steady = np.zeros(most)
    for k in range(1, most):
        leaving = min(k, agents) * service + max(k - agents, 0) * theta
        steady[k] = steady[k - 1] + math.log(arrival / leaving)
    steady = np.exp(steady - steady.max())
    steady /= steady.sum()
    size = most - agents
    ahead = np.arange(size)
    served = agents * service + ahead * theta
    clock = (served + theta).max()
    state, answered, gone = steady[agents:].copy(), 0.0, 0.0
    free = steady[:agents].sum()
    last = int(poisson.ppf(1 - 1e-13, clock * threshold_s)) + 2
    past = poisson.sf(np.arange(last), clock * threshold_s)
    ever_gone, step = 0.0, 0
    while state.sum() > 1e-12:
        leave = state * theta / clock
        move = state * served / clock
        within = past[step] if step < last else 0.0
        answered += within * move[0]
        gone += within * leave.sum()
        ever_gone += leave.sum()
        state = state - leave - move
        state[:-1] += move[1:]
        step += 1
    return free + answered, gone, ever_gone


@pytest.mark.parametrize("case", CASES)
def test_every_treatment_agrees_with_the_chain(
    case: tuple[float, float, int, float, float],
) -> None:
    answered, early, gone = shares_of_the_chain(*case)
    assert gone == pytest.approx(
        abandonment(case[0], case[1], case[2], case[4]), abs=1e-9
    )
    levels = [service_level(*case, abandoned=way) for way in WAYS]
    expected = [
        answered,
        answered / (1 - gone),
        answered / (1 - early),
        answered + early,
    ]
    np.testing.assert_allclose(levels, expected, atol=1e-9)


def test_without_patience_to_lose_all_treatments_are_one() -> None:
    levels = [service_level(200, 180, 13, 25, abandoned=way) for way in WAYS]
    assert len({float(level) for level in levels}) == 1


@pytest.mark.parametrize("load", [0.5, 10.0, 80.0])
def test_leaving_contacts_out_never_lowers_the_level(load: float) -> None:
    agents = np.arange(1, int(2 * load) + 5)
    late, left_out, short, in_time = (
        service_level(load * 20, 180, agents, 25, 90, abandoned=way) for way in WAYS
    )
    assert (late <= short).all()
    assert (short <= in_time).all()
    assert (short <= left_out).all()
    for level in (late, left_out, short, in_time):
        assert (np.diff(level) >= -1e-12).all()


def test_an_uncertain_rate_counts_contacts_not_hours() -> None:
    """Left-out contacts are left out of the sum over all rates, not rate by rate."""
    rng = np.random.default_rng(5)
    rates = 200 * rng.gamma(16, 1 / 16, 40_000)
    served = service_level(rates, 180, 11, 25, 120)
    gone = abandonment(rates, 180, 11, 120)
    drawn = (rates * served).sum() / (rates * (1 - gone)).sum()
    mixed = service_level(200, 180, 11, 25, 120, 0.25, abandoned="left_out")
    assert mixed == pytest.approx(drawn, abs=3e-3)


@pytest.mark.parametrize("way", WAYS)
def test_the_smallest_number_is_enough_and_one_less_is_not(way: Abandoned) -> None:
    rng = np.random.default_rng(8)
    rate, handling = rng.uniform(1, 600, 400), rng.uniform(60, 900, 400)
    threshold, patience = rng.uniform(5, 600, 400), rng.uniform(20, 900, 400)
    target, cv = rng.uniform(0.3, 0.97, 400), rng.choice([0.0, 0.2], 400)
    number = required_agents(
        rate, handling, threshold, target, patience, cv, abandoned=way
    )

    def level(agents: np.ndarray) -> np.ndarray:
        return service_level(
            rate, handling, agents, threshold, patience, cv, abandoned=way
        )

    assert (level(number) >= target).all()
    assert (level(np.maximum(number - 1, 0)) < target).all()


def test_an_unknown_treatment_is_named() -> None:
    with pytest.raises(InputError, match="short_left_out"):
        service_level(200, 180, 13, 25, 180, abandoned="ignored")  # type: ignore[arg-type]
