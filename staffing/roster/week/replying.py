"""What one person's shifts are worth, given all others: every option of a day, exactly."""

from typing import NamedTuple

import numpy as np

from staffing.queueing.compiling import nested, stepping, threadable
from staffing.roster.week.blocks import (
    NEVER,
    BlockPrice,
    price_of_plan,
    walk,
    write_blocks,
)
from staffing.roster.week.tally import (
    NOTHING,
    Plans,
    Tally,
    add_head,
    add_work,
    worth_of_heads,
    worth_of_work,
)
from staffing.roster.week.targets import CLOSED, QUARTERS, Flags, Floats, Ints, Targets

UNWANTED = -1e6
"""Worth of idling while there is work and a desk."""


class Staff(NamedTuple):
    """The people and their options; P people, D days, K skills, T shapes, O options.

    `skills` (P, K) are padded with CLOSED, `functions` (P, M) as of `Targets.need`,
    `apart` (P, D, 96) quarter-hours without activity. `shapes` (T, 4) are quarter-hours:
    begin, break, end of the break, end. The options of a person's day lie from
    `begins[p, d]` to `begins[p, d + 1]`, by place: `shape`, `place`, the `choice` that
    the rules see in it, `own` euros, and `kinds` of unloved shifts as bits. `off` (P, D)
    are euros of a free day (`must`: there is none), `uneven` (P, 3, D + 1) those of a
    number of unloved shifts.
    """

    skills: Ints
    functions: Ints
    apart: Flags
    shapes: Ints
    begins: Ints
    shape: Ints
    place: Ints
    choice: Ints
    own: Floats
    kinds: Ints
    off: Floats
    must: Flags
    uneven: Floats


class Offer(NamedTuple):
    """What the quarter-hours of a place and day are worth to one person.

    `work` (S, 96) by skill, `idle` (96,), `head` (97,) summed up to each quarter-hour.
    """

    work: Floats
    idle: Floats
    head: Floats
    skills: Ints


@nested
def skills_of(staff: Staff, person: int) -> Ints:
    """The skills of a person."""
    known = 0
    while known < staff.skills.shape[1] and staff.skills[person, known] != CLOSED:
        known += 1
    return staff.skills[person, :known]


@nested
def offered(
    targets: Targets, tally: Tally, staff: Staff, who: tuple[int, int], place: int
) -> Offer:
    """What a person's quarter-hours of a day are worth at a place, as things stand."""
    person, day = who
    skills = skills_of(staff, person)
    work, idle = np.empty((len(skills), QUARTERS)), np.zeros(QUARTERS)
    head = np.zeros(QUARTERS)
    worth_of_work(targets, tally, (place, day), skills, work)
    worth_of_heads(targets, tally, (place, day), staff.functions[person], head)
    for quarter in range(QUARTERS):
        if staff.apart[person, day, quarter]:
            work[:, quarter], head[quarter] = -np.inf, 0.0
        for s in range(len(skills)):
            if work[s, quarter] > NEVER:
                idle[quarter] = UNWANTED
    return Offer(work, idle, summed(head), skills)


@nested
def summed(values: Floats) -> Floats:
    """Sums up to each place, from 0."""
    sums = np.zeros(len(values) + 1)
    for i in range(len(values)):
        sums[i + 1] = sums[i] + values[i]
    return sums


@nested
def appraise(
    staff: Staff, offer: Offer, block: BlockPrice, span: tuple[int, int], worth: Floats
) -> None:
    """Worth of the options of a span, all of one place and day: work, presence, own."""
    reach = _reaches(staff, span)
    best = np.empty((QUARTERS, QUARTERS + 1))
    for first in range(QUARTERS):
        if reach[first] > first:
            walk(offer.work, offer.idle, (first, reach[first]), block, best[first])
    for option in range(span[0], span[1]):
        begin, pause, resume, end = staff.shapes[staff.shape[option]]
        value = best[begin, pause] + offer.head[pause] - offer.head[begin]
        if resume < end:
            value += best[resume, end] + offer.head[end] - offer.head[resume]
        worth[option - span[0]] = value - staff.own[option]


@nested
def _reaches(staff: Staff, span: tuple[int, int]) -> Ints:
    """How far the stretches of some options reach from each quarter-hour."""
    reach = np.zeros(QUARTERS + 1, np.int64)
    for option in range(span[0], span[1]):
        begin, pause, resume, end = staff.shapes[staff.shape[option]]
        reach[begin] = max(reach[begin], pause)
        reach[resume] = max(reach[resume], end)
    return reach


@stepping
def place_span(staff: Staff, first: int, last: int) -> int:
    """Where the options of the place of the first one end."""
    end = first
    while end < last and staff.place[end] == staff.place[first]:
        end += 1
    return end


