"""Walk from roster to roster: take a few people's days out and put them back better.

Accepted as in simulated annealing: worse ones too, less and less as it cools.
"""

import numpy as np

from staffing.queueing.compiling import stepping, threadable
from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.responding import join, leave, respond
from staffing.roster.lawful.frame import Ints
from staffing.roster.lawful.labels import copy

MOST_TOGETHER = 4
"""Most people taken out at once."""


@threadable
def seed_walk(seed: int) -> None:
    """Seed this thread's draws."""
    np.random.seed(seed)


@stepping
def _window(days: int, widest: int) -> tuple[int, int]:
    width = min(days, 1 + np.random.randint(widest))
    first = np.random.randint(days - width + 1)
    return first, first + width - 1


@threadable
def _some(people: int, size: int, chosen: Ints) -> Ints:
    """Some of the people, each once."""
    for place in range(size):
        chosen[place] = np.random.randint(people - place)
        for before in range(place):
            if chosen[place] == chosen[before]:
                chosen[place] = people - 1 - before
    return chosen[:size]


@stepping
def _restore(plan: Plan, chosen: Ints, window: tuple[int, int], kept: Ints) -> None:
    """Days as they were kept; the heads of who had joined again first go out."""
    for place in range(chosen.size):
        row, before = plan.shift[chosen[place]], kept[place]
        for day in range(window[0], window[1] + 1):
            if row[day] >= 0:
                plan.heads[day, row[day]] -= 1
            row[day] = before[day]
            if row[day] >= 0:
                plan.heads[day, row[day]] += 1


@threadable
def rebuild(
    board: Board,
    plan: Plan,
    chosen: Ints,
    window: tuple[int, int],
    noise: float,
    most: int,
    desk: Desk,
) -> float:
    """Take people out of a window and put them back one by one; the change in euros."""
    change = 0.0
    for place in range(chosen.size):
        copy(plan.shift[chosen[place]], desk.kept[place])
        change -= leave(board, plan, chosen[place], window)
    for place in range(chosen.size):
        person = chosen[place]
        last = place == chosen.size - 1
        respond(board, plan, person, window, 0.0 if last else noise, most, desk)
        change += join(board, plan, person, window)
    if chosen.size == 1:
        return change
    for place in range(chosen.size - 1):
        person = chosen[place]
        change -= leave(board, plan, person, window)
        respond(board, plan, person, window, 0.0, most, desk)
        change += join(board, plan, person, window)
    return change


@threadable
def walk(
    board: Board,
    plan: Plan,
    best: Ints,
    values: tuple[float, float],
    heat: float,
    noise: float,
    widest: int,
    most: int,
    rounds: int,
    desk: Desk,
) -> tuple[float, float]:
    """Rounds of rebuilding at one heat; the value now and the best, kept in `best`."""
    value, least = values
    people, days = plan.shift.shape
    for _ in range(rounds):
        size = min(people, 1 + np.random.randint(MOST_TOGETHER))
        chosen = _some(people, size, desk.chosen)
        window = _window(days, widest)
        blur = noise * np.random.random()
        change = rebuild(board, plan, chosen, window, blur, most, desk)
        if change > 0 and np.random.random() >= np.exp(-change / heat):
            _restore(plan, chosen, window, desk.kept)
            continue
        value += change
        if value < least - 1e-7:
            least = value
            for person in range(people):
                copy(plan.shift[person], best[person])
    return value, least


@threadable
def build(board: Board, plan: Plan, people: Ints, most: int, desk: Desk) -> int:
    """Give people their best days one after the other; how many found no schedule.

    Their rows must not be in the heads yet.
    """
    span = (0, plan.shift.shape[1] - 1)
    without = 0
    for place in range(people.size):
        without += not respond(board, plan, people[place], span, 0.0, most, desk)
        join(board, plan, people[place], span)
    return without
