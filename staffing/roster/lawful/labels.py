"""The cheapest lawful schedule of one person: labels over days, as compiled kernels.

A label is a schedule of the days so far: its cost and what later days need to know of
it. One that costs no more and binds no more than another makes the other needless. What
is counted (minutes, weekends, kinds) is first lifted to the most that cannot bind any
more, so that late in the horizon many labels are alike; kinds that are paid for by their
number only when no more of them can come.
"""

import numpy as np

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.lawful.counting import copy, dues, fill, lift, look_ahead
from staffing.roster.lawful.dominating import insert
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
    WEEKENDS_WORKED,
    WITH_SHORT_REST,
    WORKED,
    Floats,
    Frame,
    Ints,
    Space,
)
from staffing.roster.lawful.pruning import close_up


@stepping
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


@stepping
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


@stepping
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


@stepping
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


@stepping
def _begin_day(frame: Frame, day: int, parent: int, label: Ints) -> None:
    """What is counted per week begins anew; a short rest long ago is forgotten."""
    label[PARENT] = parent
    if frame.days[day, NEW_WEEK] or frame.days[day, MOST_OF_WEEK] == BIG:
        label[WEEK_WORKED] = 0
    if day - label[LAST_SHORT] > frame.limits[SHORT_DAYS]:
        label[LAST_SHORT] = -BIG


@stepping
def _extend(
    frame: Frame, costs: Floats, off: Floats, day: int, space: Space, end: int
) -> tuple[int, bool]:
    """All labels of a day from those of the day before; the new end and whether all fit."""
    least, ahead = frame.limits[LEAST], space.later[day + 1]
    begin = space.begun[day + 1]
    fill(space.table, NONE)
    for parent in range(space.begun[day], begin):
        before, cost = space.label[parent], space.cost[parent]
        if end >= space.cost.size - costs.shape[1] - 2:
            return end, False
        if off[day] < np.inf and (before[DAYS] < 0 or before[LONG_ENOUGH]):
            label = space.label[end]
            copy(before, label)
            _begin_day(frame, day, parent, label)
            _rest(frame, day, label)
            if lift(frame, label, ahead):
                end = insert(space, begin, end, cost + off[day], least)
        for choice in range(costs.shape[1]):
            if costs[day, choice] == np.inf:
                continue
            label = space.label[end]
            copy(before, label)
            _begin_day(frame, day, parent, label)
            if _work(frame, day, choice, label) and lift(frame, label, ahead):
                due = dues(frame, before, frame.choices[day, choice, KINDS])
                paid = cost + costs[day, choice] + due
                end = insert(space, begin, end, paid, least)
    return end, True


@stepping
def cheapest_at(costs: Floats, begin: int, end: int) -> int:
    """Where the least of some costs is."""
    best = begin
    for at in range(begin, end):
        if costs[at] < costs[best]:
            best = at
    return best


@stepping
def trace(space: Space, at: int, first: int, last: int, path: Ints) -> None:
    """Write the choices that led to a label, day by day."""
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
    look_ahead(frame, costs, off, first, last, space.later)
    copy(entry, space.label[0])
    space.cost[0] = 0.0
    space.begun[first], space.begun[first + 1] = 0, 1
    exact = True
    for day in range(first, last + 1):
        begin = space.begun[day + 1]
        end, fits = _extend(frame, costs, off, day, space, begin)
        end, kept = close_up(frame, space, day, begin, end, most)
        space.begun[day + 2] = end
        exact = exact and fits and kept
        if end == begin:
            return np.inf, exact
    begin, end = space.begun[last + 1], space.begun[last + 2]
    best = cheapest_at(space.cost, begin, end)
    trace(space, best, first, last, path)
    return space.cost[best], exact


@threadable
def cheapest_schedule(
    frame: Frame,
    costs: Floats,
    off: Floats,
    most: int,
    space: Space,
    path: Ints,
) -> tuple[float, bool]:
    """`cheapest` over the whole horizon, for callers that are not compiled."""
    span = (0, off.size - 1)
    return cheapest(frame, costs, off, frame.entry, span, most, space, path)
