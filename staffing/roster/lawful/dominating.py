"""Labels that leave others needless: they cost no more and bind no more."""

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.roster.lawful.frame import (
    ANCHOR,
    COUNTS,
    DAYS,
    LAST_END,
    LAST_SHORT,
    LAST_TAIL,
    LONG_ENOUGH,
    WEEK_WORKED,
    WEEKENDS_WORKED,
    WORKED,
    Ints,
    Space,
)

EPSILON = 1e-9


@stepping
def _freer(label: Ints, other: Ints) -> bool:
    """Whether a label's run leaves every way open that another's does.

    Both end in a day off, or both in work of the same tail. A run that may end already
    is the better the shorter it is; rest is the better the longer it was.
    """
    if label[LONG_ENOUGH]:
        return bool(label[DAYS] <= other[DAYS])
    return bool(label[DAYS] == other[DAYS] and not other[LONG_ENOUGH])


@stepping
def _no_more(label: Ints, other: Ints) -> bool:
    """Whether nothing that is counted is more in one label than in another."""
    for field in range(COUNTS, label.size):
        if label[field] > other[field]:
            return False
    return bool(
        label[WEEKENDS_WORKED] <= other[WEEKENDS_WORKED]
        and label[WEEK_WORKED] <= other[WEEK_WORKED]
        and label[ANCHOR] >= other[ANCHOR]
        and label[LAST_END] <= other[LAST_END]
        and label[LAST_SHORT] <= other[LAST_SHORT]
    )


@stepping
def _dominates(
    label: Ints, cost: float, other: Ints, other_cost: float, least: int
) -> bool:
    """Whether a label of the same tail leaves another needless."""
    if cost > other_cost + EPSILON or label[WORKED] > other[WORKED]:
        return False
    if label[WORKED] < other[WORKED] and label[WORKED] < least:
        return False
    return _freer(label, other) and _no_more(label, other)


@stepping
def _slot(label: Ints, least: int, size: int) -> int:
    """Where labels of the same tail and (below the least) minutes are kept."""
    key = label[LAST_TAIL] * 1031 + min(label[WORKED], least) * 2654435
    return int(((key ^ (key >> 11)) * 40503) & (size - 1))


@stepping
def insert(space: Space, begin: int, end: int, cost: float, least: int) -> int:
    """Keep the label at `end` unless one makes it needless; the new end."""
    label = space.label[end]
    slot = _slot(label, least, space.table.size)
    at = space.table[slot]
    while at >= begin:
        other = space.label[at]
        if space.cost[at] < np.inf and other[LAST_TAIL] == label[LAST_TAIL]:
            if _dominates(other, space.cost[at], label, cost, least):
                return end
            if _dominates(label, cost, other, space.cost[at], least):
                space.cost[at] = np.inf
        at = space.chain[at]
    space.cost[end] = cost
    space.chain[end] = space.table[slot]
    space.table[slot] = end
    return end + 1
