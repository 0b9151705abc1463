"""A week of 10,000 contacts simulated 200 times, with staff of its own each time."""

import time
from collections.abc import Callable

import numpy as np

from staffing.simulation import NetworkResult, Simulation
from tests.benches.simulation import town

CONTACTS, RUNS, REPEATS = 10_000.0, 200, 5
DAYS, SLOTS_A_DAY, OPEN_FROM, OPEN_SLOTS = 7, 96, 34, 36


def measure() -> dict[str, object]:
    """Seconds for one queue and for six queues, estimates per slot included."""
    day = np.zeros(SLOTS_A_DAY)
    day[OPEN_FROM : OPEN_FROM + OPEN_SLOTS] = town.peaked(OPEN_SLOTS)
    week = np.concatenate([np.tile(day, DAYS - 2), np.zeros(2 * SLOTS_A_DAY)])
    week *= CONTACTS / week.sum()
    ill = np.random.default_rng(1).binomial(20, 0.93, (RUNS, week.size)) / 20
    people = np.where(week > 0, 17 * ill, 0)
    share = np.array(town.AGENTS) / sum(town.AGENTS)
    groups = tuple(np.where(week > 0, 24 * part * ill, 0) for part in share)
    return {
        "one_queue": _timed(lambda seed: town.one_queue(week, people, RUNS, seed)),
        "six_queues": _timed(lambda seed: town.six_queues(week, groups, RUNS, seed)),
    }


def _timed(run: Callable[[int], Simulation | NetworkResult]) -> dict[str, float]:
    """The least seconds, by the clock and of a core, and the contacts of a repeat."""
    run(0)
    clocks, cores, contacts = [], [], 0.0
    for seed in range(1, REPEATS + 1):
        started, began = time.perf_counter(), time.process_time()
        found = run(seed)
        parts = [found] if isinstance(found, Simulation) else found.queues.values()
        told = sum(part.slots.height for part in parts)
        clocks.append(time.perf_counter() - started)
        cores.append(time.process_time() - began)
        contacts = town.came(found)
        if told < SLOTS_A_DAY * DAYS:
            raise AssertionError
    return {
        "seconds": round(min(clocks), 3),
        "core_seconds": round(min(cores), 3),
        "contacts": contacts,
    }
