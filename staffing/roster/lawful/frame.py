"""The rules of one person's schedule as plain arrays, and the fields of a label.

A *choice* is what a day's options have in common that the rules look at: when it begins
and ends, how long is worked, which limited or unloved kinds it is of. Options that differ
only in worth are one choice.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

HEAD, TAIL, MINUTES, KINDS, BEGIN, END = range(6)
"""Of a choice: classes for what may go before and after, minutes worked, kinds as bits,
minutes of begin and end since the horizon began. A head of -1: no choice."""

NIGHT, WEEKEND, NEW_WEEK, MOST_OF_WEEK = range(4)
"""Of a day: which table of successions ends on it, its part of a weekend, whether a week
begins, most minutes of that week."""

NO_WEEKEND, SATURDAY, SUNDAY, LONE_SUNDAY = range(4)
"""Parts of a weekend; a lone Sunday is the horizon's first day."""

LEAST, MOST, WEEKENDS, RUN, LEAST_RUN, LEAST_OFF, REST, SHORT_DAYS, FINISH = range(9)
"""Limits: minutes in all, weekends, days worked in a row, days off in a row, minutes from
the anchor to the latest end (-1: does not bind), days between two short rests, the
latest end of all."""

FREELY, WITH_SHORT_REST = 1, 2
"""How a shift may follow another; 0 is not at all."""

NONE, BIG = -1, 1 << 40

(
    PARENT,
    CHOICE,
    LAST_TAIL,
    DAYS,
    LONG_ENOUGH,
    WORKED,
    WEEKENDS_WORKED,
    WEEK_WORKED,
    ANCHOR,
    LAST_END,
    LAST_SHORT,
    COUNTS,
) = range(12)
"""Fields of a label: `DAYS` in a row worked (above 0) or off (below 0, no lower than the
least); `COUNTS` is the first of the counts of kinds."""


class Frame(NamedTuple):
    """The rules of a person: shapes (days, choices, 6), (days, 4), (nights, tails, heads).

    The last tail is a day off. `most_kind` are the most shifts of each kind, and
    `dues` (kinds, days) euros of the first, the second ... shift of a kind, on top of
    what choices cost; they never fall. No kind has any where `dues` is (0, 0).
    """

    choices: Ints
    days: Ints
    follow: Bytes
    most_kind: Ints
    limits: Ints
    entry: Ints
    dues: Floats


class Space(NamedTuple):
    """Working space of a search, reused: labels, their costs, and a table to find them."""

    label: Ints
    cost: Floats
    rank: Floats
    chain: Ints
    table: Ints
    begun: Ints
    later: Ints


def space_for(days: int, kinds: int, most: int) -> Space:
    """Space for at most `most` labels on each of a number of days."""
    size = min(most * (days + 5), 3_000_000)
    return Space(
        np.empty((size, COUNTS + kinds), np.int64),
        np.empty(size),
        np.empty(size),
        np.empty(size, np.int64),
        np.empty(1 << 13, np.int64),
        np.empty(days + 2, np.int64),
        np.empty((days + 1, 7 + kinds), np.int64),
    )
