"""Activities of one day anew, shifts as they are: a fast search as one kernel.

Some people lay down what they do and take up, one after another, what is worth most.
Late acceptance, as in `searching`. Days share no work, so threads may take one each.
"""

import numpy as np

from staffing.queueing.compiling import nested, stepping, threadable
from staffing.roster.week.blocks import (
    NEVER,
    BlockPrice,
    price_of_plan,
    write_blocks,
)
from staffing.roster.week.replying import UNWANTED, Staff, skills_of
from staffing.roster.week.tally import NOTHING, Plans, Tally, add_work, worth_of_work
from staffing.roster.week.targets import QUARTERS, Floats, Ints, Targets

MOST = 5
MEMORY = 20
"""Rounds per person that late acceptance looks back."""

ASTRAY = 4.0
"""Most euros by which the worth of an hour's work is misjudged, now and then."""


@threadable
def shuffle(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    day: int,
    seed: int,
    rounds: int,
) -> float:
    """Improve what people do on a day in so many rounds per person; the change in euros."""
    np.random.seed(seed)
    people = np.flatnonzero(tally.choice[:, day] != NOTHING)
    kept, before = tally.plan[:, day].copy(), np.empty((MOST, QUARTERS), np.int8)
    memory, cost, best = np.zeros(MEMORY * len(people) + 1), 0.0, 0.0
    for number in range(rounds * len(people)):
        some = min(1 + np.random.randint(MOST), len(people))
        _draw(people, some)
        change = 0.0
        for i in range(some):
            before[i] = tally.plan[people[i], day]
            change += _put(targets, tally, staff, block, (people[i], day), -1)
        astray = ASTRAY * np.random.random() * np.random.randint(2)
        for i in range(some):
            _take_up(targets, tally, staff, block, (people[i], day), astray)
            change += _put(targets, tally, staff, block, (people[i], day), 1)
        place = number % len(memory)
        if cost + change > max(memory[place], cost) + 1e-9:
            for i in range(some):
                _put(targets, tally, staff, block, (people[i], day), -1)
                tally.plan[people[i], day] = before[i]
                _put(targets, tally, staff, block, (people[i], day), 1)
        else:
            cost += change
        memory[place] = cost
        if cost < best - 1e-9:
            best = cost
            kept[:] = tally.plan[:, day]
    for i in range(len(people)):
        _put(targets, tally, staff, block, (people[i], day), -1)
        tally.plan[people[i], day] = kept[people[i]]
        _put(targets, tally, staff, block, (people[i], day), 1)
    return best


@stepping
def _draw(people: Ints, some: int) -> None:
    """Bring some people, drawn at random, to the front."""
    for i in range(some):
        j = i + np.random.randint(len(people) - i)
        people[i], people[j] = people[j], people[i]


@stepping
def _put(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    who: tuple[int, int],
    sign: int,
) -> float:
    """Count what somebody does in or out; the change in euros."""
    plan: Plans = tally.plan[who]
    where = (staff.place[tally.choice[who]], who[1])
    change = add_work(targets, tally, where, plan, sign)
    return change + sign * price_of_plan(plan, block)


@nested
def _take_up(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    who: tuple[int, int],
    astray: float,
) -> None:
    """Write what is worth most to do in a shift, misjudged by some euros an hour."""
    option, skills = tally.choice[who], skills_of(staff, who[0])
    work, idle = np.empty((len(skills), QUARTERS)), np.zeros(QUARTERS)
    where = (staff.place[option], who[1])
    worth_of_work(targets, tally, where, skills, work)
    for quarter in range(QUARTERS):
        if staff.apart[who[0], who[1], quarter]:
            work[:, quarter] = -np.inf
        elif work[:, quarter].max() > NEVER:
            idle[quarter] = UNWANTED
    if astray > 0.0:
        _misjudge(work, astray)
    begin, pause, resume, end = staff.shapes[staff.shape[option]]
    plan = tally.plan[who]
    plan[:] = NOTHING
    for reach in ((begin, pause), (resume, end)):
        if reach[1] > reach[0]:
            write_blocks(work, idle, reach, block, skills, plan)


@stepping
def _misjudge(work: Floats, astray: float) -> None:
    """Err by so many euros, the same for a whole hour of an activity."""
    for s in range(len(work)):
        error = 0.0
        for quarter in range(QUARTERS):
            if quarter % 4 == 0:
                error = np.random.normal(0.0, astray)
            work[s, quarter] += error
