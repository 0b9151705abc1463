"""Simulate several queues that share groups of agents with different skills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.errors import InputError
from staffing.simulation.comers import Comers, Laws
from staffing.simulation.distributions import Distribution
from staffing.simulation.engine import (
    at_least_one,
    checked_counts,
    checked_rows,
    drawn,
    given_distribution,
    staircase,
)
from staffing.simulation.network_kernel import CANNOT, Rules
from staffing.simulation.outcomes import Floats, Simulation


@dataclass(frozen=True)
class Planned:
    """Visits by appointment: when, with what chance they come, how early or late.

    `at_s` are seconds from the first slot, `sd_s` the spread of the moment of coming.
    """

    at_s: ArrayLike = ()
    no_show: float = 0.0
    sd_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.no_show <= 1 or not 0 <= self.sd_s < np.inf:
            raise InputError(
                "expected a no-show of 0 to 1 and a spread of at least 0 s, "
                f"came {self.no_show:g} and {self.sd_s:g}"
            )


@dataclass(frozen=True)
class Again:
    """Who leaves without an answer comes again to `queue`, with a chance, after a while."""

    queue: str
    share: float
    after_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1 or not 0 <= self.after_s < np.inf:
            raise InputError(
                "expected a share from 0 to under 1 that comes again after at least "
                f"0 s, came {self.share:g} and {self.after_s:g}"
            )


@dataclass(frozen=True)
class Queue:
    """One queue: who comes, for how long, who leaves, and what is in time.

    Args:
        name: what groups call it.
        arrivals: expected contacts at random per slot.
        handling_time: mean seconds (exponential) or a distribution.
        threshold_s: the wait that is in time: one, or one per slot of arrival.
        patience: mean seconds (exponential), a distribution, or nobody leaves.
        wrap_up: work after each contact, in which the agent is busy and no one waits.
        handling_factor: scales the handling time of contacts that come in a slot.
        arrival_cv: spread of one gamma factor on a replication's arrivals.
        planned: visits by appointment besides.
        finishes: whether who waits at closing is served by those who were there.
        again: where who leaves goes next.
    """

    name: str
    arrivals: ArrayLike
    handling_time: float | Distribution
    threshold_s: ArrayLike
    patience: float | Distribution | None = None
    wrap_up: float | Distribution | None = None
    handling_factor: ArrayLike = 1.0
    arrival_cv: float = 0.0
    planned: Planned = field(default_factory=Planned)
    finishes: bool = True
    again: Again | None = None


@dataclass(frozen=True)
class Group:
    """People of one skill set: how many per slot, and whom they serve first.

    `serves` gives each queue a rank: the lowest first, equal ranks by who came first.
    """

    name: str
    agents: ArrayLike
    serves: Mapping[str, int]


@dataclass(frozen=True)
class NetworkResult:
    """What came of each queue, and the share of each group's time spent on contacts."""

    queues: dict[str, Simulation]
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
    `arrivals` as known counts. In the queues' results the occupancy is over all who
    could serve them.

    Raises:
        InputError: names are unknown or come twice, lengths differ, numbers are out of
            range, or a queue is served by nobody.
    """
    from staffing.simulation.network_running import live_networks

    runs = at_least_one(replications)
    _check_names(queues, groups)
    slots = checked_rows("arrivals", queues[0].arrivals, runs).shape[1]
    seeds = np.random.SeedSequence(seed).generate_state(runs)
    staff = (
        np.array(
            [
                np.broadcast_to(
                    checked_rows(f"agents of {g.name}", g.agents, runs, slots),
                    (runs, slots),
                )
                for g in groups
            ]
        )
        * slot_s
    )
    parts = []
    for run in range(runs):
        mine = [
            replace(
                q, arrivals=_row(f"arrivals of {q.name}", q.arrivals, runs, slots, run)
            )
            for q in queues
        ]
        there = [
            replace(g, agents=staff[i, run] / slot_s) for i, g in enumerate(groups)
        ]
        comers = _comers(mine, slots, exact)
        rules = _rules(mine, there, comers, slot_s)
        parts.append(live_networks(seeds[run : run + 1], comers, rules))
    counts = np.concatenate([part[0] for part in parts])
    work = np.concatenate([part[1] for part in parts])
    able = rules.rank < CANNOT
    results = {}
    for q, queue in enumerate(queues):
        offered, answered, abandoned, within, waited, busy = np.moveaxis(
            counts[:, q], 2, 0
        )
        present = staff[able[:, q]].sum(axis=0)
        results[queue.name] = Simulation(
            offered, answered, abandoned, within, waited, busy, present
        )
    hours = np.maximum(staff.mean(axis=1).sum(axis=1), 1e-9)
    busy = work.mean(axis=0).sum(axis=1) / hours
    return NetworkResult(
        results, {g.name: float(b) for g, b in zip(groups, busy, strict=True)}
    )


def _row(
    name: str, given: ArrayLike, replications: int, slots: int, run: int
) -> Floats:
    rows = checked_rows(name, given, replications, slots)
    row: Floats = rows[min(run, rows.shape[0] - 1)]
    return row


def _check_names(queues: Sequence[Queue], groups: Sequence[Group]) -> None:
    names = [queue.name for queue in queues]
    if not names or len(set(names)) < len(names):
        raise InputError(f"expected queues with names of their own, came {names}")
    served = {name for group in groups for name in group.serves}
    again = {queue.again.queue for queue in queues if queue.again}
    for name in sorted((served | again) - set(names)):
        raise InputError(
            f"expected one of the queues {', '.join(names)}, came '{name}'"
        )
    for name in names:
        if name not in served:
            raise InputError(f"expected a group that serves queue '{name}', found none")


def _comers(queues: Sequence[Queue], slots: int, exact: bool) -> Comers:
    services = [given_distribution(queue.handling_time) for queue in queues]
    at, of, comes, spread = [], [], [], []
    for q, queue in enumerate(queues):
        times = checked_counts("planned times", queue.planned.at_s, empty=True)
        at.append(times)
        of.append(np.full(times.size, q))
        comes.append(np.full(times.size, 1 - queue.planned.no_show))
        spread.append(np.full(times.size, float(queue.planned.sd_s)))
    return Comers(
        expected=_table("arrivals", [queue.arrivals for queue in queues], slots),
        handling=_table(
            "handling_factor", [queue.handling_factor for queue in queues], slots
        ),
        rate_cv=np.array([float(queue.arrival_cv) for queue in queues]),
        exact=exact,
        planned_at=np.concatenate(at),
        planned_queue=np.concatenate(of),
        planned_comes=np.concatenate(comes),
        planned_sd=np.concatenate(spread),
        lasts=_laws(services, np.inf),
        stays=_laws([_maybe(queue.patience) for queue in queues], np.inf),
        wraps=_laws([_maybe(queue.wrap_up) for queue in queues], 0.0),
    )


def _table(name: str, given: list[ArrayLike], slots: int) -> Floats:
    return np.array([checked_counts(name, values, slots) for values in given])


def _maybe(given: float | Distribution | None) -> Distribution | None:
    return None if given is None else given_distribution(given)


def _laws(distributions: Sequence[Distribution | None], absent: float) -> Laws:
    """The laws of the queues; one that is absent always lasts `absent`."""
    parts = [drawn(distribution) for distribution in distributions]
    sizes = [part.units.size for part in parts]
    known = [distribution is not None for distribution in distributions]
    means = [part.mean if k else absent for part, k in zip(parts, known, strict=True)]
    return Laws(
        kind=np.array([part.kind for part in parts]),
        mean=np.array(means),
        sigma=np.array([part.sigma for part in parts]),
        units=np.concatenate([part.units for part in parts]),
        first=np.concatenate([[0], np.cumsum(sizes)]),
    )


def _rules(
    queues: Sequence[Queue], groups: Sequence[Group], comers: Comers, slot_s: float
) -> Rules:
    slots = comers.expected.shape[1]
    names = [queue.name for queue in queues]
    rank = np.array([[g.serves.get(name, CANNOT) for name in names] for g in groups])
    again = [queue.again for queue in queues]
    return Rules(
        slot_s=float(slot_s),
        rank=rank,
        order=_order(rank),
        **_stairs(groups, rank, comers, float(slot_s)),
        allowed_s=_table("threshold_s", [queue.threshold_s for queue in queues], slots),
        finishes=np.array([queue.finishes for queue in queues]),
        again_queue=np.array([names.index(a.queue) if a else -1 for a in again]),
        again_share=np.array([a.share if a else 0.0 for a in again]),
        again_after_s=np.array([a.after_s if a else 0.0 for a in again]),
    )


def _order(rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups per queue, those that serve the fewest queues first; -1 ends the row."""
    serves = (rank < CANNOT).sum(axis=1)
    order = np.full((rank.shape[1], rank.shape[0] + 1), -1)
    for queue in range(rank.shape[1]):
        able = np.flatnonzero(rank[:, queue] < CANNOT)
        able = able[np.lexsort((able, rank[able, queue], serves[able]))]
        order[queue, : able.size] = able
    return order


