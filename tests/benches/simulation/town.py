"""The queues that are simulated: one, and six that share four groups of agents."""

import numpy as np
from numpy.typing import NDArray

from staffing.simulation import (
    Distribution,
    Group,
    NetworkResult,
    Queue,
    Simulation,
    simulate,
    simulate_network,
)

Floats = NDArray[np.float64]

SLOT_S, THRESHOLD_S, PATIENCE_S = 900.0, 25.0, 150.0
HANDLING = Distribution(200.0, 1.2)
NAMES = ("passport", "licence", "move", "birth", "phone", "chat")
GROUPS = {
    "front": {"passport": 0, "licence": 0},
    "desk": {"licence": 1, "move": 0, "birth": 1},
    "back": {"birth": 0, "phone": 0},
    "all-round": {"phone": 1, "chat": 0, "passport": 2},
}
AGENTS = (10.0, 10.0, 14.0, 17.0)


def peaked(slots: int) -> Floats:
    """A day that is busiest halfway: factors of mean 1."""
    hump = 0.6 + np.sin(np.linspace(0, np.pi, slots))
    day: Floats = hump / hump.mean()
    return day


def one_queue(arrivals: Floats, agents: Floats, runs: int, seed: int) -> Simulation:
    """One queue with lognormal handling and exponential patience."""
    return simulate(
        arrivals,
        agents,
        HANDLING,
        PATIENCE_S,
        slot_s=SLOT_S,
        threshold_s=THRESHOLD_S,
        replications=runs,
        seed=seed,
    )


def six_queues(
    arrivals: Floats, agents: tuple[Floats, ...], runs: int, seed: int
) -> NetworkResult:
    """Six queues of growing volume; nobody leaves the third and the sixth."""
    queues = [
        Queue(
            name,
            (20 + 5 * place) / 195 * arrivals,
            Distribution(200.0 + 30 * place, 1.2),
            THRESHOLD_S,
            None if place % 3 == 2 else PATIENCE_S,
        )
        for place, name in enumerate(NAMES)
    ]
    groups = [
        Group(name, people, serves)
        for (name, serves), people in zip(GROUPS.items(), agents, strict=True)
    ]
    return simulate_network(queues, groups, slot_s=SLOT_S, replications=runs, seed=seed)


def came(found: Simulation | NetworkResult) -> float:
    """Contacts offered in all replications."""
    parts = [found] if isinstance(found, Simulation) else list(found.queues.values())
    return float(sum(part.offered.sum() for part in parts))
