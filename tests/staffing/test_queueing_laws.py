"""Erlang formulas by their own laws and by other routes, from tiny loads to huge ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from staffing.queueing import (
    abandonment,
    mean_wait,
    occupancy,
    required_agents,
    service_level,
    wait_probability,
)
from staffing.queueing.kernels import more_agents

LOADS = [0.001, 0.05, 1.0, 7.5, 120.0, 3_000.0, 100_000.0]
HANDLING_S = 200.0


def per_hour(load: float) -> float:
    return load * 3600 / HANDLING_S


def blocking(load: float, agents: int) -> float:
    """Erlang B by its sum: 1 / B = 1 + n / a + n (n - 1) / a^2 + ..."""
    return float(1 / (1 + np.cumprod(np.arange(agents, 0, -1) / load).sum()))


def level_by_integral(
    load: float, agents: int, threshold_s: float, patience_s: float
) -> float:
    """Erlang A's level: the virtual wait's density, g(x), summed by another quadrature.

    Contacts that find everybody busy meet density B / (1 + B G) g(x), with B Erlang B for
    one agent less times the arrival rate, and G the whole of g; who still waits is served.
    """
    arrival, capacity = load / HANDLING_S, agents / HANDLING_S

    def exponent(x: float) -> float:
        gone = -np.expm1(-x / patience_s) * patience_s
        return float(arrival * gone - capacity * x)

    top = patience_s * np.log(max(arrival / capacity, 1.0))
    highest = exponent(top)
    far = top + 9 * patience_s + 45 / capacity

    def whole(x: float) -> float:
        return float(np.exp(exponent(x) - highest))

    def served(x: float) -> float:
        return whole(x) * float(np.exp(-x / patience_s))

    parts = np.unique(np.clip([0, top / 2, top, top + 9 * patience_s, far], 0, far))
    mass = sum(integrate.quad(whole, a, b, limit=400)[0] for a, b in _pairs(parts))
    until = np.unique(np.clip([*parts, threshold_s], 0, threshold_s))
    done = sum(integrate.quad(served, a, b, limit=400)[0] for a, b in _pairs(until))
    queued = arrival * blocking(load, agents - 1)
    scale = np.exp(-highest)
    return float((scale + queued * done) / (scale + queued * mass))


def _pairs(edges: np.ndarray) -> list[tuple[float, float]]:
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


@pytest.mark.parametrize("load", LOADS)
def test_blocking_by_recursion_is_its_sum(load: float) -> None:
    for agents in {1, 2, round(load) + 1, round(load + 2 * np.sqrt(load)) + 1}:
        exact = blocking(load, agents)
        assert more_agents(1.0, load, 0, agents) == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("threshold_s", [1.0, 25.0, 3600.0])
def test_without_patience_the_level_follows_from_blocking(
    load: float, threshold_s: float
) -> None:
    for agents in {int(load) + 1, round(load + np.sqrt(load)) + 1}:
        blocked = blocking(load, agents)
        waits = agents * blocked / (agents - load * (1 - blocked))
        found = wait_probability(per_hour(load), HANDLING_S, agents)
        assert found == pytest.approx(waits, abs=1e-9)
        level = service_level(per_hour(load), HANDLING_S, agents, threshold_s)
        late = waits * np.exp(-(agents - load) / HANDLING_S * threshold_s)
        assert level == pytest.approx(1 - late, abs=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    load=st.floats(0.05, 150),
    spare=st.floats(-2, 3),
    threshold_s=st.floats(1, 3600),
    patience_s=st.floats(10, 1500),
)
def test_with_patience_the_level_agrees_with_another_quadrature(
    load: float, spare: float, threshold_s: float, patience_s: float
) -> None:
    agents = max(1, round(load + spare * np.sqrt(load)))
    level = service_level(per_hour(load), HANDLING_S, agents, threshold_s, patience_s)
    exact = level_by_integral(load, agents, threshold_s, patience_s)
    assert level == pytest.approx(exact, abs=1e-8)


@pytest.mark.parametrize(
    ("beta", "exact"),
    [(0.5, 0.5045386410), (1.0, 0.2233612748), (2.0, 0.0268813624)],
)
def test_large_systems_tend_to_halfin_and_whitt(beta: float, exact: float) -> None:
    """The distance falls as a series in 1/sqrt(n): extrapolated, ten digits are left."""
    agents = 100.0 * 4.0 ** np.arange(7)
    waits = wait_probability(agents - beta * np.sqrt(agents), 3600, agents)
    for power in range(1, 7):
        waits = (2**power * waits[1:] - waits[:-1]) / (2**power - 1)
    assert waits[0] == pytest.approx(exact, abs=6e-11)
    normal = stats.norm
    closed = 1 / (1 + beta * normal.cdf(beta) / normal.pdf(beta))
    assert closed == pytest.approx(exact, abs=6e-11)


@settings(max_examples=50, deadline=None)
@given(
    load=st.floats(0.001, 2000),
    spare=st.floats(-3, 5),
    patience_s=st.floats(5, 5000),
)
def test_who_gives_up_is_the_queue_by_patience_and_arrivals(
    load: float, spare: float, patience_s: float
) -> None:
    """The queue loses one per patience and person: P(give up) = queue / (patience rate)."""
    agents = max(1, round(load + spare * np.sqrt(load)))
    given = per_hour(load), HANDLING_S, agents, patience_s
    rate = per_hour(load) / 3600
    queue = mean_wait(*given) * rate
    assert abandonment(*given) == pytest.approx(queue / (patience_s * rate), abs=1e-12)
    assert occupancy(*given) * agents + abandonment(*given) * load == pytest.approx(
        load
    )


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("threshold_s", [1.0, 25.0, 3600.0])
@pytest.mark.parametrize("patience_s", [20.0, 300.0, 1e6, np.inf])
def test_sizes_are_minimal_from_tiny_loads_to_huge_ones(
    load: float, threshold_s: float, patience_s: float
) -> None:
    rest = threshold_s, patience_s
    size = int(
        required_agents(per_hour(load), HANDLING_S, threshold_s, 0.8, patience_s)
    )
    level = service_level(per_hour(load), HANDLING_S, [size - 1, size], *rest)
    assert level[0] < 0.8 <= level[1]


@pytest.mark.parametrize("load", LOADS)
def test_measures_stay_within_their_bounds_in_overload(load: float) -> None:
    agents = np.unique(np.maximum(1, load * np.array([0.01, 0.5, 0.9, 1.0])).round())
    given = per_hour(load), HANDLING_S, agents, 300.0
    lost, waits = abandonment(*given), wait_probability(*given)
    assert (lost >= np.maximum(1 - agents / load, 0) - 1e-9).all()
    assert ((waits >= 0) & (waits <= 1 + 1e-12)).all()
    assert (mean_wait(*given) <= 300).all()
    assert ((occupancy(*given) >= 0) & (occupancy(*given) <= 1)).all()
