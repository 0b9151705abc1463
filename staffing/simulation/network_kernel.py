"""What happens in a network of queues that share groups of agents, compiled.

Contacts of a queue are taken first come first served. A contact goes to the first group
of its queue's order that has a free agent; an agent who becomes free takes from the
queues of the group the one of lowest rank and, of equal ranks, whose first contact came
earliest. Nobody is interrupted, and an agent works on one contact at a time.

Tables are plain arrays: the fewer there are, the faster the calls between the parts.
"""

import math

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.simulation.comers import ALLOWED, AT, LASTS, NOBODY, PAUSE, QUEUE
from staffing.simulation.heaps import push_event
from staffing.simulation.kernels import ANSWERED, BUSY, OFFERED, WAITED, WITHIN
from staffing.simulation.lines import (
    ENDS,
    FINISHES,
    KINDS,
    first_waiting,
    slot_of,
    stand,
    unlink,
)

LEVEL, LATE, CLOSED, AT_WORK, CHANCE, REST = range(6)
"""A group: how many are there; how many stay for who came before closing, and when that
was; how many are at work; the chance and mean length of a pause after a contact."""
SERVED, RANK = range(2)


@stepping
def _has_agent(
    people: np.ndarray, group: int, contacts: np.ndarray, row: int, finishes: float
) -> bool:
    """Whether a group has an agent for someone; after closing only who came before."""
    if people[group, LEVEL] > 0:
        return bool(people[group, AT_WORK] < people[group, LEVEL])
    if finishes == 0 or contacts[row, AT] > people[group, CLOSED]:
        return False
    return bool(people[group, AT_WORK] < people[group, LATE])


@stepping
def _next_for(
    group: int,
    now: float,
    contacts: np.ndarray,
    people: np.ndarray,
    lines: np.ndarray,
    prefs: np.ndarray,
    counts: np.ndarray,
) -> int:
    """The contact that a free agent of a group takes; -1 for nobody."""
    chosen, best, since = NOBODY, np.inf, np.inf
    for place in range(prefs.shape[1]):
        queue, rank = int(prefs[group, place, SERVED]), prefs[group, place, RANK]
        if queue < 0 or rank > best:
            break
        row = first_waiting(contacts, lines, counts, queue, now)
        if row < 0 or contacts[row, AT] >= since:
            continue
        if _has_agent(people, group, contacts, row, lines[queue, FINISHES]):
            chosen, best, since = row, rank, contacts[row, AT]
    return chosen


@stepping
def _start(
    row: int,
    group: int,
    now: float,
    contacts: np.ndarray,
    agenda: np.ndarray,
    people: np.ndarray,
    counts: np.ndarray,
    work: np.ndarray,
) -> None:
    """An agent of a group begins with someone, and may pause afterwards."""
    queue, slot = int(contacts[row, QUEUE]), slot_of(contacts, row, counts)
    wait, end = now - contacts[row, AT], now + contacts[row, LASTS]
    counts[queue, slot, ANSWERED] += 1
    counts[queue, slot, WAITED] += wait
    counts[queue, slot, WITHIN] += wait <= contacts[row, ALLOWED]
    at, during = now, int(now)
    while during < work.shape[1] and at < end:
        until = min(end, during + 1.0)
        counts[queue, during, BUSY] += until - at
        work[group, during] += until - at
        at, during = until, during + 1
    chance, pause = people[group, CHANCE], contacts[row, PAUSE]
    if pause < chance:
        end -= people[group, REST] * math.log(pause / chance)
    people[group, AT_WORK] += 1
    push_event(agenda, end, ENDS + KINDS * group)


@stepping
def arrive(
    row: int,
    now: float,
    contacts: np.ndarray,
    agenda: np.ndarray,
    people: np.ndarray,
    lines: np.ndarray,
    order: np.ndarray,
    counts: np.ndarray,
    work: np.ndarray,
) -> None:
    """Someone comes: to a free agent, or to stand in line."""
    queue = int(contacts[row, QUEUE])
    counts[queue, slot_of(contacts, row, counts), OFFERED] += 1
    for place in range(order.shape[1]):
        group = order[queue, place]
        if group < 0:
            break
        if _has_agent(people, group, contacts, row, lines[queue, FINISHES]):
            _start(row, group, now, contacts, agenda, people, counts, work)
            return
    stand(contacts, agenda, lines, row)


@stepping
def serve(
    group: int,
    now: float,
    contacts: np.ndarray,
    agenda: np.ndarray,
    people: np.ndarray,
    lines: np.ndarray,
    prefs: np.ndarray,
    counts: np.ndarray,
    work: np.ndarray,
) -> None:
    """The agents of a group that are free take who waits."""
    while people[group, AT_WORK] < max(people[group, LEVEL], people[group, LATE]):
        row = _next_for(group, now, contacts, people, lines, prefs, counts)
        if row < 0:
            return
        unlink(contacts, lines, row)
        _start(row, group, now, contacts, agenda, people, counts, work)


@stepping
def step(
    people: np.ndarray, group: int, now: float, level: float, closing: float
) -> None:
    """A group's number of agents changes; at closing those there stay for the line."""
    before = max(people[group, LEVEL], people[group, LATE])
    people[group, LATE] = before if closing else 0.0
    people[group, CLOSED] = now if closing else -1.0
    people[group, LEVEL] = level
