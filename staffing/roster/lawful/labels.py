"""The cheapest lawful schedule of one person: labels over days, as compiled kernels.

A label is a schedule of the days so far: its cost and what later days need to know of
it. One that costs no more and binds no more than another makes the other needless. What
is counted (minutes, weekends, kinds) is first lifted to the most that cannot bind any
more, so that late in the horizon many labels are alike.
"""

import numpy as np

from staffing.queueing.compiling import threadable
from staffing.roster.lawful.frame import (
    ANCHOR,
    BEGIN,
    BIG,
    CHOICE,
    COUNTS,
    DAYS,
    END,
    FINISH,
    HEAD,
    KINDS,
    LAST_END,
    LAST_SHORT,
    LAST_TAIL,
    LEAST,
    LEAST_OFF,
    LEAST_RUN,
    LONE_SUNDAY,
    LONG_ENOUGH,
    MINUTES,
    MOST,
    MOST_OF_WEEK,
    NEW_WEEK,
    NIGHT,
    NO_WEEKEND,
    NONE,
    PARENT,
    REST,
    RUN,
    SATURDAY,
    SHORT_DAYS,
    TAIL,
    WEEK_WORKED,
    WEEKEND,
    WEEKENDS,
    WEEKENDS_WORKED,
    WITH_SHORT_REST,
    WORKED,
    Floats,
    Frame,
    Ints,
    Space,
)

EPSILON = 1e-9
LONGEST, SHORTEST, LATER_WEEKENDS, LATER_DAYS = range(4)
"""Of the days after one: most and least minutes, weekends and days that can be worked."""


@threadable
def _sunday_too(frame: Frame, day: int, later: Ints) -> bool:
    """Whether the Sunday after a Saturday counts as its weekend already."""
    if frame.days[day, WEEKEND] != SATURDAY or day + 2 >= later.shape[0]:
        return False
    return bool(later[day + 1, LATER_DAYS] > later[day + 2, LATER_DAYS])


@threadable
def _day_ahead(frame: Frame, costs: Floats, off: Floats, day: int, later: Ints) -> None:
    """What a day and those after it can still add, into `later[day]`."""
    after, row = later[day + 1], later[day]
    row[:] = after
    longest, shortest, kinds = NONE, BIG, 0
    for choice in range(costs.shape[1]):
        if costs[day, choice] < np.inf:
            longest = max(longest, frame.choices[day, choice, MINUTES])
            shortest = min(shortest, frame.choices[day, choice, MINUTES])
            kinds |= frame.choices[day, choice, KINDS]
    if longest == NONE:
        return
    row[LONGEST] += longest
    row[LATER_DAYS] += 1
    if off[day] == np.inf:
        row[SHORTEST] += shortest
    if frame.days[day, WEEKEND] != NO_WEEKEND and not _sunday_too(frame, day, later):
        row[LATER_WEEKENDS] += 1
    for kind in range(frame.most_kind.size):
        row[4 + kind] += (kinds >> kind) & 1


@threadable
def _look_ahead(
    frame: Frame, costs: Floats, off: Floats, first: int, last: int, later: Ints
) -> None:
    """What the days after each can still add."""
    later[last + 1, :] = 0
    for day in range(last, first - 1, -1):
        _day_ahead(frame, costs, off, day, later)


@threadable
def _dominates(
    label: Ints, cost: float, other: Ints, other_cost: float, least: int
) -> bool:
    """Whether a label of the same place in runs and table leaves another needless."""
    if cost > other_cost + EPSILON or label[WORKED] > other[WORKED]:
        return False
    if label[WORKED] < other[WORKED] and label[WORKED] < least:
        return False
    if label[WEEKENDS_WORKED] > other[WEEKENDS_WORKED]:
        return False
    if label[WEEK_WORKED] > other[WEEK_WORKED] or label[ANCHOR] < other[ANCHOR]:
        return False
    if label[LAST_END] > other[LAST_END] or label[LAST_SHORT] > other[LAST_SHORT]:
        return False
    for field in range(COUNTS, label.size):
        if label[field] > other[field]:
            return False
    return True


@threadable
def _slot(label: Ints, least: int, size: int) -> int:
    """Where labels of the same tail, run and (below the least) minutes are kept."""
    key = label[LAST_TAIL] * 1031 + label[DAYS] * 131 + label[LONG_ENOUGH] * 7
    key += min(label[WORKED], least) * 2654435
    return ((key ^ (key >> 11)) * 40503) & (size - 1)


