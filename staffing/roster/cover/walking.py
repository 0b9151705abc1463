"""Walk from roster to roster: take a few people's days out and put them back better.

Accepted as in simulated annealing: worse ones too, less and less as it cools.
"""

import numpy as np

from staffing.queueing.compiling import nested, stepping, threadable
from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.responding import fix, frame_at, join, leave, respond
from staffing.roster.lawful.counting import copy
from staffing.roster.lawful.frame import Ints
from staffing.roster.lawful.labels import cheapest

MOST_TOGETHER = 4
"""Most people taken out at once."""


@threadable
def seed_walk(seed: int) -> None:
    """Seed this thread's draws."""
    np.random.seed(seed)


@stepping
def _window(days: tuple[int, int], widest: int) -> tuple[int, int]:
    """Days of a window: each doubling of its width is as likely."""
    size = days[1] - days[0] + 1
    width = min(size, int((widest + 1.0) ** np.random.random()))
    first = days[0] + np.random.randint(size - width + 1)
    return first, first + width - 1


@nested
def _some(people: Ints, size: int, chosen: Ints) -> Ints:
    """Some of the people, each once: `people` is shuffled as far as needed."""
    for place in range(size):
        other = place + np.random.randint(people.size - place)
        people[place], people[other] = people[other], people[place]
        chosen[place] = people[place]
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


@nested
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
    people: Ints,
    days: tuple[int, int],
    heat: tuple[float, float],
    widest: int,
    most: int,
    rounds: int,
    desk: Desk,
) -> float:
    """Rounds of rebuilding some of the people within some of the days.

    `heat` is that of the annealing, and of the blur of costs; `widest` is the widest
    window, `most` the most labels of a day. Returns the change in euros. Threads may walk
    at once that share neither people nor days.
    """
    total = 0.0
    for _ in range(rounds):
        size = min(people.size, 1 + np.random.randint(MOST_TOGETHER))
        chosen = _some(people, size, desk.chosen)
        window = _window(days, widest)
        blur = heat[1] * np.random.random()
        change = rebuild(board, plan, chosen, window, blur, most, desk)
        if change > 0 and np.random.random() >= np.exp(-change / heat[0]):
            _restore(plan, chosen, window, desk.kept)
            continue
        total += change
    return total


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


@threadable
def is_lawful(board: Board, row: Ints, person: int, desk: Desk) -> bool:
    """Whether a person may have a schedule."""
    for day in range(row.size):
        if row[day] >= 0 and board.choice_of[person, day, row[day]] < 0:
            return False
        fix(board, row, person, day, desk)
    frame = frame_at(board, person)
    cost, _ = cheapest(
        frame,
        desk.costs,
        desk.off,
        board.entry[person],
        (0, row.size - 1),
        2,
        desk.space,
        desk.path,
    )
    return bool(cost < np.inf)
