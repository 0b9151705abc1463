"""Column generation: weeks that pay at the program's prices, until none does any more.

The program's prices leap about; weeks are priced at points between them and the best
prices so far (Wentges 1997), each of which gives a bound.
"""

import time
from collections.abc import Iterable

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.pricing import Prices, capped
from staffing.roster.week.program import Program
from staffing.roster.week.targets import Targets

NEAR = (0.8, 0.4)
"""Shares of the best prices so far in the points where weeks are priced."""

CLOSE = 1e-3
"""Relative distance of bound and program at which prices are good enough."""

MOST_ROUNDS = 200


def generate(bound: Bound, program: Program, deadline: float) -> bool:
    """Price and solve in turn until the bound is close; whether the program is solved.

    Goes on from the best prices known. `program` is over all people and holds a first
    week of each.
    """
    points = [bound.prices]
    is_solved = False
    for _ in range(MOST_ROUNDS):
        new = 0
        for point in points:
            new += add_all(program, bound.weeks(point)[1])
        if not new and len(points) == 1 and is_solved:
            break  # nothing pays at the program's own prices
        left = deadline - time.monotonic()
        if (new or not is_solved) and (left <= 0 or not program.solve(left)):
            break
        is_solved = True
        if is_close(bound, program):
            break
        program.forget()
        dual = program.prices
        points = (
            [between(bound.problem.targets, bound.prices, dual, near) for near in NEAR]
            if new
            else [dual]
        )
    return is_solved


def is_close(bound: Bound, program: Program) -> bool:
    """Whether the bound is as good as need be."""
    above = program.objective - bound.best
    return bool(above < np.inf and above <= CLOSE * abs(program.objective))


def between(targets: Targets, one: Prices, other: Prices, near: float) -> Prices:
    """Prices between two, with a share `near` of the first."""
    mixed = (near * a + (1 - near) * b for a, b in zip(one, other, strict=True))
    return capped(targets, Prices(*mixed))


def add_all(program: Program, weeks: Iterable[Column]) -> int:
    """Weeks as columns; how many are new."""
    return sum([program.add(week) for week in weeks])
