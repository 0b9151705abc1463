"""The run of a network of queues from its first event to its last, compiled."""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import compiled, nested, stepping
from staffing.simulation.comers import (
    AT,
    END,
    NOBODY,
    PLACE,
    QUEUE,
    STAYS,
    Comers,
    draw_contacts,
    fill_contact,
)
from staffing.simulation.heaps import MOMENT, empty_agenda, pop_event, push_event
from staffing.simulation.lines import (
    ENDS,
    KINDS,
    NETWORK_MEASURES,
    RETURNS,
    close_lines,
    leave,
)
from staffing.simulation.network_kernel import AT_WORK, arrive, serve, step

SET_AT, SET_FOR, SET_LEVEL, SET_SHUT = range(4)
FAR_APART = 2_654_435_761
"""A large odd number that keeps the seeds of contacts apart."""


class Floor(NamedTuple):
    """Who serves whom, and when, as tables.

    `people` and `lines` are groups and queues as they begin; `prefs` groups x places x
    (queue, rank), the lowest rank first, -1 ends it; `order` queues x places, the groups
    in the order in which a contact asks for them; `steps` replications (or 1) x steps x
    (moment, group, level, closing), the last at infinity; `room` agents at most.
    """

    people: np.ndarray
    lines: np.ndarray
    prefs: np.ndarray
    order: np.ndarray
    steps: np.ndarray
    room: int


@stepping
def _earliest(contacts: np.ndarray, streams: np.ndarray) -> int:
    """The queue to which a contact comes first; -1 for none."""
    queue, soonest = NOBODY, np.inf
    for i in range(streams.shape[1] - 1):
        row = streams[PLACE, i]
        if row < streams[END, i] and contacts[row, AT] < soonest:
            queue, soonest = i, contacts[row, AT]
    return queue


@stepping
def _happen(
    contacts: np.ndarray,
    agenda: np.ndarray,
    people: np.ndarray,
    lines: np.ndarray,
    prefs: np.ndarray,
    order: np.ndarray,
    counts: np.ndarray,
    work: np.ndarray,
) -> int:
    """The first event of the agenda; the contact that leaves to come again, or -1."""
    now, event = agenda[1, MOMENT], pop_event(agenda)
    kind, what = event % KINDS, event // KINDS
    if kind == ENDS:
        people[what, AT_WORK] -= 1
        serve(what, now, contacts, agenda, people, lines, prefs, counts, work)
    elif kind == RETURNS:
        arrive(what, now, contacts, agenda, people, lines, order, counts, work)
    elif leave(what, kind, now, contacts, lines, counts):
        return what
    return NOBODY


@stepping
def _come_again(
    row: int,
    seed: int,
    contacts: np.ndarray,
    agenda: np.ndarray,
    laws: np.ndarray,
    units: np.ndarray,
    slots: np.ndarray,
) -> None:
    """Who left comes again, unless that is after the last slot.

    What is drawn depends on who it is and when it left, not on what happened before.
    """
    left = contacts[row, AT]
    np.random.seed((seed + FAR_APART * (row + 1) + int(left * 1e6)) & 0xFFFFFFFF)
    at = left + contacts[row, STAYS] * np.random.exponential(1.0)
    if at < slots.shape[1]:
        fill_contact(contacts, row, at, int(contacts[row, QUEUE]), laws, units, slots)
        push_event(agenda, at, RETURNS + KINDS * row)


@stepping
def _run(
    contacts: np.ndarray,
    streams: np.ndarray,
    agenda: np.ndarray,
    people: np.ndarray,
    lines: np.ndarray,
    prefs: np.ndarray,
    order: np.ndarray,
    steps: np.ndarray,
    counts: np.ndarray,
    work: np.ndarray,
) -> int:
    """Go on until a contact leaves to come again, or nothing more happens: -1."""
    queue, stair = _earliest(contacts, streams), streams[PLACE, -1]
    while True:
        comes = contacts[streams[PLACE, queue], AT] if queue >= 0 else np.inf
        due, sets = agenda[1, MOMENT], steps[stair, SET_AT]
        if due <= min(sets, comes) and due < np.inf:
            row = _happen(contacts, agenda, people, lines, prefs, order, counts, work)
            if row >= 0:
                streams[PLACE, -1] = stair
                return row
        elif sets <= comes and sets < np.inf:
            group = int(steps[stair, SET_FOR])
            step(people, group, sets, steps[stair, SET_LEVEL], steps[stair, SET_SHUT])
            serve(group, sets, contacts, agenda, people, lines, prefs, counts, work)
            stair += 1
        elif comes < np.inf:
            row = streams[PLACE, queue]
            arrive(row, comes, contacts, agenda, people, lines, order, counts, work)
            streams[PLACE, queue] += 1
            queue = _earliest(contacts, streams)
        else:
            return NOBODY


@nested
def _live(
    comers: Comers,
    floor: Floor,
    replication: int,
    seed: int,
    counts: np.ndarray,
    work: np.ndarray,
) -> None:
    """One replication: `counts` (queues x slots x measures) by slot of arrival."""
    np.random.seed(seed)
    contacts, streams = draw_contacts(comers, replication)
    laws, units, slots = comers.laws, comers.units, comers.slots
    people, lines = floor.people.copy(), floor.lines.copy()
    prefs, order = floor.prefs, floor.order
    steps = floor.steps[min(replication, floor.steps.shape[0] - 1)]
    agenda = empty_agenda(contacts.shape[0] + floor.room)
    while True:
        row = _run(
            contacts, streams, agenda, people, lines, prefs, order, steps, counts, work
        )
        if row < 0:
            break
        _come_again(row, seed, contacts, agenda, laws, units, slots)
    close_lines(contacts, lines, counts)


@compiled
def live_networks(
    seeds: np.ndarray, comers: Comers, floor: Floor
) -> tuple[np.ndarray, np.ndarray]:
    """Counts by replication, queue, slot and measure; busy slots by group and slot."""
    queues, slots = comers.slots.shape[0], comers.slots.shape[1]
    counts = np.zeros((seeds.size, queues, slots, NETWORK_MEASURES))
    work = np.zeros((seeds.size, floor.people.shape[0], slots))
    for replication in range(seeds.size):
        seed = int(seeds[replication])
        _live(comers, floor, replication, seed, counts[replication], work[replication])
    return counts, work
