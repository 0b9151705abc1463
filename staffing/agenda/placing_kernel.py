"""The places of a day get their cells one by one: the compiled loop."""

import numpy as np

from staffing.agenda.booking import Floats
from staffing.agenda.days import Ints
from staffing.queueing.compiling import compiled, nested

SLACK = 1e-9
OPENING, APPLICATIONS, STAFF, DESKS = range(4)
"""What leaves no room for a place; -1: there is room."""


@nested
def _least(left: Floats, first: int, size: int) -> float:
    """The least over `size` cells from one on; -inf where one of them is shut."""
    least = np.inf
    for cell in range(first, first + size):
        if np.isnan(left[cell]):
            return -np.inf
        least = min(least, left[cell])
    return least


@nested
def _quietest(people: Floats, desks: Floats, size: int) -> tuple[int, float, float]:
    """First cell where most is left, how much, and the most people left anywhere."""
    best, quiet, staffed = -1, -np.inf, -np.inf
    for first in range(desks.size - size + 1):
        least = _least(people, first, size)
        free = min(least, _least(desks, first, size))
        staffed = max(staffed, least)
        if free > quiet:
            best, quiet = first, free
    return best, quiet, staffed


@nested
def _limit(
    best: int, quiet: float, staffed: float, hours: float, applications: float
) -> int:
    """What leaves no room, given what would be left of hours and applications."""
    if best < 0:
        return OPENING
    if applications < -SLACK:
        return APPLICATIONS
    if hours < -SLACK:
        return STAFF
    if quiet < 1 - SLACK:
        return DESKS if staffed >= 1 - SLACK else STAFF
    return -1


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
    cells = np.full(wanted[:, 3].sum(), -1, dtype=np.int64)
    missing = np.zeros(wanted.shape[0], dtype=np.int64)
    limits = np.full(wanted.shape[0], -1, dtype=np.int64)
    at = 0
    for row in range(wanted.shape[0]):
        skill, size, orders, number, booked = wanted[row]
        for i in range(number):
            best, quiet, staffed = _quietest(people[skill], desks, size)
            left = hours[skill] - work[row]
            limit = _limit(best, quiet, staffed, left, applications - orders)
            if limit == OPENING or (limit >= 0 and i >= booked):
                missing[row], limits[row] = number - i, limit
                at += number - i
                break
            people[skill, best : best + size] -= 1
            desks[best : best + size] -= 1
            hours[skill] = left
            applications -= orders
            cells[at] = best
            at += 1
    return cells, missing, limits
