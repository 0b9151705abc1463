"""Erlang formulas beside other people's code: ciw's simulation, pyworkforce's Erlang C."""

import ciw
import numpy as np
import pytest
from pyworkforce.queuing import ErlangC

from staffing.queueing import (
    abandonment,
    mean_wait,
    required_agents,
    service_level,
    wait_probability,
)

BATCHES, WARM_UP = 23, 3
THRESHOLD_S = 25.0


def ciw_batches(
    load: float, handling_s: float, agents: int, patience_s: float | None
) -> np.ndarray:
    """Share in time, share that gave up and mean wait in batches of 1,000 contacts."""
    patience = [ciw.dists.Exponential(1 / patience_s)] if patience_s else None
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(load / handling_s)],
        service_distributions=[ciw.dists.Exponential(1 / handling_s)],
        number_of_servers=[agents],
        reneging_time_distributions=patience,
    )
    ciw.seed(4)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(1000 * (BATCHES + 2), method="Arrive")
    records = sorted(simulation.get_all_records(), key=lambda r: r.arrival_date)
    records = records[1000 * WARM_UP : 1000 * BATCHES]
    gone = np.array([record.record_type == "renege" for record in records])
    waits = np.array([record.waiting_time for record in records])
    told = np.array([~gone & (waits <= THRESHOLD_S), gone, waits])
    batches: np.ndarray = told.reshape(3, BATCHES - WARM_UP, 1000).mean(axis=2)
    return batches


@pytest.mark.parametrize(
    ("load", "handling_s", "agents", "patience_s"),
    [(4.0, 180.0, 5, 120.0), (12.0, 240.0, 12, 180.0), (6.0, 200.0, 8, None)],
)
def test_formulas_agree_with_a_simulation_by_ciw(
    load: float, handling_s: float, agents: int, patience_s: float | None
) -> None:
    batches = ciw_batches(load, handling_s, agents, patience_s)
    rate, patience = load * 3600 / handling_s, patience_s or np.inf
    exact = [
        service_level(rate, handling_s, agents, THRESHOLD_S, patience),
        abandonment(rate, handling_s, agents, patience),
        mean_wait(rate, handling_s, agents, patience),
    ]
    error = batches.std(axis=1, ddof=1) / np.sqrt(batches.shape[1])
    distance = np.abs(batches.mean(axis=1) - np.ravel(exact))
    assert (distance <= 3 * error + 1e-12).all()


def erlang_c_cases() -> list[tuple[float, float, float]]:
    """Load in Erlang, handling time and threshold in seconds."""
    rng = np.random.default_rng(8)
    loads = np.exp(rng.uniform(np.log(0.25), np.log(150), 200))
    handling, threshold = rng.uniform(60, 900, 200), rng.uniform(5, 1200, 200)
    return [
        (float(a), float(h), float(t))
        for a, h, t in zip(loads, handling, threshold, strict=True)
    ]


def theirs(load: float, handling_s: float, threshold_s: float) -> ErlangC:
    """In minutes: contacts of an hour, handling time, threshold."""
    return ErlangC(
        transactions=load * 3600 / handling_s,
        aht=handling_s / 60,
        asa=threshold_s / 60,
        interval=60,
    )


def test_erlang_c_agrees_with_pyworkforce_where_the_queue_is_stable() -> None:
    for load, handling_s, threshold_s in erlang_c_cases():
        other, rate = theirs(load, handling_s, threshold_s), load * 3600 / handling_s
        for agents in (int(load) + 1, int(load) + 2, int(1.2 * load) + 3):
            waits = wait_probability(rate, handling_s, agents)
            level = service_level(rate, handling_s, agents, threshold_s)
            assert waits == pytest.approx(other.waiting_probability(agents), abs=1e-9)
            assert level == pytest.approx(other.service_level(agents), abs=1e-9)


def test_required_agents_agree_with_pyworkforce_but_for_where_its_search_begins() -> (
    None
):
    """It begins at round(load + 1) and never looks below, however few are enough."""
    fewer = 0
    for load, handling_s, threshold_s in erlang_c_cases():
        other = theirs(load, handling_s, threshold_s).required_positions(0.8)
        ours = required_agents(load * 3600 / handling_s, handling_s, threshold_s, 0.8)
        assert other["raw_positions"] == max(int(ours), round(load + 1))
        fewer += int(ours) < other["raw_positions"]
    assert fewer > 5