@stepping
def best_of_choices(
    staff: Staff, span: tuple[int, int], worth: Floats, costs: Floats, which: Ints
) -> None:
    """The best option of each choice: its cost (C,) and its number (C,)."""
    for option in range(span[0], span[1]):
        choice, cost = staff.choice[option], -worth[option - span[0]]
        if cost < costs[choice]:
            costs[choice], which[choice] = cost, option


@threadable
def reply(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    person: int,
    free: Flags,
    costs: Floats,
    off: Floats,
    which: Ints,
) -> None:
    """Price a person's days: costs (D, C) of choices and `off` (D,), infinite if none.

    The shifts of days that are `free` must have been cleared; the others stay as they
    are. `which` (D, C) is the option behind each choice.
    """
    costs[:], which[:], off[:] = np.inf, NOTHING, np.inf
    for day in range(len(free)):
        if not free[day]:
            option = tally.choice[person, day]
            if option == NOTHING:
                off[day] = 0.0
            else:
                costs[day, staff.choice[option]] = 0.0
                which[day, staff.choice[option]] = option
            continue
        off[day] = np.inf if staff.must[person, day] else staff.off[person, day]
        first, last = staff.begins[person, day], staff.begins[person, day + 1]
        while first < last:
            span = (first, place_span(staff, first, last))
            offer = offered(targets, tally, staff, (person, day), staff.place[first])
            worth = np.empty(span[1] - span[0])
            appraise(staff, offer, block, span, worth)
            best_of_choices(staff, span, worth, costs[day], which[day])
            first = span[1]


@threadable
def clear(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    person: int,
    free: Flags,
) -> float:
    """Take out a person's shifts of the free days; the change in euros."""
    change = -own_cost(tally, staff, person)
    for day in range(len(free)):
        if free[day] and tally.choice[person, day] != NOTHING:
            change += _count(targets, tally, staff, block, (person, day), -1)
            tally.choice[person, day] = NOTHING
    return change


@threadable
def settle(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    person: int,
    free: Flags,
    path: Ints,
    which: Ints,
) -> float:
    """Put in the shifts of a path, with their best blocks; the change in euros."""
    change = 0.0
    for day in range(len(free)):
        if not free[day] or path[day] < 0:
            continue
        option = which[day, path[day]]
        offer = offered(targets, tally, staff, (person, day), staff.place[option])
        begin, pause, resume, end = staff.shapes[staff.shape[option]]
        plan = tally.plan[person, day]
        plan[:] = NOTHING
        for reach in ((begin, pause), (resume, end)):
            if reach[1] > reach[0]:
                write_blocks(offer.work, offer.idle, reach, block, offer.skills, plan)
        tally.choice[person, day] = option
        change += _count(targets, tally, staff, block, (person, day), 1)
    return change + own_cost(tally, staff, person)


@threadable
def put_back(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    person: int,
    choices: Ints,
    plans: Plans,
) -> float:
    """Give a person a week of options (D,) and plans (D, 96); the change in euros."""
    change = -own_cost(tally, staff, person)
    for day in range(len(choices)):
        if tally.choice[person, day] != NOTHING:
            change += _count(targets, tally, staff, block, (person, day), -1)
        tally.choice[person, day] = choices[day]
        tally.plan[person, day] = plans[day]
        if choices[day] != NOTHING:
            change += _count(targets, tally, staff, block, (person, day), 1)
    return change + own_cost(tally, staff, person)


@stepping
def _count(
    targets: Targets,
    tally: Tally,
    staff: Staff,
    block: BlockPrice,
    who: tuple[int, int],
    sign: int,
) -> float:
    """Count a person's shift of a day in or out; the change in euros, own cost aside."""
    person, day = who
    option, plan = tally.choice[person, day], tally.plan[person, day]
    where = (staff.place[option], day)
    functions, apart = staff.functions[person], staff.apart[person, day]
    shape = staff.shapes[staff.shape[option]]
    change = add_work(targets, tally, where, plan, sign)
    change += add_head(targets, tally, where, functions, shape, apart, sign)
    return change + sign * price_of_plan(plan, block)


@stepping
def own_cost(tally: Tally, staff: Staff, person: int) -> float:
    """Euros of a person's own week: hours, wishes, changes and unloved shifts."""
    return own_cost_of(staff, person, tally.choice[person])


@threadable
def own_cost_of(staff: Staff, person: int, options: Ints) -> float:
    """As `own_cost`, of any week of a person (D,)."""
    total = 0.0
    for day in range(len(options)):
        option = options[day]
        if option == NOTHING:
            total += staff.off[person, day]
            continue
        total += staff.own[option]
    for kind in range(3):
        number = 0
        for option in options:
            if option != NOTHING:
                number += (staff.kinds[option] >> kind) & 1
        total += staff.uneven[person, kind, number]
    return total
