"""Activities and small repairs: person by person, the best answer to all others.

Each move is kept only when it lowers the cost, so the rounds end; the order of people
is drawn from the seed.
"""

import random
import time
from collections.abc import Mapping
from datetime import date

import numpy as np

from staffing.roster.people import Person
from staffing.roster.week.aggregate import Share
from staffing.roster.week.board import IDLE, QUARTERS, Gains
from staffing.roster.week.grouping import team_of
from staffing.roster.week.worksheet import EPSILON, Placed, Worksheet

ROUNDS = 12
CANDIDATES = 3
"""Templates that are worked out per person and day, besides the present one."""


def plan_activities(sheet: Worksheet, targets: Mapping[Share, float]) -> None:
    """Fill the shifts with activities: each team follows its share of the plan.

    `targets` are people per team, day, skill and quarter-hour; what they leave open is
    decided by what one more person saves. People with the fewest skills go first.
    """
    left = dict(targets)
    people = sheet.problem.instance.people
    for person in sorted(people, key=lambda p: (len(p.skills), p.code)):
        for day in person.days:
            shift = sheet.take(person, day)
            if shift is not None:
                gains = _guided(sheet, person, day, left)
                new = sheet.planned(person, day, shift.template, gains)
                sheet.put(person, day, new)
                _count_off(sheet, person, day, new, left)


def _guided(
    sheet: Worksheet, person: Person, day: date, left: Mapping[Share, float]
) -> Gains:
    """Gains of the board, far below what the plan still wants of this team."""
    board, team = sheet.boards[person.location, day], team_of(person)
    wanted = np.array(
        [
            [left.get((team, day, skill, q), 0.0) for q in range(QUARTERS)]
            for skill in board.skills
        ]
    )
    return np.asarray(board.gains() / 100 + 10 * np.clip(wanted, 0.0, 1.0))


def _count_off(
    sheet: Worksheet, person: Person, day: date, shift: Placed, left: dict[Share, float]
) -> None:
    skills, team = sheet.boards[person.location, day].skills, team_of(person)
    for quarter in np.flatnonzero(shift.plan != IDLE).tolist():
        key = (team, day, skills[shift.plan[quarter]], quarter)
        left[key] = left.get(key, 0.0) - 1.0


def polish(sheet: Worksheet, seed: int, deadline: float) -> int:
    """Improve until a round changes nothing, at most ROUNDS; returns the rounds run."""
    order = [(p, day) for p in sheet.problem.instance.people for day in p.days]
    shuffle = random.Random(seed)  # noqa: S311 - a search order, no secret
    for number in range(ROUNDS):
        shuffle.shuffle(order)
        if time.monotonic() > deadline:
            return number
        moved = [_improve(sheet, person, day) for person, day in order]
        if not any(moved):
            return number + 1
    return ROUNDS


def ruin_and_recreate(sheet: Worksheet, seed: int, rounds: int, deadline: float) -> int:
    """Take some people of one place and day out, put them back better.

    Returns how many rounds paid. A round that does not lower the cost is undone. A number of rounds, not a clock,
    ends it, so that the same seed gives the same roster on any machine.
    """
    draw = random.Random(seed)  # noqa: S311 - a search order, no secret
    boards = sorted(sheet.boards)
    better = 0
    for _ in range(rounds if boards else 0):
        if time.monotonic() > deadline:
            break
        better += _rebuild(sheet, *draw.choice(boards), draw)
    return better


def _rebuild(sheet: Worksheet, location: str, day: date, draw: random.Random) -> bool:
    people = [
        person
        for person in sheet.problem.instance.people
        if person.location == location and day in person.days
    ]
    chosen = draw.sample(people, min(len(people), draw.randint(2, 6)))
    before = _local_cost(sheet, chosen, location, day)
    kept = [(person, sheet.take(person, day)) for person in chosen]
    for person in (*chosen, *chosen):
        _improve(sheet, person, day)
    if _local_cost(sheet, chosen, location, day) < before - EPSILON:
        return True
    for person in chosen:
        sheet.take(person, day)
    for person, shift in kept:
        if shift is not None:
            sheet.put(person, day, shift)
    return False


def _local_cost(
    sheet: Worksheet, people: list[Person], location: str, day: date
) -> float:
    """Cost of a board and of these people's blocks and hours on it."""
    shared = sheet.boards[location, day].cost()
    return shared + sum(sheet.cost_of_day(p, day) - shared for p in people)


def _improve(sheet: Worksheet, person: Person, day: date) -> bool:
    """Replace one day's shift by the best one; whether that saved anything."""
    if (person.location, day) not in sheet.boards:
        return False
    before = sheet.cost_of_day(person, day)
    old = sheet.take(person, day)
    gains = sheet.boards[person.location, day].gains()
    best, least = old, before - EPSILON
    for template in _promising(sheet, person, day, gains, old):
        new = sheet.planned(person, day, template, gains)
        sheet.put(person, day, new)
        cost = sheet.cost_of_day(person, day)
        if cost < least:
            best, least = new, cost
        sheet.take(person, day)
    if best is not None:
        sheet.put(person, day, best)
    return best is not old


def _promising(
    sheet: Worksheet, person: Person, day: date, gains: Gains, old: Placed | None
) -> list[int]:
    """The present template and the lawful ones of greatest worth by their hours."""
    board = sheet.boards[person.location, day]
    skills = sheet.skill_indices(person, board)
    if not len(skills):
        return []
    worth = np.maximum(gains[skills].max(axis=0), 0.0)
    sums = np.concatenate(([0.0], np.cumsum(worth)))
    price = sheet.problem.instance.policy.price_hour
    scored = []
    for template in sheet.fits(person, day):
        shift = sheet.templates[template]
        pause = (shift.break_start or 0) // 15, (shift.break_end or 0) // 15
        gain = sums[shift.end // 15] - sums[shift.start // 15]
        gain -= sums[pause[1]] - sums[pause[0]]
        scored.append((-gain - price * shift.hours, template))
    found = [] if old is None else [old.template]
    for _, template in sorted(scored):
        if len(found) > CANDIDATES:
            break
        if template not in found and sheet.is_lawful(person, day, template):
            found.append(template)
    return found
