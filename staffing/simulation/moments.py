"""When contacts come to the queues of a network: at random and as planned, compiled.

Time is measured in slots from the first one.
"""

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.simulation.kernels import gamma_factor

FOR, WHEN, COMES, LATENESS, SPREAD = range(5)
"""A planned visit: its queue, when, the chance that it comes, how late, and the spread."""


@stepping
def draw_counts(
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
def random_times(counts: np.ndarray, queue: int, times: np.ndarray) -> int:
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
def planned_times(
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
def merged(times: np.ndarray, size: int, more: np.ndarray, extra: int) -> int:
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