@threadable
def _insert(space: Space, begin: int, end: int, cost: float, least: int) -> int:
    """Keep the label at `end` unless one makes it needless; the new end."""
    label = space.label[end]
    slot = _slot(label, least, space.table.size)
    at = space.table[slot]
    while at >= begin:
        other = space.label[at]
        if (
            space.cost[at] < np.inf
            and other[LAST_TAIL] == label[LAST_TAIL]
            and other[DAYS] == label[DAYS]
            and other[LONG_ENOUGH] == label[LONG_ENOUGH]
        ):
            if _dominates(other, space.cost[at], label, cost, least):
                return end
            if _dominates(label, cost, other, space.cost[at], least):
                space.cost[at] = np.inf
        at = space.chain[at]
    space.cost[end] = cost
    space.chain[end] = space.table[slot]
    space.table[slot] = end
    return end + 1


@threadable
def _lift(frame: Frame, label: Ints, ahead: Ints) -> bool:
    """Lift counts to what cannot bind any more; False if the label cannot be ended."""
    limits = frame.limits
    worked = label[WORKED]
    most, least = limits[MOST], limits[LEAST]
    if worked + ahead[SHORTEST] > most or worked + ahead[LONGEST] < least:
        return False
    if worked >= least:
        label[WORKED] = max(worked, least, most - ahead[LONGEST])
    if label[WEEKENDS_WORKED] > limits[WEEKENDS]:
        return False
    lift = limits[WEEKENDS] - ahead[LATER_WEEKENDS]
    label[WEEKENDS_WORKED] = max(label[WEEKENDS_WORKED], lift)
    for kind in range(frame.most_kind.size):
        if label[COUNTS + kind] > frame.most_kind[kind]:
            return False
        lift = frame.most_kind[kind] - ahead[4 + kind]
        label[COUNTS + kind] = max(label[COUNTS + kind], lift)
    return True


@threadable
def _rest(frame: Frame, day: int, label: Ints) -> None:
    """A day off after the days of a label, in place."""
    limits = frame.limits
    if day == 0:
        label[DAYS] = -limits[LEAST_OFF]
    else:
        label[DAYS] = max(min(label[DAYS], 0) - 1, -limits[LEAST_OFF])
    label[LAST_TAIL] = frame.follow.shape[1] - 1
    label[LONG_ENOUGH] = 1
    label[CHOICE] = NONE


@threadable
def _in_row(frame: Frame, day: int, label: Ints) -> bool:
    """One more day worked in a row, in place; False where rows forbid it."""
    limits = frame.limits
    if label[DAYS] < 0 and -label[DAYS] < limits[LEAST_OFF]:
        return False
    days = max(label[DAYS], 0) + 1
    if days > limits[RUN]:
        return False
    begun = label[LONG_ENOUGH] if label[DAYS] > 0 else 0
    label[LONG_ENOUGH] = int(begun or day == 0 or days >= limits[LEAST_RUN])
    label[DAYS] = days if limits[RUN] < BIG else min(days, limits[LEAST_RUN])
    return True


@threadable
def _weekly_rest(frame: Frame, choice: Ints, label: Ints) -> bool:
    """Hold a shift to the weekly rest, in place; False where it ends too late."""
    span = frame.limits[REST]
    if span < 0 or label[ANCHOR] == BIG:
        return True
    if label[ANCHOR] == -BIG or choice[BEGIN] - label[LAST_END] >= 7 * 1440 - span:
        label[ANCHOR] = choice[BEGIN]
    if choice[END] > label[ANCHOR] + span:
        return False
    label[LAST_END] = choice[END]
    if label[ANCHOR] + span >= frame.limits[FINISH]:
        label[ANCHOR], label[LAST_END] = BIG, -BIG
    return True


