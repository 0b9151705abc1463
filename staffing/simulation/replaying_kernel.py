"""Slots of which contacts, handling time and staff are known, lived through again.

What an export tells is kept exactly: how many came in a slot and, where it was measured,
the mean handling time of those very contacts. Drawn are the moments within the slot, how
the handling time was divided over the contacts, patience, and when a part of a person
was there. One queue, first come first served; a start is the first moment, not before
the start of who came earlier, at which fewer are busy than present.
"""

import math

import numpy as np

from staffing.queueing.compiling import compiled, nested

IN_TIME, GIVEN_UP = range(2)


@compiled
def live_through(
    seeds: np.ndarray,
    offered: np.ndarray,
    handling_s: np.ndarray,
    present: np.ndarray,
    slot_s: float,
    threshold_s: float,
    handling_cv: float,
    measured: bool,
    patience_s: float,
) -> np.ndarray:
    """Counts answered in time and given up: measures x replications x slots.

    `present` are the agents ready per replication and slot; `measured` says that
    `handling_s` is the mean over the contacts of the slot, not an expectation.
    """
    told = np.zeros((2, seeds.size, offered.size))
    ends = np.empty(int(present.max()) + 2)
    for run in range(seeds.size):
        np.random.seed(seeds[run])
        times, levels = _staircase(present[run], slot_s)
        clock, stair, busy = 0.0, 0, 0
        for slot in range(offered.size):
            count = int(offered[slot] + np.random.random())
            lasts = _divide(handling_s[slot], handling_cv, count, measured)
            at, until = slot * slot_s, (slot + 1) * slot_s
            for contact in range(count):
                at += (until - at) * (1 - np.random.random() ** (1 / (count - contact)))
                stays = np.random.exponential(patience_s)
                clock, stair, busy = _first_free(
                    max(clock, at), stair, busy, ends, times, levels
                )
                if clock - at > stays:
                    told[GIVEN_UP, run, slot] += 1
                else:
                    _occupy(ends, busy, clock + lasts[contact])
                    busy += 1
                    told[IN_TIME, run, slot] += clock - at <= threshold_s
    return told


@nested
def _divide(mean_s: float, cv: float, count: int, measured: bool) -> np.ndarray:
    """Lognormal handling times; those of measured slots have exactly their mean."""
    sigma = math.sqrt(math.log1p(cv * cv))
    units = np.exp(sigma * (np.random.normal(0.0, 1.0, count) - sigma / 2))
    scale = count / units.sum() if measured and count else 1.0
    return units * (mean_s * scale)


@nested
def _staircase(present: np.ndarray, slot_s: float) -> tuple[np.ndarray, np.ndarray]:
    """When how many are there; a part person is there in the first or the last part.

    After the last slot at least one stays until the queue is empty.
    """
    times = np.empty(2 * present.size + 1)
    levels = np.empty(times.size, np.int64)
    for slot in range(present.size):
        whole = int(present[slot])
        part, first = present[slot] - whole, np.random.random() < 0.5
        times[2 * slot] = slot * slot_s
        times[2 * slot + 1] = (slot + (part if first else 1 - part)) * slot_s
        levels[2 * slot], levels[2 * slot + 1] = whole + first, whole + (not first)
    times[-1] = present.size * slot_s
    levels[-1] = max(1, int(present[-1]))
    return times, levels


@nested
def _first_free(
    clock: float,
    stair: int,
    busy: int,
    ends: np.ndarray,
    times: np.ndarray,
    levels: np.ndarray,
) -> tuple[float, int, int]:
    """The first moment from `clock` on at which someone present is not busy."""
    while True:
        while busy and ends[busy - 1] <= clock:
            busy -= 1
        while stair + 1 < times.size and times[stair + 1] <= clock:
            stair += 1
        if busy < levels[stair]:
            return clock, stair, busy
        leaves = ends[busy - 1] if busy else np.inf
        clock = min(leaves, times[stair + 1] if stair + 1 < times.size else np.inf)


@nested
def _occupy(ends: np.ndarray, busy: int, end: float) -> None:
    """Put an end time among the `busy` ones, the latest first."""
    place = busy
    while place and ends[place - 1] < end:
        ends[place] = ends[place - 1]
        place -= 1
    ends[place] = end
