"""The event simulation of one first-come-first-served queue, compiled.

Contacts are handled in order of arrival. A contact's start is the first moment, not
before its arrival nor before the start of who came earlier, at which fewer agents are
busy than present; who runs out of patience before that leaves and takes nobody's time.
For this discipline the scheme is exact, and needs no event list beyond the end times of
contacts in progress. Agents whose time is over finish their contact. After the last
slot those then present stay until the queue is empty.

Every contact draws handling time and patience whether it uses them or not, so that runs
that differ in staff alone meet the same contacts: common random numbers.
"""

import math
from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import nested, threadable

OFFERED, ANSWERED, ABANDONED, WITHIN, SHORT, WAITED, BUSY = range(7)
MEASURES = 7
EXPONENTIAL, LOGNORMAL, EMPIRICAL = range(3)


class Duration(NamedTuple):
    """A distribution as the kernel draws it: a kind, a log-scale spread, unit values."""

    kind: int
    mean: float
    sigma: float
    units: np.ndarray


class Day(NamedTuple):
    """One stretch of slots: what comes (expected, booked), and who is there when.

    `levels[i]` agents are present from `times[i]` until the next time; `handling` is the
    mean handling time in seconds per slot, `exact` whether `expected` are known counts.
    Many replications have a row of each array for all, or one for each.
    """

    slot_s: float
    expected: np.ndarray
    booked: np.ndarray
    handling: np.ndarray
    times: np.ndarray
    levels: np.ndarray
    exact: bool
    arrival_cv: float
    threshold_s: float


@nested
def _draw(duration: Duration) -> float:
    """A duration of mean 1."""
    if duration.kind == EXPONENTIAL:
        return float(np.random.exponential(1.0))
    if duration.kind == LOGNORMAL:
        return math.exp(duration.sigma * (np.random.normal() - duration.sigma / 2))
    return float(duration.units[np.random.randint(duration.units.size)])


@nested
def _push(heap: np.ndarray, size: int, value: float) -> int:
    child = size
    while child > 0 and heap[(child - 1) // 2] > value:
        heap[child] = heap[(child - 1) // 2]
        child = (child - 1) // 2
    heap[child] = value
    return size + 1


@nested
def _pop(heap: np.ndarray, size: int) -> int:
    size -= 1
    value = heap[size]
    parent, child = 0, 1
    while child < size:
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[parent] = heap[child]
        parent, child = child, 2 * child + 1
    heap[parent] = value
    return size


@nested
def _first_free(
    clock: float, stair: int, busy: int, ends: np.ndarray, day: Day
) -> tuple[float, int, int]:
    """The first moment from `clock` on at which an agent is free; infinity for never."""
    while True:
        while busy > 0 and ends[0] <= clock:
            busy = _pop(ends, busy)
        while stair + 1 < day.times.size and day.times[stair + 1] <= clock:
            stair += 1
        if busy < day.levels[stair]:
            return clock, stair, busy
        clock = ends[0] if busy > 0 else np.inf
        if stair + 1 < day.times.size:
            clock = min(clock, day.times[stair + 1])
        if clock == np.inf:
            return clock, stair, busy


@nested
def book_time(busy: np.ndarray, start: float, end: float, slot_s: float) -> None:
    """Spread time on a contact over the slots it falls in; none after the last."""
    slot = int(start // slot_s)
    while slot < busy.size and slot * slot_s < end:
        within = min(end, (slot + 1) * slot_s) - max(start, slot * slot_s)
        busy[slot] += within
        slot += 1


@nested
def _contacts(day: Day, slot: int, factor: float) -> int:
    booked = int(day.booked[slot] + np.random.random())
    if day.exact:
        return booked + int(day.expected[slot] + np.random.random())
    return booked + int(np.random.poisson(day.expected[slot] * factor))


@nested
def gamma_factor(cv: float) -> float:
    """A factor of mean 1 and coefficient of variation `cv`."""
    return 1.0 if cv == 0 else np.random.gamma(cv**-2, cv**2)


@nested
def _live(day: Day, handling: Duration, patience: Duration, row: np.ndarray) -> None:
    """One replication; `row` (slots x measures) counts contacts by slot of arrival."""
    ends = np.empty(day.levels.max() + 1)
    clock, stair, busy = 0.0, 0, 0
    closing = row.shape[0] * day.slot_s
    factor = gamma_factor(day.arrival_cv)
    for slot in range(row.shape[0]):
        at, until = slot * day.slot_s, (slot + 1) * day.slot_s
        for left in range(_contacts(day, slot, factor), 0, -1):
            at += (until - at) * (1 - np.random.random() ** (1 / left))
            lasts = _draw(handling) * day.handling[slot]
            stays = _draw(patience) * patience.mean
            clock, stair, busy = _first_free(max(clock, at), stair, busy, ends, day)
            wait = clock - at
            row[slot, OFFERED] += 1
            if wait <= stays and clock < np.inf:
                busy = _push(ends, busy, clock + lasts)
                book_time(row[:, BUSY], clock, clock + lasts, day.slot_s)
                row[slot, ANSWERED] += 1
                row[slot, WAITED] += wait
                row[slot, WITHIN] += wait <= day.threshold_s
            else:
                row[slot, ABANDONED] += stays < np.inf
                row[slot, SHORT] += stays <= day.threshold_s
                row[slot, WAITED] += min(stays, max(0.0, closing - at))


@nested
def _of(rows: np.ndarray, replication: int) -> np.ndarray:
    """The row of a replication, where one row alone is that of all."""
    row: np.ndarray = rows[min(replication, rows.shape[0] - 1)]
    return row


@nested
def _day_of(days: Day, replication: int) -> Day:
    return Day(
        days.slot_s,
        _of(days.expected, replication),
        _of(days.booked, replication),
        _of(days.handling, replication),
        _of(days.times, replication),
        _of(days.levels, replication),
        days.exact,
        days.arrival_cv,
        days.threshold_s,
    )


@threadable
def live_all(
    seeds: np.ndarray, days: Day, handling: Duration, patience: Duration
) -> np.ndarray:
    """Counts per replication, slot and measure; one seed for each replication."""
    counts = np.zeros((seeds.size, days.expected.shape[1], MEASURES))
    for replication in range(seeds.size):
        np.random.seed(seeds[replication])
        day = _day_of(days, replication)
        _live(day, handling, patience, counts[replication])
    return counts
