"""Other people's code on the same cases: pyworkforce's Erlang C, ciw's simulation."""

import ciw
import numpy as np
from pyworkforce.queuing import ErlangC

HANDLING_S = 180.0
THRESHOLD_S = 25.0
TARGET = 0.8
PATIENCE_S = 180.0


def sized_by_pyworkforce(loads: np.ndarray) -> list[int]:
    """Required agents by Erlang C, one load at a time, as its interface has it."""
    return [
        int(_of(load).required_positions(TARGET)["raw_positions"])
        for load in loads.tolist()
    ]


def levels_by_pyworkforce(loads: np.ndarray, agents: np.ndarray) -> np.ndarray:
    """Erlang C's share in time."""
    pairs = zip(loads.tolist(), agents.tolist(), strict=True)
    return np.array([_of(load).service_level(people) for load, people in pairs])


def _of(load: float) -> ErlangC:
    return ErlangC(
        transactions=load * 3600 / HANDLING_S,
        aht=HANDLING_S / 60,
        asa=THRESHOLD_S / 60,
        interval=60,
    )


def level_by_ciw(load: float, agents: int, contacts: int, seed: int) -> float:
    """Erlang A's share in time by simulating so many contacts."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(load / HANDLING_S)],
        service_distributions=[ciw.dists.Exponential(1 / HANDLING_S)],
        number_of_servers=[agents],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(contacts, method="Arrive")
    records = simulation.get_all_records()
    served = [r.record_type == "service" for r in records]
    waits = [r.waiting_time for r in records]
    return float(np.mean(np.array(served) & (np.array(waits) <= THRESHOLD_S)))


def sized_by_ciw(load: float, guess: int, contacts: int) -> int:
    """The smallest of three numbers about a guess whose simulated share is enough."""
    for people in range(max(1, guess - 1), guess + 1):
        if level_by_ciw(load, people, contacts, seed=0) >= TARGET:
            return people
    return guess + 1