@threadable
def _work(frame: Frame, day: int, number: int, label: Ints) -> bool:
    """A choice after the days of a label, in place; False where a rule forbids it."""
    choice, today = frame.choices[day, number], frame.days[day]
    allowed = frame.follow[today[NIGHT], label[LAST_TAIL], choice[HEAD]]
    if allowed == 0:
        return False
    if allowed == WITH_SHORT_REST:
        if day - label[LAST_SHORT] <= frame.limits[SHORT_DAYS]:
            return False
        label[LAST_SHORT] = day
    part = today[WEEKEND]
    if part in (SATURDAY, LONE_SUNDAY) or (part != NO_WEEKEND and label[DAYS] < 0):
        label[WEEKENDS_WORKED] += 1
    if not _in_row(frame, day, label) or not _weekly_rest(frame, choice, label):
        return False
    label[LAST_TAIL] = choice[TAIL]
    label[CHOICE] = number
    label[WORKED] += choice[MINUTES]
    label[WEEK_WORKED] += choice[MINUTES]
    for kind in range(frame.most_kind.size):
        label[COUNTS + kind] += (choice[KINDS] >> kind) & 1
    return bool(label[WEEK_WORKED] <= today[MOST_OF_WEEK])


@threadable
def _begin_day(frame: Frame, day: int, parent: int, label: Ints) -> None:
    """What is counted per week begins anew; a short rest long ago is forgotten."""
    label[PARENT] = parent
    if frame.days[day, NEW_WEEK] or frame.days[day, MOST_OF_WEEK] == BIG:
        label[WEEK_WORKED] = 0
    if day - label[LAST_SHORT] > frame.limits[SHORT_DAYS]:
        label[LAST_SHORT] = -BIG


@threadable
def _extend(
    frame: Frame, costs: Floats, off: Floats, day: int, space: Space, end: int
) -> tuple[int, bool]:
    """All labels of a day from those of the day before; the new end and whether all fit."""
    least, ahead = frame.limits[LEAST], space.later[day + 1]
    begin = space.begun[day + 1]
    space.table[:] = NONE
    for parent in range(space.begun[day], begin):
        before, cost = space.label[parent], space.cost[parent]
        if end >= space.cost.size - costs.shape[1] - 2:
            return end, False
        if off[day] < np.inf and (before[DAYS] < 0 or before[LONG_ENOUGH]):
            label = space.label[end]
            label[:] = before
            _begin_day(frame, day, parent, label)
            _rest(frame, day, label)
            if _lift(frame, label, ahead):
                end = _insert(space, begin, end, cost + off[day], least)
        for choice in range(costs.shape[1]):
            if costs[day, choice] == np.inf:
                continue
            label = space.label[end]
            label[:] = before
            _begin_day(frame, day, parent, label)
            if _work(frame, day, choice, label) and _lift(frame, label, ahead):
                end = _insert(space, begin, end, cost + costs[day, choice], least)
    return end, True


@threadable
def _close(space: Space, begin: int, end: int, most: int) -> tuple[int, bool]:
    """Close up the labels of a day, the cheapest `most` of them; all kept?"""
    alive = int((space.cost[begin:end] < np.inf).sum())
    limit = np.inf
    if alive > most:
        limit = np.partition(space.cost[begin:end].copy(), most)[most]
    free = begin
    for at in range(begin, end):
        if space.cost[at] < limit:
            space.label[free] = space.label[at]
            space.cost[free] = space.cost[at]
            free += 1
    return free, alive <= most


@threadable
def _trace(space: Space, at: int, first: int, last: int, path: Ints) -> None:
    for day in range(last, first - 1, -1):
        path[day] = space.label[at, CHOICE]
        at = space.label[at, PARENT]


@threadable
def cheapest(
    frame: Frame,
    costs: Floats,
    off: Floats,
    entry: Ints,
    span: tuple[int, int],
    most: int,
    space: Space,
    path: Ints,
) -> tuple[float, bool]:
    """Cost of the cheapest lawful schedule of days `span[0]..span[1]`, from a label on.

    `costs` (days, choices) and `off` (days) are infinite where there is no choice. Writes
    a choice per day into `path`, -1 for a day off. Infinite: there is no schedule. The
    second answer is whether no more than `most` labels were needed on any day, so that
    none is cheaper.
    """
    first, last = span
    _look_ahead(frame, costs, off, first, last, space.later)
    space.label[0] = entry
    space.cost[0] = 0.0
    space.begun[first], space.begun[first + 1] = 0, 1
    exact = True
    for day in range(first, last + 1):
        begin = space.begun[day + 1]
        end, fits = _extend(frame, costs, off, day, space, begin)
        end, kept = _close(space, begin, end, most)
        space.begun[day + 2] = end
        exact = exact and fits and kept
        if end == begin:
            return np.inf, exact
    begin, end = space.begun[last + 1], space.begun[last + 2]
    best = begin + int(np.argmin(space.cost[begin:end]))
    _trace(space, best, first, last, path)
    return space.cost[best], exact
