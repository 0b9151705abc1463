"""Who comes to the queues of a network, and when: drawn before the first event.

Time is measured in slots from the first one. Every contact has its handling time, its
patience and its later choices from the start, used or not, so that runs that differ in
staff alone meet the same contacts: common random numbers.
"""

import math
from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import nested, stepping
from staffing.simulation.kernels import EXPONENTIAL, LOGNORMAL
from staffing.simulation.moments import (
    draw_counts,
    merged,
    planned_times,
    random_times,
)

AT, LASTS, STAYS, ALLOWED, QUEUE, PAUSE, CALL, AGAIN, NEXT, BEFORE = range(10)
"""A contact: when it came, how long it lasts, stays and may wait in time, its queue,
three numbers that decide whether its agent pauses and whether it is called back or comes
again, and who stands behind and before it."""
FIELDS = 10
NOT_IN_LINE, NOBODY = -2, -1
SERVICE, PATIENCE, WRAP_UP = range(3)
KIND, MEAN, SIGMA, FIRST, SIZE = range(5)
HANDLING, THRESHOLD = range(2)
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


@nested
def draw_contacts(comers: Comers, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """All contacts, queue by queue in order of time, and the streams they form.

    A stream (queue) has the place of its next contact and the end; one place is over.
    """
    planned, laws, units, slots = (
        comers.planned, comers.laws, comers.units, comers.slots,
    )  # fmt: skip
    counts = np.empty((slots.shape[0], slots.shape[1]), dtype=np.int64)
    total = draw_counts(
        comers.expected, replication, comers.exact, comers.rate_cv, counts
    )
    visits = np.empty(planned.shape[0])
    times = np.empty(total + visits.size)
    contacts = np.empty((times.size, FIELDS))
    streams = np.zeros((2, counts.shape[0] + 1), dtype=np.int64)
    row = 0
    for queue in range(counts.shape[0]):
        size = random_times(counts, queue, times)
        extra = planned_times(planned, queue, counts.shape[1], visits)
        size = merged(times, size, visits, extra)
        streams[PLACE, queue] = row
        _fill_stream(contacts, row, times, size, queue, laws, units, slots)
        row += size
        streams[END, queue] = row
    return contacts, streams