def _stairs(
    groups: Sequence[Group], rank: NDArray[np.int64], comers: Comers, slot_s: float
) -> dict[str, NDArray[np.generic]]:
    """When how many of a group are there; closing: nobody left and nobody to come."""
    slots = comers.expected.shape[1]
    some = comers.expected > 0
    some[comers.planned_queue, (comers.planned_at // slot_s).astype(int)] = True
    at, of, level, closing = [], [], [], []
    for g, group in enumerate(groups):
        staff = checked_counts(f"agents of {group.name}", group.agents, slots)
        times, levels = (rows[0] for rows in staircase(staff[None, :], slot_s))
        quiet = np.repeat(~some[rank[g] < CANNOT].any(axis=0), 2)
        times, levels = np.append(times, slots * slot_s), np.append(levels, 0)
        quiet = np.append(quiet, True)
        changes = np.diff(levels, prepend=0) != 0
        at.append(times[changes])
        level.append(levels[changes])
        closing.append((quiet & (levels == 0))[changes])
        of.append(np.full(int(changes.sum()), g))
    moment = np.concatenate(at)
    first = np.argsort(moment, kind="stable")
    return {
        "stairs_at": moment[first],
        "stairs_group": np.concatenate(of)[first],
        "stairs_level": np.concatenate(level)[first],
        "stairs_closing": np.concatenate(closing)[first],
    }
