"""Who comes to the queues of a simulation, and when: drawn before the first event."""

import math
from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import compiled, inlined
from staffing.simulation.kernels import EXPONENTIAL, LOGNORMAL, gamma_factor

AT, LASTS, STAYS, QUEUE, WAITING, NEXT = range(6)
"""Columns of a contact: when it came, how long it lasts and stays, its queue, whether it
still waits, and who stands behind it (-1: nobody)."""
FIELDS = 6


class Laws(NamedTuple):
    """A distribution per queue: kind, mean, log-scale spread, and unit values to draw.

    The unit values of queue q are `units[first[q]:first[q + 1]]`.
    """

    kind: np.ndarray
    mean: np.ndarray
    sigma: np.ndarray
    units: np.ndarray
    first: np.ndarray


class Comers(NamedTuple):
    """What comes: expected counts and mean handling times (queues x slots), and plans.

    A planned visit of `planned_queue[i]` comes with chance `planned_comes[i]` about
    `planned_at[i]`, `planned_sd[i]` seconds early or late.
    """

    expected: np.ndarray
    handling: np.ndarray
    rate_cv: np.ndarray
    exact: bool
    planned_at: np.ndarray
    planned_queue: np.ndarray
    planned_comes: np.ndarray
    planned_sd: np.ndarray
    lasts: Laws
    stays: Laws
    wraps: Laws


@inlined
def draw_of(laws: Laws, queue: int) -> float:
    """A duration in seconds by the law of a queue."""
    mean = laws.mean[queue]
    if mean in (0.0, np.inf):
        return float(mean)
    if laws.kind[queue] == EXPONENTIAL:
        return float(mean * np.random.exponential(1.0))
    if laws.kind[queue] == LOGNORMAL:
        sigma = laws.sigma[queue]
        return float(mean * math.exp(sigma * (np.random.normal() - sigma / 2)))
    first, size = laws.first[queue], laws.first[queue + 1] - laws.first[queue]
    return float(mean * laws.units[first + np.random.randint(size)])


@inlined
def fill_contact(
    contacts: np.ndarray, row: int, at: float, queue: int, comers: Comers, slot_s: float
) -> None:
    """Draw a contact that comes to a queue at a moment into a row."""
    slot = min(max(int(at // slot_s), 0), comers.handling.shape[1] - 1)
    contacts[row, AT] = at
    contacts[row, QUEUE] = queue
    scale = comers.handling[queue, slot]
    contacts[row, LASTS] = draw_of(comers.lasts, queue) * scale
    contacts[row, LASTS] += draw_of(comers.wraps, queue)
    contacts[row, STAYS] = draw_of(comers.stays, queue)
    contacts[row, WAITING] = 0
    contacts[row, NEXT] = -1


@compiled
def _random_counts(comers: Comers) -> np.ndarray:
    counts = np.empty(comers.expected.shape, dtype=np.int64)
    for queue in range(counts.shape[0]):
        factor = gamma_factor(comers.rate_cv[queue])
        for slot in range(counts.shape[1]):
            mean = comers.expected[queue, slot]
            if comers.exact:
                counts[queue, slot] = int(mean + np.random.random())
            else:
                counts[queue, slot] = np.random.poisson(mean * factor)
    return counts


@compiled
def _planned_times(comers: Comers, queue: int, close: float) -> np.ndarray:
    times = np.empty(comers.planned_at.size)
    size = 0
    for i in range(times.size):
        if comers.planned_queue[i] == queue:
            shift = comers.planned_sd[i] * np.random.normal()
            comes = np.random.random() < comers.planned_comes[i]
            if comes:
                times[size] = min(max(comers.planned_at[i] + shift, 0.0), close)
                size += 1
    return np.sort(times[:size])


@compiled
def draw_contacts(comers: Comers, slot_s: float) -> tuple[np.ndarray, np.ndarray]:
    """All contacts, stream by stream in order of time, and where each stream begins.

    Each queue has two streams: who comes at random, and who was planned.
    """
    queues, slots = comers.expected.shape[0], comers.expected.shape[1]
    counts = _random_counts(comers)
    contacts = np.empty((counts.sum() + comers.planned_at.size + 16, FIELDS))
    first = np.zeros(2 * queues + 1, dtype=np.int64)
    row = 0
    for queue in range(queues):
        for slot in range(slots):
            at, until = slot * slot_s, (slot + 1) * slot_s
            for left in range(counts[queue, slot], 0, -1):
                at += (until - at) * (1 - np.random.random() ** (1 / left))
                fill_contact(contacts, row, at, queue, comers, slot_s)
                row += 1
        first[2 * queue + 1] = row
        for at in _planned_times(comers, queue, slots * slot_s):
            fill_contact(contacts, row, at, queue, comers, slot_s)
            row += 1
        first[2 * queue + 2] = row
    return contacts, first
