"""Contacts a second on one core: one queue, six queues, and ciw on the same one queue."""

import time
from collections.abc import Callable

import ciw
import numpy as np

from staffing.simulation import NetworkResult, Simulation
from tests.benches.simulation import town

SLOTS, SEEDS = 36, range(1, 31)
PER_SLOT, AGENTS = 40.0, 10.0
CIW_HOURS = 60


def measure() -> dict[str, object]:
    """Contacts a second of each, the best of the repeats, with the contacts counted."""
    steady, people = np.full(SLOTS, PER_SLOT), np.full(SLOTS, AGENTS)
    day = town.peaked(SLOTS)
    groups = tuple(count * day for count in town.AGENTS)
    one = _best(lambda seed: town.one_queue(steady, people, 200, seed))
    six = _best(lambda seed: town.six_queues(195 * day, groups, 30, seed))
    peer = _ciw()
    ahead = one["contacts_per_core_second"] / peer["contacts_per_core_second"]
    return {
        "one_queue": one,
        "six_queues_four_groups": six,
        "ciw_one_queue": peer,
        "times_ciw": round(ahead),
    }


def _best(run: Callable[[int], Simulation | NetworkResult]) -> dict[str, float]:
    run(0)
    return _fastest([_timed(lambda seed: town.came(run(seed)), seed) for seed in SEEDS])


def _timed(work: Callable[[int], float], seed: int) -> tuple[float, float, float]:
    """Contacts of a run, seconds by the clock and seconds of a core."""
    started, began = time.perf_counter(), time.process_time()
    contacts = work(seed)
    return contacts, time.perf_counter() - started, time.process_time() - began


def _fastest(runs: list[tuple[float, float, float]]) -> dict[str, float]:
    """By the clock, and by the seconds of a core, which other work disturbs less."""
    return {
        "contacts_per_second": round(max(count / clock for count, clock, _ in runs)),
        "contacts_per_core_second": round(max(count / core for count, _, core in runs)),
        "contacts": round(sum(count for count, _, _ in runs)),
    }


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

    def lived(seed: int) -> float:
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(CIW_HOURS * 3600.0)
        return float(len(simulation.get_all_records()))

    return _fastest([_timed(lived, seed) for seed in SEEDS[:5]])
