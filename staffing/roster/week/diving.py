"""From shares to whole weeks: hold people to what has the largest share, price anew."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from staffing.roster.week.columns import Column
from staffing.roster.week.linear import DUAL
from staffing.roster.week.pricing import Prices
from staffing.roster.week.program import Alike, Held, Program
from staffing.roster.week.searching import Stop

LARGE, SURE = 0.7, 0.999
"""A share that is no doubt right, and one of which there is nothing left to choose."""

Price = Callable[[int, Held, Prices], Column | None]
"""The best week of a person at prices, given who is held to what; None if not wanted."""


@dataclass(frozen=True)
class Pace:
    """How fast people are held.

    While more than `slow` of the people are left, `least` of them at a time and those of
    a large share; after that, when each choice costs, one at a time and those who have
    none left. Shares are misjudged by a factor of up to 1 + `astray`, so that no two dives
    are alike.
    """

    least: float
    slow: float
    astray: float = 0.0


def dive(
    program: Program,
    alike: Alike,
    price: Price,
    pace: Pace,
    draw: np.random.Generator,
    stop: Stop,
) -> list[Column]:
    """Weeks that go best together: everybody's, or of fewer when time ran out.

    People are held to weeks that are `alike`, and get the one of largest share at last.
    `program` is solved; it is of no use after.
    """
    held: dict[int, bytes] = {}
    while True:
        held |= _largest(program, alike, held, pace, draw)
        if len(held) == len(program.people):
            break
        program.hold(alike, held)
        program.forget()
        if not program.solve(stop.left, DUAL):
            break
        if not _price(program, held, price, stop):
            break
    return _weeks(program, alike, held)


def _price(program: Program, held: Held, price: Price, stop: Stop) -> bool:
    """Let everybody find better weeks; False when time ran out."""
    prices = program.prices
    for person in program.people:
        if stop.is_late:
            return False
        week = price(person, held, prices)
        if week is not None:
            program.add(week)
    return program.solve(stop.left)


def _largest(
    program: Program, alike: Alike, held: Held, pace: Pace, draw: np.random.Generator
) -> dict[int, bytes]:
    """Whom to hold next, to weeks of what sort."""
    shares = _shares(program, alike, held)
    factors = 1 + pace.astray * draw.random(len(shares))
    sorts = [
        (share * factor, *sort)
        for (sort, share), factor in zip(shares.items(), factors.tolist(), strict=True)
    ]
    left = len(program.people) - len(held)
    is_slow = left <= pace.slow * len(program.people)
    least = 1 if is_slow else math.ceil(pace.least * left)
    chosen: dict[int, bytes] = {}
    for share, person, sort in sorted(sorts, key=lambda one: -one[0]):
        if person in chosen:
            continue
        if len(chosen) >= least and share < (SURE if is_slow else LARGE):
            break
        chosen[person] = sort
    return chosen


def _shares(
    program: Program, alike: Alike, held: Held
) -> dict[tuple[int, bytes], float]:
    """The shares of each sort of week of those not held, summed up."""
    shares = defaultdict[tuple[int, bytes], float](float)
    for column, share in zip(program.columns, program.shares.tolist(), strict=True):
        if column.person not in held:
            shares[column.person, alike(column)] += share
    return shares


def _weeks(program: Program, alike: Alike, held: Held) -> list[Column]:
    """The week of largest share of those who are held."""
    best: dict[int, tuple[float, Column]] = {}
    for column, share in zip(program.columns, program.shares.tolist(), strict=True):
        person = column.person
        if held.get(person) != alike(column):
            continue
        if person not in best or share > best[person][0]:
            best[person] = share, column
    return [column for _, column in best.values()]
