"""How far long runs lie from exact M/M/n and M/M/n+M queues, in standard errors."""

from dataclasses import fields

import numpy as np

from staffing.queueing import abandonment, mean_wait, occupancy, service_level
from staffing.simulation import (
    Estimate,
    Group,
    Queue,
    Simulation,
    simulate,
    simulate_network,
)

HANDLING_S, SLOT_S, THRESHOLD_S = 180.0, 900.0, 25.0
FILLING, SLOTS, RUNS = 60, 1200, 60
T95 = 2.001
"""Student's t of the 95% interval for 60 replications."""
Case = tuple[float, int, float | None]
CASES: dict[str, list[Case]] = {
    "M/M/n": [
        (0.3, 1, None),
        (0.7, 1, None),
        (3.5, 5, None),
        (10, 12, None),
        (26, 30, None),
    ],
    "M/M/n+M": [
        (0.5, 1, 60.0),
        (3.5, 3, 120.0),
        (10, 10, 60.0),
        (20, 16, 120.0),
        (30, 32, 300.0),
    ],
}


def measure() -> dict[str, object]:
    """Per model and engine: how many measures, the furthest, and how many beyond 2."""
    found: dict[str, object] = {}
    for model, cases in CASES.items():
        for engine in (_one_queue, _network):
            away = [z for case in cases for z in _away(engine(*case), *case)]
            found[f"{model} {engine.__name__.strip('_')}"] = {
                "measures": len(away),
                "furthest": round(max(away), 2),
                "beyond_2": sum(z > 2 for z in away),
            }
    return found


def _one_queue(load: float, agents: int, patience: float | None) -> Simulation:
    counts = np.full(FILLING + SLOTS, load * SLOT_S / HANDLING_S)
    return simulate(
        counts,
        np.full(counts.size, agents),
        HANDLING_S,
        patience,
        slot_s=SLOT_S,
        threshold_s=THRESHOLD_S,
        replications=RUNS,
        seed=11,
    )


def _network(load: float, agents: int, patience: float | None) -> Simulation:
    counts = np.full(FILLING + SLOTS, load * SLOT_S / HANDLING_S)
    found = simulate_network(
        [Queue("calls", counts, HANDLING_S, THRESHOLD_S, patience)],
        [Group("all", np.full(counts.size, agents), {"calls": 0})],
        slot_s=SLOT_S,
        replications=RUNS,
        seed=12,
    )
    return found.queues["calls"]


def _away(
    run: Simulation, load: float, agents: int, patience: float | None
) -> list[float]:
    """Standard errors between estimates and exact values."""
    rate, stays = load * 3600 / HANDLING_S, patience or np.inf
    steady = Simulation(*(getattr(run, f.name)[:, FILLING:] for f in fields(run)))
    overall = steady.overall
    base = rate, HANDLING_S, agents
    pairs: list[tuple[Estimate, object]] = [
        (overall.within_share, service_level(*base, THRESHOLD_S, stays)),
        (overall.mean_wait_s, mean_wait(*base, stays)),
        (overall.occupancy, occupancy(*base, stays)),
    ]
    if patience:
        pairs.append((overall.abandoned_share, abandonment(*base, stays)))
    return [
        abs(told.mean - float(np.asarray(exact))) / ((told.high - told.low) / 2 / T95)
        for told, exact in pairs
    ]
