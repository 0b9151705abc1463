"""Contacts a second on one core: one queue, six queues, and ciw on the same one queue."""

import time
from collections.abc import Callable

import ciw
import numpy as np

from staffing.simulation import NetworkResult, Simulation
from tests.benches.simulation import town

SLOTS, REPEATS = 36, 15
PER_SLOT, AGENTS = 40.0, 10.0
CIW_HOURS = 60


def measure() -> dict[str, object]:
    """Contacts a second of each, the best of the repeats, with the contacts counted."""
    steady, people = np.full(SLOTS, PER_SLOT), np.full(SLOTS, AGENTS)
    day = town.peaked(SLOTS)
    groups = tuple(count * day for count in town.AGENTS)
    one = _best(lambda seed: town.one_queue(steady, people, 500, seed))
    six = _best(lambda seed: town.six_queues(195 * day, groups, 60, seed))
    peer = _ciw()
    return {
        "one_queue": one,
        "six_queues_four_groups": six,
        "ciw_one_queue": peer,
        "times_ciw": round(one["contacts_per_second"] / peer["contacts_per_second"]),
    }


def _best(run: Callable[[int], Simulation | NetworkResult]) -> dict[str, float]:
    run(0)
    rates, contacts = [], 0.0
    for seed in range(1, REPEATS + 1):
        started = time.perf_counter()
        found = run(seed)
        seconds = time.perf_counter() - started
        rates.append(town.came(found) / seconds)
        contacts += town.came(found)
    return {"contacts_per_second": round(max(rates)), "contacts": round(contacts)}


def _ciw() -> dict[str, float]:
    """The same arrivals, handling, patience and people."""
    sigma = float(np.sqrt(np.log1p(town.HANDLING.cv**2)))
    middle = float(np.log(town.HANDLING.mean)) - sigma**2 / 2
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_SLOT / town.SLOT_S)],
        service_distributions=[ciw.dists.Lognormal(middle, sigma)],
        number_of_servers=[int(AGENTS)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / town.PATIENCE_S)],
    )
    rates, contacts = [], 0
    for seed in range(3):
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        started = time.perf_counter()
        simulation.simulate_until_max_time(CIW_HOURS * 3600.0)
        seconds = time.perf_counter() - started
        done = len(simulation.get_all_records())
        rates.append(done / seconds)
        contacts += done
    return {"contacts_per_second": round(max(rates)), "contacts": contacts}
