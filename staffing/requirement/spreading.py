"""Numbers of people that meet the target over stretches of slots, each with a floor."""

import numpy as np

from staffing.requirement.buying import Ladder
from staffing.requirement.queue import Counts
from staffing.requirement.rates import Floats
from staffing.standards import Standard

MORE_THAN_ENOUGH = 3
"""A slot gets at most this many above what is enough for it by itself."""


def spread(
    ladder: Ladder, offered: Floats, standard: Standard, floor: float, stretch: Counts
) -> Counts:
    """Fewest people so that the target holds over each stretch of slots numbered alike.

    Each slot has at least the minimum presence and the share `floor` (at most the
    target); slots of a stretch stand together.
    """
    from staffing.requirement.aiming import fewest

    short = _cut(ladder, ladder.enough + MORE_THAN_ENOUGH + 1)
    low = _smallest(short, min(floor, standard.target), standard.minimum_people)
    late = offered[short.slot] * (1 - short.share)
    chosen = np.empty(low.size, dtype=np.int64)
    ends = np.flatnonzero(np.append(np.diff(stretch) != 0, True)) + 1
    for begin, end in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True):
        first, last = short.begins[begin], short.begins[end]
        chosen[begin:end] = fewest(
            late[first:last],
            short.begins[begin : end + 1] - first,
            low[begin:end],
            float((1 - standard.target) * offered[begin:end].sum()),
        )
    return chosen


def _cut(ladder: Ladder, sizes: Counts) -> Ladder:
    """The ladder with fewer numbers per slot."""
    kept = ladder.people < sizes[ladder.slot]
    begins = np.concatenate([[0], np.cumsum(sizes)])
    return Ladder(ladder.share[kept], begins, ladder.enough)


def _smallest(ladder: Ladder, floor: float, minimum: int) -> Counts:
    """The smallest number per slot, at least the minimum, with that share in time."""
    people, fits = ladder.people, ladder.share >= floor
    fits &= people >= minimum
    low = np.full(ladder.sizes.size, np.iinfo(np.int64).max)
    np.minimum.at(low, ladder.slot[fits], people[fits])
    return low
