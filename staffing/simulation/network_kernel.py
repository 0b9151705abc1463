"""The event simulation of several queues that share groups of agents, compiled.

Contacts of a queue are taken first come first served. A contact goes to the first group
of its queue's order that has a free agent; an agent who becomes free takes from the
queues of the group the one of lowest rank and, of equal ranks, whose first contact came
earliest. Nobody is interrupted, and an agent works on one contact at a time. Who leaves
a queue may come back: to the same one (a redial) or to another (a callback).

Every contact's handling time and patience is drawn before the first event, so that runs
that differ in staff alone meet the same contacts: common random numbers. What comes
again is drawn after that.
"""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import inlined
from staffing.simulation.comers import (
    AT,
    LASTS,
    NEXT,
    QUEUE,
    STAYS,
    WAITING,
    Comers,
    fill_contact,
)
from staffing.simulation.heaps import Agenda, push_event
from staffing.simulation.kernels import (
    ABANDONED,
    ANSWERED,
    BUSY,
    OFFERED,
    WAITED,
    WITHIN,
    book_time,
)

ENDS, GIVES_UP, RETURNS = range(3)
KINDS = 3
CANNOT = 1_000_000
"""The rank of a queue that a group does not serve."""


class Rules(NamedTuple):
    """Who serves whom, when, and what counts.

    `rank` (groups x queues), `order` (queues x groups, -1 ends it), `stairs_*` the moments
    at which a group's number of agents changes, `stairs_closing` whether who waits then
    is still served, `allowed_s` (queues x slots) the wait that is in time, `finishes`
    (queues) whether who waits at closing is served by those who were there, and
    `again_*` where who leaves goes, with what chance and after how long.
    """

    slot_s: float
    rank: np.ndarray
    order: np.ndarray
    stairs_at: np.ndarray
    stairs_group: np.ndarray
    stairs_level: np.ndarray
    stairs_closing: np.ndarray
    allowed_s: np.ndarray
    finishes: np.ndarray
    again_queue: np.ndarray
    again_share: np.ndarray
    again_after_s: np.ndarray


class Floor(NamedTuple):
    """The state of a replication: the contacts, who is there, busy and waiting."""

    contacts: np.ndarray
    agenda: Agenda
    level: np.ndarray
    late: np.ndarray
    busy: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    work: np.ndarray


@inlined
def _room(floor: Floor, rules: Rules, group: int, queue: int) -> bool:
    """Whether a group has a free agent for a queue; after closing only to finish it."""
    present = floor.level[group]
    if present == 0 and rules.finishes[queue]:
        present = floor.late[group]
    return bool(floor.busy[group] < present)


@inlined
def _stand(floor: Floor, row: int, queue: int) -> None:
    contacts = floor.contacts
    contacts[row, WAITING] = 1
    if floor.head[queue] < 0:
        floor.head[queue] = row
    else:
        contacts[floor.tail[queue], NEXT] = row
    floor.tail[queue] = row


@inlined
def _first_waiting(floor: Floor, queue: int) -> int:
    """The first who still waits in a queue; -1 for nobody."""
    contacts = floor.contacts
    row = floor.head[queue]
    while row >= 0 and contacts[row, WAITING] == 0:
        row = int(contacts[row, NEXT])
    floor.head[queue] = row
    return int(row)


@inlined
def _next_for(floor: Floor, rules: Rules, group: int) -> int:
    """The contact that a free agent of a group takes; -1 for nobody."""
    chosen, best, since = -1, CANNOT, np.inf
    for queue in range(rules.rank.shape[1]):
        rank = rules.rank[group, queue]
        if rank > best or rank == CANNOT or floor.head[queue] < 0:
            continue
        if not _room(floor, rules, group, queue):
            continue
        row = _first_waiting(floor, queue)
        if row >= 0 and (rank < best or floor.contacts[row, AT] < since):
            chosen, best, since = row, rank, floor.contacts[row, AT]
    return chosen


@inlined
def _start(
    floor: Floor, rules: Rules, counts: np.ndarray, row: int, group: int, now: float
) -> None:
    contact = floor.contacts[row]
    queue, slot = int(contact[QUEUE]), slot_of(contact[AT], rules)
    contact[WAITING] = 0
    floor.busy[group] += 1
    end = now + contact[LASTS]
    push_event(floor.agenda, end, ENDS + KINDS * group)
    book_time(counts[queue, :, BUSY], now, end, rules.slot_s)
    book_time(floor.work[group], now, end, rules.slot_s)
    wait = now - contact[AT]
    counts[queue, slot, ANSWERED] += 1
    counts[queue, slot, WAITED] += wait
    counts[queue, slot, WITHIN] += wait <= rules.allowed_s[queue, slot]


@inlined
def slot_of(at: float, rules: Rules) -> int:
    """The slot of a moment; the last one for whatever comes later."""
    last: int = rules.allowed_s.shape[1] - 1
    return min(int(at // rules.slot_s), last)


@inlined
def arrive(
    floor: Floor, rules: Rules, counts: np.ndarray, row: int, now: float
) -> None:
    """Someone comes: to a free agent, or to stand in line."""
    queue = int(floor.contacts[row, QUEUE])
    counts[queue, slot_of(now, rules), OFFERED] += 1
    for place in range(rules.order.shape[1]):
        group = rules.order[queue, place]
        if group < 0:
            break
        if _room(floor, rules, group, queue):
            _start(floor, rules, counts, row, group, now)
            return
    _stand(floor, row, queue)
    stays = floor.contacts[row, STAYS]
    if stays < np.inf:
        push_event(floor.agenda, now + stays, GIVES_UP + KINDS * row)


@inlined
def serve(
    floor: Floor, rules: Rules, counts: np.ndarray, group: int, now: float
) -> None:
    """The agents of a group that are free take who waits."""
    row = _next_for(floor, rules, group)
    while row >= 0:
        _start(floor, rules, counts, row, group, now)
        row = _next_for(floor, rules, group)


@inlined
def step(floor: Floor, rules: Rules, counts: np.ndarray, stair: int) -> None:
    """A group's number of agents changes; whom it can take now, it takes."""
    group, now = rules.stairs_group[stair], rules.stairs_at[stair]
    before = max(floor.level[group], floor.late[group])
    floor.late[group] = before if rules.stairs_closing[stair] else 0
    floor.level[group] = rules.stairs_level[stair]
    serve(floor, rules, counts, group, now)


@inlined
def give_up(
    floor: Floor,
    rules: Rules,
    comers: Comers,
    counts: np.ndarray,
    row: int,
    fresh: int,
    now: float,
) -> int:
    """Someone hangs up, and may come again as the contact `fresh`; the next free one."""
    contact = floor.contacts[row]
    queue = int(contact[QUEUE])
    slot = slot_of(contact[AT], rules)
    contact[WAITING] = 0
    counts[queue, slot, ABANDONED] += 1
    counts[queue, slot, WAITED] += contact[STAYS]
    if np.random.random() >= rules.again_share[queue]:
        return fresh
    at = now + rules.again_after_s[queue] * np.random.exponential(1.0)
    if at >= rules.allowed_s.shape[1] * rules.slot_s:
        return fresh
    again = rules.again_queue[queue]
    fill_contact(floor.contacts, fresh, at, again, comers, rules.slot_s)
    push_event(floor.agenda, at, RETURNS + KINDS * fresh)
    return fresh + 1
