"""The best blocks of activity for one person, given what each quarter-hour is worth.

Exact, by dynamic programming over quarter-hours. A state is the skill at work, how long
it has been (up to the least wanted) and whether it began its stretch: a block shorter
than wanted costs its price unless it is all of its stretch between breaks.
"""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.week.tally import NOTHING, Plans
from staffing.roster.week.targets import QUARTERS, Floats, Ints

NEVER = -1e15


class BlockPrice(NamedTuple):
    """The shortest wanted block in quarter-hours and the euros a shorter one costs."""

    least: int
    price: float


@threadable
def walk(
    worth: Floats, idle: Floats, reach: tuple[int, int], block: BlockPrice, best: Floats
) -> tuple[Ints, int]:
    """Follow the best blocks from a quarter-hour to another (not included).

    `worth` (S, 96) is that of each skill and -inf where closed, `idle` (96,) that of
    none. Into `best[q]` goes the worth of a stretch that ends before q. Returns where
    each state came from per quarter-hour, and the last state.
    """
    skills, (first, end) = len(worth), reach
    size = 2 * block.least * skills
    came = np.full((end - first, size + 1), NOTHING, np.int64)
    now, after = np.full(size + 1, NEVER), np.full(size + 1, NEVER)
    leaving, left_from = np.empty(skills), np.empty(skills, np.int64)
    now[size] = 0.0
    best[first] = 0.0
    last = size
    for quarter in range(first, end):
        after[:] = NEVER
        back = came[quarter - first]
        after[size], back[size] = best[quarter] + idle[quarter], last
        for s in range(skills):
            _leave(now, s, block, leaving, left_from)
        for s in range(skills):
            if worth[s, quarter] > NEVER:
                _continue(now, after, back, s, block.least, worth[s, quarter])
                fresh = (2 * block.least * s, worth[s, quarter])
                _begin(after, back, fresh, now[size], leaving, left_from)
        now, after = after, now
        last, best[quarter + 1] = _end(now, block)
    return came, last


@stepping
def _leave(
    now: Floats, skill: int, block: BlockPrice, leaving: Floats, left_from: Ints
) -> None:
    """The best state in which to leave a skill for another, and what that is worth."""
    begin = 2 * block.least * skill
    leaving[skill] = 2 * NEVER
    for state in range(begin, begin + 2 * block.least):
        short = state < begin + 2 * block.least - 2
        value = now[state] - (block.price if short else 0.0)
        if value > leaving[skill]:
            leaving[skill], left_from[skill] = value, state


@stepping
def _continue(
    now: Floats, after: Floats, back: Ints, skill: int, least: int, worth: float
) -> None:
    begin = 2 * least * skill
    for state in range(begin, begin + 2 * least):
        then = min(state + 2, begin + 2 * least - 2 + state % 2)
        if now[state] + worth > after[then]:
            after[then], back[then] = now[state] + worth, state


@stepping
def _begin(
    after: Floats,
    back: Ints,
    fresh: tuple[int, float],
    rested: float,
    leaving: Floats,
    left_from: Ints,
) -> None:
    """Begin a block (its first state, its worth): after another skill, or after none."""
    state, worth = fresh
    if rested + worth > after[state + 1]:
        after[state + 1], back[state + 1] = rested + worth, len(after) - 1
    skill = len(leaving) * state // (len(after) - 1)
    for other in range(len(leaving)):
        if other != skill and leaving[other] + worth > after[state]:
            after[state], back[state] = leaving[other] + worth, left_from[other]


@stepping
def _end(now: Floats, block: BlockPrice) -> tuple[int, float]:
    """The best state in which to end a stretch, and what that is worth."""
    found = len(now) - 1
    most = now[found]
    for state in range(len(now) - 1):
        short = (state // 2) % block.least < block.least - 1 and state % 2 == 0
        value = now[state] - (block.price if short else 0.0)
        if value > most:
            found, most = state, value
    return found, most


@threadable
def write_blocks(
    worth: Floats,
    idle: Floats,
    reach: tuple[int, int],
    block: BlockPrice,
    skills: Ints,
    plan: Plans,
) -> None:
    """Write the best blocks of a stretch into a plan, as numbers of `skills`."""
    came, state = walk(worth, idle, reach, block, np.zeros(QUARTERS + 1))
    resting = 2 * block.least * len(worth)
    for quarter in range(reach[1] - 1, reach[0] - 1, -1):
        plan[quarter] = (
            NOTHING if state == resting else skills[state // (2 * block.least)]
        )
        state = came[quarter - reach[0], state]


@threadable
def price_of_plan(plan: Plans, block: BlockPrice) -> float:
    """Euros of the short blocks of a plan; a stretch of a single block is free."""
    total, begun, blocks, short = 0.0, 0, 0, 0
    for quarter in range(1, QUARTERS + 1):
        ends = quarter == QUARTERS or plan[quarter] != plan[quarter - 1]
        if not ends:
            continue
        if plan[quarter - 1] != NOTHING:
            blocks += 1
            short += int(quarter - begun < block.least)
        begun = quarter
        if quarter == QUARTERS or plan[quarter] == NOTHING:
            total += block.price * short if blocks > 1 else 0.0
            blocks, short = 0, 0
    return total
