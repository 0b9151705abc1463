"""The best lawful schedule of one person for given worths of the options."""

import numpy as np

from staffing.roster.lawful.compiling import Compiled
from staffing.roster.lawful.frame import NONE, Floats, Ints, Space, space_for
from staffing.roster.lawful.labels import cheapest_schedule

FEW_LABELS = (300, 2000, 10_000)
MOST_LABELS = 20_000
"""Labels a day beyond which the search keeps the cheapest and is no longer exact."""


def best_schedule(
    compiled: Compiled,
    worth: Floats,
    off_worth: Floats | None = None,
    *,
    space: Space | None = None,
) -> tuple[float, Ints]:
    """The most worth that one person's lawful schedule can have, and that schedule.

    `worth` has one number per option, `off_worth` one per day off (0 if none is given).
    Returns the sum and per day the number of the option, -1 for a day off. The sum is
    -inf where there is no lawful schedule. Exact unless some day needs more than
    `MOST_LABELS` labels. `space` from `space_of` saves making it anew each time.
    """
    days = compiled.must.size
    costs, best = compiled.costs(worth)
    off = np.zeros(days) if off_worth is None else -off_worth
    off = np.where(compiled.must, np.inf, off)
    path = np.full(days, NONE, np.int64)
    cost, _ = cheapest_schedule(
        compiled.frame,
        costs,
        off,
        MOST_LABELS,
        space or space_of(compiled),
        path,
    )
    if cost == np.inf:
        return -np.inf, np.full(days, NONE, np.int64)
    chosen = best[np.arange(days), path] if best.size else path
    return -cost, np.where(path >= 0, chosen, NONE)


def any_schedule(compiled: Compiled) -> tuple[Ints | None, bool]:
    """Any lawful schedule, and if there was none whether that is certain.

    Without costs a few labels, those on pace, nearly always decide.
    """
    days = compiled.must.size
    costs, best = compiled.costs(np.zeros(len(compiled.options)))
    off = np.where(compiled.must, np.inf, 0.0)
    path, exact = np.full(days, NONE, np.int64), False
    for most in FEW_LABELS:
        space = space_for(days, compiled.frame.most_kind.size, most)
        cost, exact = cheapest_schedule(compiled.frame, costs, off, most, space, path)
        if cost < np.inf:
            chosen = best[np.arange(days), path] if best.size else path
            return np.where(path >= 0, chosen, NONE), True
        if exact:
            break
    return None, bool(exact)


def space_of(compiled: Compiled) -> Space:
    """Working space for a person's searches, to be used by one thread at a time."""
    kinds = compiled.frame.most_kind.size
    return space_for(compiled.must.size, kinds, MOST_LABELS)
