"""A roster under construction: who does what, counted, with what a move costs in euros."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.week.targets import CLOSED, QUARTERS, Flags, Floats, Ints, Targets

NOTHING = -1
"""No activity in a quarter-hour, no option on a day."""

Plans = NDArray[np.int8]


class Tally(NamedTuple):
    """Counts of what everybody does: per row, ceiling and minimum, by quarter-hour.

    `people` (R, 96) at work that is wanted, `done` (R,) quarter-hours of waiting work,
    `seats` (Z, 96) desks taken, `heads` (M, 3, 96) with the first function, the second,
    either. `choice` (P, D) is the option taken, `plan` (P, D, 96) the skill at work.
    """

    people: Ints
    done: Ints
    seats: Ints
    heads: Ints
    choice: Ints
    plan: Plans


def empty_tally(targets: Targets, people: int, days: int) -> Tally:
    """Nobody at work."""
    rows, ceilings, minima = len(targets.due), len(targets.desks), len(targets.need)
    return Tally(
        people=np.zeros((rows, QUARTERS), np.int64),
        done=np.zeros(rows, np.int64),
        seats=np.zeros((ceilings, QUARTERS), np.int64),
        heads=np.zeros((minima, 3, QUARTERS), np.int64),
        choice=np.full((people, days), NOTHING, np.int64),
        plan=np.full((people, days, QUARTERS), NOTHING, np.int8),
    )


@stepping
def cost_of_number(targets: Targets, row: int, quarter: int, number: int) -> float:
    """Euros of a number of people at a row in a quarter-hour."""
    at = min(number, targets.last[row, quarter])
    return float(targets.levels[targets.first[row, quarter] + at])


@threadable
def heads_missing(need: Ints, first: int, second: int, either: int) -> int:
    """Heads that a minimum is short of: of either function, or of both together."""
    return int(max(need[0] - first, need[1] - second, need[2] - either, 0))


@stepping
def add_work(
    targets: Targets, tally: Tally, where: tuple[int, int], plan: Plans, sign: int
) -> float:
    """Count a plan in (1) or out (-1) at a (place, day); the change in euros."""
    change = 0.0
    for quarter in range(QUARTERS):
        if plan[quarter] == NOTHING:
            continue
        row = targets.row[where[0], where[1], plan[quarter]]
        if targets.waits[row, quarter]:
            before = max(targets.due[row] - tally.done[row], 0)
            tally.done[row] += sign
            left = max(targets.due[row] - tally.done[row], 0)
            change += targets.price_waiting * (left - before)
        else:
            number = tally.people[row, quarter]
            change += cost_of_number(targets, row, quarter, number + sign)
            change -= cost_of_number(targets, row, quarter, number)
        tally.people[row, quarter] += sign
        for ceiling in targets.ceiling[where[0], where[1], plan[quarter]]:
            if ceiling != CLOSED:
                tally.seats[ceiling, quarter] += sign
    return change


@stepping
def is_there(shape: Ints, apart: Flags, quarter: int) -> bool:
    """Whether somebody is at work in a quarter-hour of a shift (begin, break, its end, end)."""
    before, after = quarter < shape[1], quarter >= shape[2]
    within = shape[0] <= quarter < shape[3] and (before or after)
    return bool(within and not apart[quarter])


@stepping
def add_head(
    targets: Targets,
    tally: Tally,
    where: tuple[int, int],
    functions: Ints,
    shape: Ints,
    apart: Flags,
    sign: int,
) -> float:
    """Count somebody at work in (1) or out (-1), whatever they do; the change in euros."""
    change = 0
    for minimum in targets.minimum[where[0], where[1]]:
        if minimum == CLOSED or functions[minimum] == 0:
            continue
        need, function = targets.need[minimum], functions[minimum]
        for quarter in range(QUARTERS):
            if targets.in_force[minimum, quarter] and is_there(shape, apart, quarter):
                heads = tally.heads[minimum, :, quarter]
                change -= heads_missing(need, heads[0], heads[1], heads[2])
                heads[0] += sign * (function & 1)
                heads[1] += sign * (function >> 1)
                heads[2] += sign
                change += heads_missing(need, heads[0], heads[1], heads[2])
    return targets.price_head * change


@stepping
def worth_of_work(
    targets: Targets,
    tally: Tally,
    where: tuple[int, int],
    skills: Ints,
    worth: Floats,
) -> None:
    """Euros that one more saves per skill and quarter-hour (S, 96); closed, full: -inf.

    Waiting work that is nearly done is worth less: a shift closes at most its length.
    Surplus hands go there rather than where they buy nothing (`SPARE`).
    """
    for s in range(len(skills)):
        row = targets.row[where[0], where[1], skills[s]]
        worth[s] = -np.inf
        for quarter in range(QUARTERS):
            if row == CLOSED or not targets.is_open[row, quarter]:
                continue
            if _full(targets, tally, where, skills[s], quarter):
                continue
            if targets.waits[row, quarter]:
                left = max(targets.due[row] - tally.done[row], 0)
                share = min(left / targets.stint, 1.0)
                worth[s, quarter] = targets.price_waiting * share + SPARE
            else:
                number = tally.people[row, quarter]
                now = cost_of_number(targets, row, quarter, number)
                then = cost_of_number(targets, row, quarter, number + 1)
                worth[s, quarter] = now - then


SPARE = 1e-3


@stepping
def _full(
    targets: Targets, tally: Tally, where: tuple[int, int], skill: int, quarter: int
) -> bool:
    for ceiling in targets.ceiling[where[0], where[1], skill]:
        if ceiling != CLOSED and (
            tally.seats[ceiling, quarter] >= targets.desks[ceiling]
        ):
            return True
    return False


@stepping
def worth_of_heads(
    targets: Targets,
    tally: Tally,
    where: tuple[int, int],
    functions: Ints,
    worth: Floats,
) -> None:
    """Euros that one more at work saves per quarter-hour, whatever they do."""
    worth[:] = 0.0
    for minimum in targets.minimum[where[0], where[1]]:
        if minimum == CLOSED or functions[minimum] == 0:
            continue
        need, function = targets.need[minimum], functions[minimum]
        for quarter in range(QUARTERS):
            if targets.in_force[minimum, quarter]:
                heads = tally.heads[minimum, :, quarter]
                first, second, either = heads[0], heads[1], heads[2]
                less = heads_missing(need, first, second, either)
                first, second = first + (function & 1), second + (function >> 1)
                less -= heads_missing(need, first, second, either + 1)
                worth[quarter] += targets.price_head * less
