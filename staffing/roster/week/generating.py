"""Column generation: weeks that pay at the program's prices, until none does any more.

The program's prices leap about; weeks are priced at points between them and the best
prices so far (Wentges 1997), each of which gives a bound. The best prices rise by an
ascent of their own before there is a program to speak of.
"""

import time
from collections.abc import Iterable

import numpy as np

from staffing.roster.week.ascending import Ascent
from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.linear import DUAL, PRIMAL
from staffing.roster.week.pricing import Prices, capped
from staffing.roster.week.program import Program
from staffing.roster.week.targets import Targets

NEARER, NEAR = (0.95, 0.8), (0.8, 0.4)
"""Shares of the best prices in the points where weeks are priced: far from the bound, and
close to it, where the program's prices tell more."""

WIDE = 0.05
"""Relative distance of bound and program that is far."""

CLOSE = 1e-3
"""Relative distance of bound and program at which prices are good enough."""

MOST_ROUNDS = 200
CLIMB, EARLY = 80, 6
"""Steps of the ascent; rounds in which there is so much to gain that the dual method is
faster."""


def generate(bound: Bound, program: Program, deadline: float) -> bool:
    """Price and solve in turn until the bound is close; whether the program is solved.

    Goes on from the best prices known. `program` is over all people and holds a first
    week of each.
    """
    is_new = program.objective == np.inf
    if not program.solve(_left(deadline), DUAL):
        return False
    if is_new:
        add_all(program, Ascent(bound, program.objective).run(CLIMB, deadline))
    for number in range(MOST_ROUNDS):
        program.forget()
        if is_close(bound, program) or not _add_weeks(bound, program):
            break
        method = DUAL if is_new and number < EARLY else PRIMAL
        if not program.solve(_left(deadline), method):
            break
    return True


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _add_weeks(bound: Bound, program: Program) -> int:
    """Weeks that pay between the program's prices and the best, or else at the former."""
    targets, dual = bound.problem.targets, program.prices
    shares = NEAR if is_within(WIDE, bound, program) else NEARER
    points = [between(targets, bound.prices, dual, share) for share in shares]
    new = sum([add_all(program, bound.weeks(point)[1]) for point in points])
    return new or add_all(program, bound.weeks(dual)[1])


def is_close(bound: Bound, program: Program) -> bool:
    """Whether the bound is as good as need be."""
    return is_within(CLOSE, bound, program)


def is_within(share: float, bound: Bound, program: Program) -> bool:
    """Whether the bound is so near to the program, relative to its cost."""
    above = program.objective - bound.best
    return bool(above < np.inf and above <= share * abs(program.objective))


def between(targets: Targets, one: Prices, other: Prices, near: float) -> Prices:
    """Prices between two, with a share `near` of the first."""
    mixed = (near * a + (1 - near) * b for a, b in zip(one, other, strict=True))
    return capped(targets, Prices(*mixed))


def add_all(program: Program, weeks: Iterable[Column]) -> int:
    """Weeks as columns; how many are new."""
    return sum([program.add(week) for week in weeks])
