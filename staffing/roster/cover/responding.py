"""The best schedule of one person while all others stay: exact, in a window of days."""

import numpy as np

from staffing.queueing.compiling import nested, stepping
from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.lawful.counting import copy
from staffing.roster.lawful.frame import (
    BIG,
    COUNTS,
    DAYS,
    KINDS,
    LAST_TAIL,
    LEAST_OFF,
    LEAST_RUN,
    LONG_ENOUGH,
    MINUTES,
    NO_WEEKEND,
    NONE,
    RUN,
    SATURDAY,
    SUNDAY,
    TAIL,
    WEEKEND,
    WEEKENDS_WORKED,
    WORKED,
    Floats,
    Frame,
    Ints,
)
from staffing.roster.lawful.labels import cheapest


@nested
def frame_at(board: Board, person: int) -> Frame:
    """The rules of one person."""
    return Frame(
        board.choices[person],
        board.days[person],
        board.follow[person],
        board.most_kind[person],
        board.limits[person],
        board.entry[person],
        board.dues,
    )


@stepping
def count(board: Board, row: Ints, person: int, day: int, label: Ints) -> None:
    """Add what a day of a schedule uses to a label."""
    shift = row[day]
    if shift < 0:
        return
    choice = board.choices[person, day, board.choice_of[person, day, shift]]
    label[WORKED] += choice[MINUTES]
    for kind in range(board.most_kind.shape[1]):
        label[COUNTS + kind] += (choice[KINDS] >> kind) & 1
    part = board.days[person, day, WEEKEND]
    if part == SUNDAY:
        label[WEEKENDS_WORKED] += row[day - 1] < 0
    elif part != NO_WEEKEND:
        label[WEEKENDS_WORKED] += 1


@stepping
def enter(board: Board, row: Ints, person: int, first: int, label: Ints) -> None:
    """The run and the shift before a day of a schedule, into a label."""
    copy(board.entry[person], label)
    if first == 0:
        return
    limits, start = board.limits[person], first - 1
    working = row[start] >= 0
    while start > 0 and (row[start - 1] >= 0) == working:
        start -= 1
    length = first - start
    label[LONG_ENOUGH] = 1
    label[LAST_TAIL] = board.follow.shape[2] - 1
    if not working:
        label[DAYS] = (
            -limits[LEAST_OFF] if start == 0 else -min(length, limits[LEAST_OFF])
        )
        return
    label[LONG_ENOUGH] = int(start == 0 or length >= limits[LEAST_RUN])
    if start == 0:
        length += max(board.entry[person, DAYS], 0)
    label[DAYS] = length if limits[RUN] < BIG else min(length, limits[LEAST_RUN])
    last = board.choice_of[person, first - 1, row[first - 1]]
    label[LAST_TAIL] = board.choices[person, first - 1, last, TAIL]


@stepping
def settled_after(board: Board, row: Ints, person: int, last: int) -> int:
    """The day up to which a change before `last` (itself included) can be felt."""
    end = row.size - 1
    if last >= end:
        return end
    day, working = last + 1, row[last + 1] >= 0
    while day < end and (row[day] >= 0) == working:
        day += 1
    if day < end and board.days[person, day, WEEKEND] == SATURDAY:
        day += 1
    return day


@stepping
def wipe(costs: Floats) -> None:
    """No choice of a day may be had."""
    for choice in range(costs.size):
        costs[choice] = np.inf


@stepping
def price(board: Board, plan: Plan, person: int, day: int, desk: Desk) -> None:
    """What each choice of a day would cost, the cheapest shift of it."""
    costs, own = desk.costs[day], board.own[person, day]
    wipe(costs)
    for shift in range(plan.heads.shape[1]):
        choice = board.choice_of[person, day, shift]
        if choice >= 0:
            cost = own[shift] + board.step[day, shift, plan.heads[day, shift]]
            if cost < costs[choice]:
                costs[choice] = cost
                desk.pick[day, choice] = shift
    desk.off[day] = own[plan.heads.shape[1]]


@stepping
def fix(board: Board, row: Ints, person: int, day: int, desk: Desk) -> None:
    """Leave a day as it is, at no cost."""
    wipe(desk.costs[day])
    desk.off[day] = 0.0 if row[day] < 0 else np.inf
    if row[day] >= 0:
        choice = board.choice_of[person, day, row[day]]
        desk.costs[day, choice] = 0.0
        desk.pick[day, choice] = row[day]


@stepping
def prepare(
    board: Board, plan: Plan, person: int, window: tuple[int, int], desk: Desk
) -> tuple[int, int]:
    """Label before and days after a window, into `desk`; the days to be searched."""
    row = plan.shift[person]
    if board.cuts[person] == 0:
        for day in range(row.size):
            if day < window[0] or day > window[1]:
                fix(board, row, person, day, desk)
        copy(board.entry[person], desk.label)
        return 0, row.size - 1
    end = settled_after(board, row, person, window[1])
    enter(board, row, person, window[0], desk.label)
    for day in range(window[0]):
        count(board, row, person, day, desk.label)
    for day in range(end + 1, row.size):
        count(board, row, person, day, desk.label)
    for day in range(window[1] + 1, end + 1):
        fix(board, row, person, day, desk)
    return window[0], end


@stepping
def leave(board: Board, plan: Plan, person: int, window: tuple[int, int]) -> float:
    """What a person's days in a window cost, taken out of the heads (the row stays)."""
    total, shifts = 0.0, plan.heads.shape[1]
    for day in range(window[0], window[1] + 1):
        shift = plan.shift[person, day]
        total += board.own[person, day, shift if shift >= 0 else shifts]
        if shift >= 0:
            plan.heads[day, shift] -= 1
            total += board.step[day, shift, plan.heads[day, shift]]
    return total


@stepping
def join(board: Board, plan: Plan, person: int, window: tuple[int, int]) -> float:
    """Put a person's days in a window back into the heads; what they cost."""
    total, shifts = 0.0, plan.heads.shape[1]
    for day in range(window[0], window[1] + 1):
        shift = plan.shift[person, day]
        total += board.own[person, day, shift if shift >= 0 else shifts]
        if shift >= 0:
            total += board.step[day, shift, plan.heads[day, shift]]
            plan.heads[day, shift] += 1
    return total


@nested
def respond(
    board: Board,
    plan: Plan,
    person: int,
    window: tuple[int, int],
    noise: float,
    most: int,
    desk: Desk,
) -> bool:
    """Give a person that left a window the best days there; False if none was found.

    `noise` is the most that costs are blurred by, so that the next best is found too.
    """
    days = prepare(board, plan, person, window, desk)
    for day in range(window[0], window[1] + 1):
        price(board, plan, person, day, desk)
        if noise > 0:
            blur(desk.costs[day], noise)
    frame = frame_at(board, person)
    cost, _ = cheapest(
        frame, desk.costs, desk.off, desk.label, days, most, desk.space, desk.path
    )
    if cost == np.inf:
        return False
    for day in range(window[0], window[1] + 1):
        choice = desk.path[day]
        plan.shift[person, day] = desk.pick[day, choice] if choice >= 0 else NONE
    return True


@stepping
def blur(costs: Floats, noise: float) -> None:
    """Add noise to costs, in place."""
    for choice in range(costs.size):
        costs[choice] += noise * np.random.random()  # numba's own
