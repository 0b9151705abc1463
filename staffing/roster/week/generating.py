"""Column generation: weeks that pay at the program's prices, until none does any more.

The program's prices leap about; weeks are priced at points between them and the best
prices so far (Wentges 1997), each of which gives a bound.
"""

import math
import time
from collections.abc import Iterable

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.pricing import Prices, capped, no_prices
from staffing.roster.week.program import Program

NEAR = (0.8, 0.4)
"""Shares of the best prices so far in the points where weeks are priced."""

CLOSE = 1e-3
"""Relative distance of bound and program at which prices are good enough."""

MOST_ROUNDS = 200


def generate(bound: Bound, program: Program, deadline: float) -> bool:
    """Price and solve in turn until the bound is close; whether the program is solved.

    `program` is over all people and holds a first week of each.
    """
    best, prices = -math.inf, no_prices(bound.problem.targets)
    points = [prices]
    is_solved = False
    for _ in range(MOST_ROUNDS):
        new = 0
        for point in points:
            value, weeks = bound.weeks(point)
            new += add_all(program, weeks)
            if value > best:
                best, prices = value, point
        if not new and len(points) == 1 and is_solved:
            break  # nothing pays at the program's own prices
        left = deadline - time.monotonic()
        if (new or not is_solved) and (left <= 0 or not program.solve(left)):
            break
        is_solved = True
        if program.objective - bound.best <= CLOSE * abs(program.objective):
            break
        program.forget()
        dual = program.prices
        points = (
            [_between(bound, prices, dual, near) for near in NEAR] if new else [dual]
        )
    return is_solved


def _between(bound: Bound, best: Prices, dual: Prices, near: float) -> Prices:
    mixed = (near * a + (1 - near) * b for a, b in zip(best, dual, strict=True))
    return capped(bound.problem.targets, Prices(*mixed))


def add_all(program: Program, weeks: Iterable[Column]) -> int:
    """Weeks as columns; how many are new."""
    return sum([program.add(week) for week in weeks])
