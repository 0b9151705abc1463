"""The run of a network of queues from its first event to its last, compiled."""

import numpy as np

from staffing.queueing.compiling import compiled, inlined
from staffing.simulation.comers import AT, QUEUE, WAITING, Comers, draw_contacts
from staffing.simulation.heaps import Agenda, pop_event
from staffing.simulation.kernels import MEASURES, WAITED
from staffing.simulation.network_kernel import (
    ENDS,
    KINDS,
    RETURNS,
    Floor,
    Rules,
    arrive,
    give_up,
    serve,
    slot_of,
    step,
)


@inlined
def _earliest(
    contacts: np.ndarray, place: np.ndarray, first: np.ndarray
) -> tuple[int, float]:
    """The stream whose next contact comes first, and when: infinity for never."""
    stream, soonest = -1, np.inf
    for i in range(place.size):
        if place[i] < first[i + 1] and contacts[place[i], AT] < soonest:
            stream, soonest = i, contacts[place[i], AT]
    return stream, soonest


@compiled
def _open_floor(contacts: np.ndarray, rules: Rules) -> Floor:
    groups, queues = rules.rank.shape
    room = contacts.shape[0] + rules.stairs_level.sum() + 16
    agenda = Agenda(
        np.empty(room), np.empty(room, dtype=np.int64), np.zeros(1, dtype=np.int64)
    )
    return Floor(
        contacts,
        agenda,
        np.zeros(groups, dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.full(queues, -1, dtype=np.int64),
        np.full(queues, -1, dtype=np.int64),
        np.zeros((groups, rules.allowed_s.shape[1])),
    )


@compiled
def _enlarged(floor: Floor) -> Floor:
    """The same floor with twice the room for contacts and events."""
    contacts = np.concatenate((floor.contacts, np.empty_like(floor.contacts)))
    extra = floor.contacts.shape[0]
    agenda = Agenda(
        np.concatenate((floor.agenda.moments, np.empty(extra))),
        np.concatenate((floor.agenda.events, np.empty(extra, dtype=np.int64))),
        floor.agenda.size,
    )
    return Floor(
        contacts,
        agenda,
        floor.level,
        floor.late,
        floor.busy,
        floor.head,
        floor.tail,
        floor.work,
    )


@compiled
def _live(comers: Comers, rules: Rules, counts: np.ndarray) -> np.ndarray:
    """One replication: `counts` (queues x slots x measures) by slot of arrival.

    Returns the busy seconds of each group and slot.
    """
    contacts, first = draw_contacts(comers, rules.slot_s)
    floor = _open_floor(contacts, rules)
    place, fresh, stair = first[:-1].copy(), first[-1], 0
    while True:
        if fresh == floor.contacts.shape[0]:
            floor = _enlarged(floor)
        stream, comes = _earliest(floor.contacts, place, first)
        steps = rules.stairs_at[stair] if stair < rules.stairs_at.size else np.inf
        due = floor.agenda.moments[0] if floor.agenda.size[0] > 0 else np.inf
        if due <= min(steps, comes) and due < np.inf:
            fresh = _happen(floor, rules, comers, counts, fresh)
        elif steps <= comes and steps < np.inf:
            step(floor, rules, counts, stair)
            stair += 1
        elif comes < np.inf:
            arrive(floor, rules, counts, place[stream], comes)
            place[stream] += 1
        else:
            break
    _still_there(floor, rules, counts, fresh)
    return floor.work


@inlined
def _happen(
    floor: Floor, rules: Rules, comers: Comers, counts: np.ndarray, fresh: int
) -> int:
    """The first event of the agenda; the next free contact."""
    now, event = floor.agenda.moments[0], floor.agenda.events[0]
    pop_event(floor.agenda)
    kind, what = event % KINDS, event // KINDS
    if kind == ENDS:
        floor.busy[what] -= 1
        serve(floor, rules, counts, what, now)
    elif kind == RETURNS:
        arrive(floor, rules, counts, what, now)
    elif floor.contacts[what, WAITING] == 1:
        return give_up(floor, rules, comers, counts, what, fresh, now)
    return fresh


@compiled
def _still_there(floor: Floor, rules: Rules, counts: np.ndarray, contacts: int) -> None:
    """Who still waits when nothing more happens has waited until the end."""
    end = rules.allowed_s.shape[1] * rules.slot_s
    for row in range(contacts):
        contact = floor.contacts[row]
        if contact[WAITING] == 1:
            wait = max(0.0, end - contact[AT])
            counts[int(contact[QUEUE]), slot_of(contact[AT], rules), WAITED] += wait


@compiled
def live_networks(
    seeds: np.ndarray, comers: Comers, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """Counts by replication, queue, slot and measure; busy seconds by group and slot."""
    groups, queues = rules.rank.shape
    slots = rules.allowed_s.shape[1]
    counts = np.zeros((seeds.size, queues, slots, MEASURES))
    work = np.empty((seeds.size, groups, slots))
    for replication in range(seeds.size):
        np.random.seed(seeds[replication])
        work[replication] = _live(comers, rules, counts[replication])
    return counts, work
