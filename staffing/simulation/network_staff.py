"""Who serves whom in a network, and when, as the tables its kernel reads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from staffing.simulation.comers import NOBODY, Comers
from staffing.simulation.engine import staircase
from staffing.simulation.moments import FOR, WHEN
from staffing.simulation.network_kernel import CHANCE, CLOSED, REST
from staffing.simulation.network_parts import Group, Queue
from staffing.simulation.network_running import Floor
from staffing.simulation.outcomes import Floats


def floor_of(
    queues: Sequence[Queue],
    groups: Sequence[Group],
    staff: Sequence[Floats],
    comers: Comers,
    slot_s: float,
) -> Floor:
    """Who serves whom and when; `staff` per group, rows x slots."""
    names = [queue.name for queue in queues]
    rank = np.array([[g.serves.get(n, np.inf) for n in names] for g in groups])
    people = np.zeros((len(groups), REST + 1))
    people[:, CLOSED] = NOBODY
    for g, group in enumerate(groups):
        if group.not_ready:
            people[g, CHANCE:] = group.not_ready.chance, group.not_ready.mean_s / slot_s
    together = np.stack(np.broadcast_arrays(*staff), axis=1)
    return Floor(
        people=people,
        lines=_lines(queues, slot_s),
        prefs=_prefs(rank),
        order=_order(rank),
        steps=_steps(together, _quiet(rank, comers)),
        room=int(np.ceil(together.max(axis=(0, 2))).sum()),
    )


def _lines(queues: Sequence[Queue], slot_s: float) -> Floats:
    """Each queue's line, empty, and where those go who leave it."""
    names = [queue.name for queue in queues]
    rows = [[-1.0, -1.0, float(queue.finishes)] for queue in queues]
    for row, queue in zip(rows, queues, strict=True):
        for part in (queue.again, queue.call_back):
            row += (
                [names.index(part.queue), part.share, part.after_s / slot_s]
                if part
                else [-1, 0, 0]
            )
    return np.array(rows, dtype=np.float64)


def _prefs(rank: Floats) -> Floats:
    """Per group the queues it serves and their ranks, the lowest first; -1 ends it."""
    groups, queues = rank.shape
    prefs = np.full((groups, queues + 1, 2), -1.0)
    for group in range(groups):
        able = np.flatnonzero(np.isfinite(rank[group]))
        able = able[np.argsort(rank[group, able], kind="stable")]
        prefs[group, : able.size] = np.column_stack([able, rank[group, able]])
    return prefs


def _order(rank: Floats) -> NDArray[np.int64]:
    """Groups per queue, those that serve the fewest queues first; -1 ends the row."""
    serves = np.isfinite(rank).sum(axis=1)
    order = np.full((rank.shape[1], rank.shape[0] + 1), -1)
    for queue in range(rank.shape[1]):
        able = np.flatnonzero(np.isfinite(rank[:, queue]))
        able = able[np.lexsort((able, rank[able, queue], serves[able]))]
        order[queue, : able.size] = able
    return order


def _quiet(rank: Floats, comers: Comers) -> NDArray[np.bool_]:
    """Whether nobody is to come to a group's queues in a slot: groups x slots."""
    some = comers.expected.max(axis=0) > 0
    slot = np.minimum(comers.planned[:, WHEN].astype(int), some.shape[1] - 1)
    some[comers.planned[:, FOR].astype(int), slot] = True
    return np.array([~some[np.isfinite(row)].any(axis=0) for row in rank])


def _steps(staff: Floats, quiet: NDArray[np.bool_]) -> Floats:
    """When how many of a group are there; closing: nobody left and nobody to come.

    `staff` is rows x groups x slots. Each row of the result ends at infinity.
    """
    rows, groups, slots = staff.shape
    times, levels = staircase(staff.reshape(-1, slots), 1.0)
    shape = (rows, groups, 2 * slots + 1)
    ends = np.ones((rows * groups, 1))
    at = np.hstack([times, slots * ends]).reshape(shape)
    level = np.hstack([levels, 0 * ends]).reshape(shape)
    still = np.hstack([np.repeat(quiet, 2, axis=1), np.ones((groups, 1), dtype=bool)])
    at[np.diff(level, prepend=0.0, axis=2) == 0] = np.inf
    group = np.broadcast_to(np.arange(groups)[:, None], shape)
    columns = (at, group, level, (level == 0) & still)
    table = np.stack([column.reshape(rows, -1) for column in columns], axis=2)
    table = np.pad(table, ((0, 0), (0, 1), (0, 0)), constant_values=np.inf)
    first = np.argsort(table[:, :, 0], axis=1, kind="stable")
    most = int(np.isfinite(table[:, :, 0]).sum(axis=1).max()) + 1
    first = first[:, :most, None]
    return np.take_along_axis(table, first, axis=1)
