"""Simulate several queues that share groups of agents with different skills."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.errors import InputError
from staffing.simulation.engine import at_least_one, checked_rows
from staffing.simulation.network_parts import (
    Again,
    CallBack,
    Group,
    NotReady,
    Planned,
    Queue,
)
from staffing.simulation.outcomes import Floats, Simulation

__all__ = [
    "Again",
    "CallBack",
    "Group",
    "NetworkResult",
    "NotReady",
    "Planned",
    "Queue",
    "simulate_network",
]


@dataclass(frozen=True)
class NetworkResult:
    """What came of each queue and group.

    `called_back` are contacts of a queue told to be called back, and `busy_s` seconds of
    a group on contacts, both replications x slots; `occupancy` is the share of a group's
    time spent on contacts.
    """

    queues: dict[str, Simulation]
    called_back: dict[str, Floats]
    busy_s: dict[str, Floats]
    occupancy: dict[str, float]


def simulate_network(
    queues: Sequence[Queue],
    groups: Sequence[Group],
    *,
    slot_s: float,
    replications: int,
    seed: int,
    exact: bool = False,
) -> NetworkResult:
    """Simulate queues over the same slots, which begin empty.

    A contact goes to the first free group of those that serve its queue, those with the
    fewest queues first; a free agent takes the queue of the lowest rank. `exact` takes
    `arrivals` as known counts. Runs of one seed that differ in staff alone meet the same
    contacts. In the queues' results the occupancy is over all who could serve them.

    Raises:
        InputError: names are unknown or come twice, lengths differ, numbers are out of
            range, or a queue is served by nobody.
    """
    from staffing.simulation.network_demand import comers_of
    from staffing.simulation.network_running import live_networks
    from staffing.simulation.network_staff import floor_of

    _check_names(queues, groups)
    runs = at_least_one(replications)
    if not 0 < slot_s < np.inf:
        raise InputError(f"expected slots of more than 0 s, came {slot_s:g}")
    comers = comers_of(queues, runs, float(slot_s), exact)
    slots = comers.slots.shape[1]
    staff = [
        checked_rows(f"agents of group '{group.name}'", group.agents, runs, slots)
        for group in groups
    ]
    floor = floor_of(queues, groups, staff, comers, float(slot_s))
    seeds = np.random.SeedSequence(seed).generate_state(runs)
    return _result(queues, groups, staff, live_networks(seeds, comers, floor), slot_s)


def _check_names(queues: Sequence[Queue], groups: Sequence[Group]) -> None:
    names = [queue.name for queue in queues]
    if not names or len(set(names)) < len(names):
        raise InputError(f"expected queues with names of their own, came {names}")
    served = {name for group in groups for name in group.serves}
    next_ones = [part for q in queues for part in (q.again, q.call_back) if part]
    for name in sorted((served | {part.queue for part in next_ones}) - set(names)):
        raise InputError(
            f"expected one of the queues {', '.join(names)}, came '{name}'"
        )
    for queue in queues:
        if queue.name not in served:
            raise InputError(
                f"expected a group that serves queue '{queue.name}', found none"
            )
        if queue.call_back and queue.call_back.queue == queue.name:
            raise InputError(
                f"expected queue '{queue.name}' to call back from another queue"
            )
    teams = [group.name for group in groups]
    if len(set(teams)) < len(teams):
        raise InputError(f"expected groups with names of their own, came {teams}")


def _result(
    queues: Sequence[Queue],
    groups: Sequence[Group],
    staff: Sequence[Floats],
    lived: tuple[Floats, Floats],
    slot_s: float,
) -> NetworkResult:
    """Counts and work, in slots, as simulations of queues, in seconds."""
    counts, work = lived[0], lived[1] * slot_s
    counts[..., -3:-1] *= slot_s
    present = [np.broadcast_to(rows * slot_s, work[:, 0].shape) for rows in staff]
    results, called = {}, {}
    for q, queue in enumerate(queues):
        able = [
            p for p, g in zip(present, groups, strict=True) if queue.name in g.serves
        ]
        results[queue.name] = Simulation.of_counts(
            counts[:, q, :, :-1], np.sum(able, axis=0)
        )
        called[queue.name] = counts[:, q, :, -1]
    busy = {group.name: work[:, g] for g, group in enumerate(groups)}
    shares = {
        group.name: float(work[:, g].sum() / max(present[g].sum(), 1e-9))
        for g, group in enumerate(groups)
    }
    return NetworkResult(results, called, busy, shares)
