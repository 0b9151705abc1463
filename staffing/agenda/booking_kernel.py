"""Requests take places day by day, in every future: the compiled loop."""

import numpy as np

from staffing.agenda.booking import NO_PLACE, Floats
from staffing.agenda.days import Ints
from staffing.queueing.compiling import compiled


@compiled
def book_all(
    now: Ints,
    later: Ints,
    shown: Ints,
    kept: Ints,
    earliest: Ints,
    later_from: Ints,
    released: Ints,
    number: Ints,
) -> tuple[Ints, Floats]:
    """Waits per future and day, and mean places taken per day."""
    futures, days = now.shape
    waits = np.empty((futures, days), dtype=np.int64)
    taken = np.zeros(days)
    for s in range(futures):
        free = shown.copy()
        opened, carried = 0, 0
        for t in range(days):
            while opened < days and opened <= released[t]:
                free[opened] += kept[opened]
                opened += 1
            left = later[s, t]
            d = later_from[t]
            while left > 0 and d < days:
                took = min(left, free[d])
                free[d] -= took
                left -= took
                d += 1
            left += now[s, t] + carried
            d = earliest[t]
            while left > 0 and d < days:
                took = min(left, free[d])
                free[d] -= took
                left -= took
                d += 1
            carried = left
            d = earliest[t]
            while d < days and free[d] == 0:
                d += 1
            waits[s, t] = number[d] - number[t] if d < days else NO_PLACE
        for d in range(days):
            taken[d] += shown[d] + kept[d] - free[d]
    return waits, taken / futures
