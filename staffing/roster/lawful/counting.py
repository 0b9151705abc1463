"""What labels count: how much days ahead can still add, lifting, and dues by number.

Counts are lifted to the most that cannot bind any more, so that late in the horizon many
labels are alike; kinds that are paid for by their number only when no more can come.
"""

import numpy as np

from staffing.queueing.compiling import stepping
from staffing.roster.lawful.frame import (
    BIG,
    COUNTS,
    KINDS,
    LEAST,
    LEAST_OFF,
    MINUTES,
    MOST,
    NO_WEEKEND,
    NONE,
    RUN,
    SATURDAY,
    WEEKEND,
    WEEKENDS,
    WEEKENDS_WORKED,
    WORKED,
    Floats,
    Frame,
    Ints,
)

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
def look_ahead(
    frame: Frame, costs: Floats, off: Floats, first: int, last: int, later: Ints
) -> None:
    """What the days after each can still add."""
    fill(later[last + 1], 0)
    later[last + 1, BRIEFEST] = BIG
    for day in range(last, first - 1, -1):
        _day_ahead(frame, costs, off, day, later)


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
def lift(frame: Frame, label: Ints, ahead: Ints) -> bool:
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
    fewest = limits[WEEKENDS] - min(ahead[LATER_WEEKENDS], shifts)
    label[WEEKENDS_WORKED] = max(label[WEEKENDS_WORKED], fewest)
    for kind in range(frame.most_kind.size):
        if label[COUNTS + kind] > frame.most_kind[kind]:
            return False
        later = min(ahead[7 + kind], shifts)
        if later == 0 or not is_due(frame, kind):
            raised = frame.most_kind[kind] - later
            label[COUNTS + kind] = max(label[COUNTS + kind], raised)
    return True


@stepping
def is_due(frame: Frame, kind: int) -> bool:
    """Whether shifts of a kind are paid for by their number, so that each one counts."""
    return bool(frame.dues.size and frame.dues[kind, frame.dues.shape[1] - 1] > 0.0)


@stepping
def dues(frame: Frame, before: Ints, kinds: int) -> float:
    """Euros of one more shift of some kinds (bits) after the days of a label."""
    due = 0.0
    for kind in range(frame.dues.shape[0]):
        if (kinds >> kind) & 1:
            due += frame.dues[kind, before[COUNTS + kind]]
    return due
