"""The places of a day get their cells one by one: the compiled loop."""

import numpy as np

from staffing.agenda.booking import Floats, Ints
from staffing.queueing.compiling import compiled

ENOUGH = 1 - 1e-9
OPENING, APPLICATIONS, STAFF, DESKS = range(4)
"""What leaves no room for a place; -1: there is room."""


@compiled
def lay_all(
    wanted: Ints,
    work: Floats,
    people: Floats,
    desks: Floats,
    hours: Floats,
    applications: float,
) -> tuple[Ints, Ints, Ints]:
    """Cells per place, places missing per product, and what left no room for each.

    `wanted` has a row per product in the order in which they are laid: skill, cells,
    whether it orders a document, number, and how many of those are booked already.
    `people` (skills x cells, NaN where shut), `desks` and `hours` are used up.
    """
    total = 0
    for row in range(wanted.shape[0]):
        total += wanted[row, 3]
    cells = np.full(total, -1, dtype=np.int64)
    missing = np.zeros(wanted.shape[0], dtype=np.int64)
    limits = np.full(wanted.shape[0], -1, dtype=np.int64)
    at = 0
    for row in range(wanted.shape[0]):
        skill, size, orders, number, booked = wanted[row]
        for i in range(number):
            best, quiet, staffed = -1, -np.inf, -np.inf
            for first in range(desks.size - size + 1):
                least, seats = np.inf, np.inf
                for cell in range(first, first + size):
                    left = people[skill, cell]
                    if np.isnan(left):
                        least = -np.inf
                        break
                    least = min(least, left)
                    seats = min(seats, desks[cell])
                if least == -np.inf:
                    continue
                staffed = max(staffed, least)
                if min(least, seats) > quiet:
                    best, quiet = first, min(least, seats)
            limit = -1
            if best < 0:
                limit = OPENING
            elif i >= booked:
                if orders and applications < ENOUGH:
                    limit = APPLICATIONS
                elif hours[skill] < work[row] * ENOUGH:
                    limit = STAFF
                elif quiet < ENOUGH:
                    limit = DESKS if staffed >= ENOUGH else STAFF
            if limit >= 0:
                missing[row], limits[row] = number - i, limit
                at += number - i
                break
            for cell in range(best, best + size):
                people[skill, cell] -= 1
                desks[cell] -= 1
            hours[skill] -= work[row]
            applications -= orders
            cells[at] = best
            at += 1
    return cells, missing, limits
