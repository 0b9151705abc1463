"""Schedules of one person that cost least at given prices of heads, exact by labels."""

import numpy as np

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.cover.board import Board, Desk
from staffing.roster.cover.responding import frame_at, wipe
from staffing.roster.lawful.frame import NONE, Floats, Ints
from staffing.roster.lawful.labels import cheapest, cheapest_at, trace


@stepping
def _price(board: Board, person: int, worth: Floats, fixed: Ints, desk: Desk) -> None:
    """Cost of each choice of each day: own cost less what a head is worth there.

    `fixed` (D, S + 1) is 0 where something was ruled out for the person.
    """
    shifts = worth.shape[1]
    for day in range(worth.shape[0]):
        own = board.own[person, day]
        wipe(desk.costs[day])
        desk.off[day] = own[shifts] if fixed[day, shifts] else np.inf
        for shift in range(shifts):
            choice = board.choice_of[person, day, shift]
            if choice >= 0 and fixed[day, shift]:
                cost = own[shift] - worth[day, shift]
                if cost < desk.costs[day, choice]:
                    desk.costs[day, choice] = cost
                    desk.pick[day, choice] = shift


@threadable
def best_rows(
    board: Board,
    person: int,
    worth: Floats,
    fixed: Ints,
    most: int,
    desk: Desk,
    rows: Ints,
) -> tuple[float, int, bool]:
    """Least cost of a schedule at the worth of heads (D, S), and some of the cheapest.

    Writes them into `rows` (any number, D), says how many there are, and whether none is
    cheaper than the first.
    """
    _price(board, person, worth, fixed, desk)
    last = worth.shape[0] - 1
    cost, exact = cheapest(
        frame_at(board, person),
        desk.costs,
        desk.off,
        board.entry[person],
        (0, last),
        most,
        desk.space,
        desk.path,
    )
    if cost == np.inf:
        return cost, 0, exact
    begin, end = desk.space.begun[last + 1], desk.space.begun[last + 2]
    found = min(rows.shape[0], end - begin)
    for place in range(found):
        at = cheapest_at(desk.space.cost, begin, end)
        trace(desk.space, at, 0, last, desk.path)
        desk.space.cost[at] = np.inf
        for day in range(last + 1):
            choice = desk.path[day]
            rows[place, day] = desk.pick[day, choice] if choice >= 0 else NONE
    return cost, found, exact
