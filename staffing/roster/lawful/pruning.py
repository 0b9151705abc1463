"""Too many labels of a day: those of least rank are kept, by cost and by pace."""

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.roster.lawful.counting import is_due
from staffing.roster.lawful.dominating import EPSILON
from staffing.roster.lawful.frame import (
    BIG,
    COUNTS,
    DAYS,
    LEAST,
    MOST,
    NONE,
    WEEKENDS,
    WEEKENDS_WORKED,
    WORKED,
    Floats,
    Frame,
    Ints,
    Space,
)

LONGEST_RUN = 14
"""Runs of days, off or worked, of which the best label is kept in any case."""


@stepping
def _limit(ranks: Floats, begin: int, end: int, most: int) -> float:
    """A rank that no more than `most` of the labels stay below, found by halving."""
    low, high = np.inf, -np.inf
    for at in range(begin, end):
        if ranks[at] < np.inf:
            low, high = min(low, ranks[at]), max(high, ranks[at])
    for _ in range(40):
        middle, below = (low + high) / 2, 0
        for at in range(begin, end):
            below += ranks[at] < middle
        if below > most:
            high = middle
        else:
            low = middle
    return low


@stepping
def _ahead_of_pace(frame: Frame, label: Ints, part: float) -> float:
    """By how much of the horizon a label has used up what it has, or works too little."""
    limits = frame.limits
    worked = label[WORKED] / max(limits[MOST], 1)
    over = max(0.0, worked - part)
    over += max(0.0, limits[LEAST] / max(limits[MOST], 1) * part - worked)
    over += max(0.0, label[WEEKENDS_WORKED] / max(limits[WEEKENDS], 1) - part)
    for kind in range(frame.most_kind.size):
        if not is_due(frame, kind):
            most = max(frame.most_kind[kind], 1)
            over += max(0.0, label[COUNTS + kind] / most - part)
    return float(over)


@stepping
def _rank(frame: Frame, space: Space, day: int, begin: int, end: int) -> None:
    """Rank labels by cost, and by pace: a week's worth weighs as all costs of the day."""
    low, high, days = np.inf, -np.inf, frame.days.shape[0]
    for at in range(begin, end):
        if space.cost[at] < np.inf:
            low, high = min(low, space.cost[at]), max(high, space.cost[at])
    weight = (high - low + EPSILON) * days / 7
    for at in range(begin, end):
        space.rank[at] = space.cost[at]
        if space.cost[at] < np.inf:
            over = _ahead_of_pace(frame, space.label[at], (day + 1) / days)
            space.rank[at] += weight * over


@stepping
def _best_of_run(space: Space, begin: int, end: int, days: int) -> int:
    """The label of least rank after a run of days; NONE without any."""
    best = NONE
    for at in range(begin, end):
        better = best == NONE or space.rank[at] < space.rank[best]
        if space.label[at, DAYS] == days and space.rank[at] < np.inf and better:
            best = at
    return best


@stepping
def _favour(space: Space, begin: int, end: int) -> None:
    """Rank the best label of every run of days first, so that no way on is lost."""
    for days in range(-LONGEST_RUN, LONGEST_RUN + 1):
        best = _best_of_run(space, begin, end, days)
        if best != NONE:
            space.rank[best] = -BIG


@stepping
def close_up(
    frame: Frame, space: Space, day: int, begin: int, end: int, most: int
) -> tuple[int, bool]:
    """Close up the labels of a day, about `most` of them; all kept?

    Of those alike at the limit the earlier are kept, so that never all are lost.
    """
    alive = 0
    for at in range(begin, end):
        alive += space.cost[at] < np.inf
        space.rank[at] = space.cost[at]
    limit = np.inf
    if alive > most:
        _rank(frame, space, day, begin, end)
        limit = _limit(space.rank, begin, end, most)
        _favour(space, begin, end)
    free = begin
    for at in range(begin, end):
        first = space.rank[at] < limit
        ties = space.rank[at] <= limit + EPSILON and free - begin < most
        if space.rank[at] < np.inf and (first or ties):
            for field in range(space.label.shape[1]):
                space.label[free, field] = space.label[at, field]
            space.cost[free] = space.cost[at]
            free += 1
    return free, alive <= most
