"""A roster under construction: who does what, counted, with what a move costs in euros."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.queueing.compiling import threadable
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


@threadable
def cost_of_number(targets: Targets, row: int, quarter: int, number: int) -> float:
    """Euros of a number of people at a row in a quarter-hour."""
    at = min(number, targets.last[row, quarter])
    return float(targets.levels[targets.first[row, quarter] + at])


@threadable
def heads_missing(need: Ints, heads: Ints) -> int:
    """Heads that a minimum is short of: of either function, or of both together."""
    short = max(need[0] - heads[0], need[1] - heads[1], need[2] - heads[2])
    return max(short, 0)


@threadable
def add_work(
    targets: Targets, tally: Tally, where: Ints, plan: Plans, sign: int
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


@threadable
def add_head(
    targets: Targets,
    tally: Tally,
    where: Ints,
    functions: Ints,
    there: Flags,
    sign: int,
) -> float:
    """Count somebody at work in (1) or out (-1), whatever they do; the change in euros."""
    change = 0
    for minimum in targets.minimum[where[0], where[1]]:
        if minimum == CLOSED or functions[minimum] == 0:
            continue
        need, function = targets.need[minimum], functions[minimum]
        for quarter in range(QUARTERS):
            if there[quarter] and targets.in_force[minimum, quarter]:
                heads = tally.heads[minimum, :, quarter]
                change -= heads_missing(need, heads)
                heads[0] += sign * (function & 1)
                heads[1] += sign * (function >> 1)
                heads[2] += sign
                change += heads_missing(need, heads)
    return targets.price_head * change


@threadable
def worth_of_work(
    targets: Targets, tally: Tally, where: Ints, skills: Ints, worth: Floats
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
                share = min(left / LONG_STINT, 1.0)
                worth[s, quarter] = targets.price_waiting * share + SPARE
            else:
                number = tally.people[row, quarter]
                now = cost_of_number(targets, row, quarter, number)
                then = cost_of_number(targets, row, quarter, number + 1)
                worth[s, quarter] = now - then


SPARE = 1e-3
LONG_STINT = 16


@threadable
def _full(
    targets: Targets, tally: Tally, where: Ints, skill: int, quarter: int
) -> bool:
    for ceiling in targets.ceiling[where[0], where[1], skill]:
        if ceiling != CLOSED and (
            tally.seats[ceiling, quarter] >= targets.desks[ceiling]
        ):
            return True
    return False


@threadable
def worth_of_heads(
    targets: Targets, tally: Tally, where: Ints, functions: Ints, worth: Floats
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
                after = np.array(
                    [
                        heads[0] + (function & 1),
                        heads[1] + (function >> 1),
                        heads[2] + 1,
                    ]
                )
                less = heads_missing(need, heads) - heads_missing(need, after)
                worth[quarter] += targets.price_head * less
