"""Who comes to the queues of a network, and when: drawn before the first event.

Time is measured in slots from the first one. Every contact has its handling time, its
patience and its later choices from the start, used or not, so that runs that differ in
staff alone meet the same contacts: common random numbers.
"""

import math
from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import compiled, stepping
from staffing.simulation.kernels import EXPONENTIAL, LOGNORMAL, gamma_factor

AT, LASTS, STAYS, ALLOWED, QUEUE, PAUSE, CALL, AGAIN, NEXT, BEFORE = range(10)
"""A contact: when it came, how long it lasts, stays and may wait in time, its queue,
three numbers that decide whether its agent pauses and whether it is called back or comes
again, and who stands behind and before it."""
FIELDS = 10
NOT_IN_LINE, NOBODY = -2, -1
SERVICE, PATIENCE, WRAP_UP = range(3)
KIND, MEAN, SIGMA, FIRST, SIZE = range(5)
HANDLING, THRESHOLD = range(2)
FOR, WHEN, COMES, LATENESS, SPREAD = range(5)
PLACE, END = range(2)
CONSTANT = 9
"""The kind of a law that is always its mean, which may be infinite."""


class Comers(NamedTuple):
    """What comes, as tables; times and durations in slots.

    `expected` is replications (or 1) x queues x slots; `rate_cv` per queue; `planned` a
    row per visit: its queue, when, the chance that it comes, mean lateness, spread;
    `laws` queues x (service, patience, wrap-up) x (kind, mean, log-scale spread, and where
    its unit values begin in `units`, and how many); `slots` queues x slots x (factor on
    the handling time, wait that is in time).
    """

    expected: np.ndarray
    exact: bool
    rate_cv: np.ndarray
    planned: np.ndarray
    laws: np.ndarray
    units: np.ndarray
    slots: np.ndarray


@stepping
def draw_of(laws: np.ndarray, queue: int, role: int, units: np.ndarray) -> float:
    """A duration by a law of a queue."""
    mean, kind = laws[queue, role, MEAN], int(laws[queue, role, KIND])
    if kind == CONSTANT:
        return float(mean)
    if kind == EXPONENTIAL:
        return float(mean * np.random.exponential(1.0))
    if kind == LOGNORMAL:
        sigma = laws[queue, role, SIGMA]
        return float(mean * math.exp(sigma * (np.random.normal() - sigma / 2)))
    place = laws[queue, role, FIRST] + laws[queue, role, SIZE] * np.random.random()
    return float(mean * units[int(place)])


@stepping
def fill_contact(
    contacts: np.ndarray,
    row: int,
    at: float,
    queue: int,
    laws: np.ndarray,
    units: np.ndarray,
    slots: np.ndarray,
) -> None:
    """Draw a contact that comes to a queue at a moment into a row."""
    slot = min(int(at), slots.shape[1] - 1)
    lasts = draw_of(laws, queue, SERVICE, units) * slots[queue, slot, HANDLING]
    contacts[row, AT] = at
    contacts[row, LASTS] = lasts + draw_of(laws, queue, WRAP_UP, units)
    contacts[row, STAYS] = draw_of(laws, queue, PATIENCE, units)
    contacts[row, ALLOWED] = slots[queue, slot, THRESHOLD]
    contacts[row, QUEUE] = queue
    contacts[row, PAUSE] = 1 - np.random.random()
    contacts[row, CALL] = np.random.random()
    contacts[row, AGAIN] = np.random.random()
    contacts[row, NEXT] = NOT_IN_LINE
    contacts[row, BEFORE] = NOBODY


@stepping
def _fill_stream(
    contacts: np.ndarray,
    row: int,
    times: np.ndarray,
    size: int,
    queue: int,
    laws: np.ndarray,
    units: np.ndarray,
    slots: np.ndarray,
) -> None:
    for i in range(size):
        fill_contact(contacts, row + i, times[i], queue, laws, units, slots)


@stepping
def _draw_counts(
    expected: np.ndarray,
    replication: int,
    exact: bool,
    rate_cv: np.ndarray,
    counts: np.ndarray,
) -> int:
    """How many come at random to each queue in each slot; their sum."""
    row, total = min(replication, expected.shape[0] - 1), 0
    for queue in range(counts.shape[0]):
        factor = gamma_factor(rate_cv[queue])
        for slot in range(counts.shape[1]):
            mean = expected[row, queue, slot]
            if exact:
                count = int(mean + np.random.random())
            else:
                count = np.random.poisson(mean * factor) if mean > 0 else 0
            counts[queue, slot] = count
            total += count
    return total


@stepping
def _times_at_random(counts: np.ndarray, queue: int, times: np.ndarray) -> int:
    """So many moments in each slot, in order of time; how many there are."""
    size = 0
    for slot in range(counts.shape[1]):
        at = float(slot)
        for left in range(counts[queue, slot], 0, -1):
            at += (slot + 1 - at) * (1 - np.random.random() ** (1 / left))
            times[size] = at
            size += 1
    return size


@stepping
def _planned_times(
    planned: np.ndarray, queue: int, close: float, times: np.ndarray
) -> int:
    """When who comes of a queue's planned visits comes, in order; how many come.

    A visitor is put at the right place, which is not far where plans are in order.
    """
    size = 0
    for i in range(planned.shape[0]):
        if planned[i, FOR] != queue:
            continue
        late = planned[i, LATENESS] + planned[i, SPREAD] * np.random.normal()
        if np.random.random() < planned[i, COMES]:
            at = min(max(planned[i, WHEN] + late, 0.0), close)
            place = size
            while place > 0 and times[place - 1] > at:
                times[place] = times[place - 1]
                place -= 1
            times[place] = at
            size += 1
    return size


@stepping
def _merge(times: np.ndarray, size: int, more: np.ndarray, extra: int) -> int:
    """Put `extra` more times into `times`, both in order; how many there are then."""
    one, other = size - 1, extra - 1
    while other >= 0:
        if one >= 0 and times[one] > more[other]:
            times[one + other + 1] = times[one]
            one -= 1
        else:
            times[one + other + 1] = more[other]
            other -= 1
    return size + extra


@compiled
def draw_contacts(comers: Comers, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """All contacts, queue by queue in order of time, and the streams they form.

    A stream (queue) has the place of its next contact and the end; one place is over.
    """
    planned, laws, units, slots = (
        comers.planned, comers.laws, comers.units, comers.slots,
    )  # fmt: skip
    counts = np.empty((slots.shape[0], slots.shape[1]), dtype=np.int64)
    total = _draw_counts(
        comers.expected, replication, comers.exact, comers.rate_cv, counts
    )
    visits = np.empty(planned.shape[0])
    times = np.empty(total + visits.size)
    contacts = np.empty((times.size, FIELDS))
    streams = np.zeros((2, counts.shape[0] + 1), dtype=np.int64)
    row = 0
    for queue in range(counts.shape[0]):
        size = _times_at_random(counts, queue, times)
        extra = _planned_times(planned, queue, counts.shape[1], visits)
        size = _merge(times, size, visits, extra)
        streams[PLACE, queue] = row
        _fill_stream(contacts, row, times, size, queue, laws, units, slots)
        row += size
        streams[END, queue] = row
    return contacts, streams
