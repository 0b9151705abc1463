"""The cheapest lawful schedule of one person: labels over days, as compiled kernels.

A label is a schedule of the days so far: its cost and what later days need to know of
it. One that costs no more and binds no more than another makes the other needless. What
is counted (minutes, weekends, kinds) is first lifted to the most that cannot bind any
more, so that late in the horizon many labels are alike; kinds that are paid for by their
number only when no more of them can come.
"""

import numpy as np

from staffing.queueing.compiling import stepping, threadable
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
LONGEST_RUN = 14
"""Runs of days, off or worked, of which the best label is kept in any case."""

LONGEST, SHORTEST, LATER_WEEKENDS, LATER_DAYS, BRIEFEST, LENGTHIEST, LEFT = range(7)
"""Of the days after one: most and least minutes, weekends and days that can be worked,
minutes of the shortest and of the longest shift, and how many days there are at all."""


@stepping
def copy(source: Ints, target: Ints) -> None:
    """Copy one row of numbers onto another."""
    for place in range(source.size):
        target[place] = source[place]


@stepping
def fill(target: Ints, number: int) -> None:
    """Write one number everywhere."""
    for place in range(target.size):
        target[place] = number


@stepping
def _sunday_too(frame: Frame, day: int, later: Ints) -> bool:
    """Whether the Sunday after a Saturday counts as its weekend already."""
    if frame.days[day, WEEKEND] != SATURDAY or day + 2 >= later.shape[0]:
        return False
    return bool(later[day + 1, LATER_DAYS] > later[day + 2, LATER_DAYS])


@stepping
def _day_ahead(frame: Frame, costs: Floats, off: Floats, day: int, later: Ints) -> None:
    """What a day and those after it can still add, into `later[day]`."""
    after, row = later[day + 1], later[day]
    copy(after, row)
    row[LEFT] += 1
    longest, shortest, kinds = NONE, BIG, 0
    for choice in range(costs.shape[1]):
        if costs[day, choice] < np.inf:
            longest = max(longest, frame.choices[day, choice, MINUTES])
            shortest = min(shortest, frame.choices[day, choice, MINUTES])
            kinds |= frame.choices[day, choice, KINDS]
    if longest == NONE:
        return
    row[LONGEST] += longest
    row[BRIEFEST] = min(row[BRIEFEST], shortest)
    row[LENGTHIEST] = max(row[LENGTHIEST], longest)
    row[LATER_DAYS] += 1
    if off[day] == np.inf:
        row[SHORTEST] += shortest
    if frame.days[day, WEEKEND] != NO_WEEKEND and not _sunday_too(frame, day, later):
        row[LATER_WEEKENDS] += 1
    for kind in range(frame.most_kind.size):
        row[7 + kind] += (kinds >> kind) & 1


@stepping
def _look_ahead(
    frame: Frame, costs: Floats, off: Floats, first: int, last: int, later: Ints
) -> None:
    """What the days after each can still add."""
    fill(later[last + 1], 0)
    later[last + 1, BRIEFEST] = BIG
    for day in range(last, first - 1, -1):
        _day_ahead(frame, costs, off, day, later)


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
def _insert(space: Space, begin: int, end: int, cost: float, least: int) -> int:
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


@stepping
def _shifts_left(limits: Ints, ahead: Ints, worked: int) -> int:
    """The most shifts that can still be worked, by days, rows and minutes."""
    days, shifts = ahead[LEFT], 0
    for blocks in range(days + 1):
        room = min(days - blocks * limits[LEAST_OFF], (blocks + 1) * limits[RUN])
        if room <= shifts:
            break
        shifts = room
    if ahead[BRIEFEST] == BIG:
        return 0
    shifts = min(shifts, ahead[LATER_DAYS])
    return int(min(shifts, (limits[MOST] - worked) // max(ahead[BRIEFEST], 1)))


@stepping
def _lift(frame: Frame, label: Ints, ahead: Ints) -> bool:
    """Lift counts to what cannot bind any more; False if the label cannot be ended."""
    limits = frame.limits
    worked = label[WORKED]
    most, least = limits[MOST], limits[LEAST]
    shifts = _shifts_left(limits, ahead, worked)
    longest = min(ahead[LONGEST], shifts * ahead[LENGTHIEST])
    if worked + ahead[SHORTEST] > most or worked + longest < least:
        return False
    if worked >= least:
        label[WORKED] = max(worked, least, most - longest)
    if label[WEEKENDS_WORKED] > limits[WEEKENDS]:
        return False
    lift = limits[WEEKENDS] - min(ahead[LATER_WEEKENDS], shifts)
    label[WEEKENDS_WORKED] = max(label[WEEKENDS_WORKED], lift)
    for kind in range(frame.most_kind.size):
        if label[COUNTS + kind] > frame.most_kind[kind]:
            return False
        later = min(ahead[7 + kind], shifts)
        if later == 0 or not _is_due(frame, kind):
            lift = frame.most_kind[kind] - later
            label[COUNTS + kind] = max(label[COUNTS + kind], lift)
    return True


@stepping
def _is_due(frame: Frame, kind: int) -> bool:
    """Whether shifts of a kind are paid for by their number, so that each one counts."""
    return bool(frame.dues.size and frame.dues[kind, frame.dues.shape[1] - 1] > 0.0)


@stepping
def _dues(frame: Frame, before: Ints, kinds: int) -> float:
    """Euros of one more shift of some kinds (bits) after the days of a label."""
    due = 0.0
    for kind in range(frame.dues.shape[0]):
        if (kinds >> kind) & 1:
            due += frame.dues[kind, before[COUNTS + kind]]
    return due


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
            if _lift(frame, label, ahead):
                end = _insert(space, begin, end, cost + off[day], least)
        for choice in range(costs.shape[1]):
            if costs[day, choice] == np.inf:
                continue
            label = space.label[end]
            copy(before, label)
            _begin_day(frame, day, parent, label)
            if _work(frame, day, choice, label) and _lift(frame, label, ahead):
                due = _dues(frame, before, frame.choices[day, choice, KINDS])
                paid = cost + costs[day, choice] + due
                end = _insert(space, begin, end, paid, least)
    return end, True


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
        if not _is_due(frame, kind):
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
def _close(
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


@stepping
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
    copy(entry, space.label[0])
    space.cost[0] = 0.0
    space.begun[first], space.begun[first + 1] = 0, 1
    exact = True
    for day in range(first, last + 1):
        begin = space.begun[day + 1]
        end, fits = _extend(frame, costs, off, day, space, begin)
        end, kept = _close(frame, space, day, begin, end, most)
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
