"""From shares to whole weeks: fix the weeks of largest share, price anew, and so on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.generating import add_all
from staffing.roster.week.linear import DUAL
from staffing.roster.week.program import Program
from staffing.roster.week.searching import Stop


@dataclass(frozen=True)
class Pace:
    """How fast weeks are fixed.

    While more than `slow` of the people are left, those of a share of `share` or more and
    of `least` of the people left; after that, when each choice costs, one at a time.
    `rounds` of pricing follow each step. Shares are misjudged by a factor of up to
    1 + `astray`, so that no two dives are alike.
    """

    share: float = 0.7
    least: float = 0.1
    slow: float = 0.5
    rounds: int = 1
    astray: float = 0.0


def dive(
    bound: Bound, program: Program, pace: Pace, draw: np.random.Generator, stop: Stop
) -> list[Column]:
    """Whole weeks that go best together: everybody's, or fewer when time ran out.

    `program` is solved; it is of no use after.
    """
    fixed: dict[int, Column] = {}
    while True:
        chosen = _largest(program, fixed, pace, draw)
        fixed |= {program.columns[n].person: program.columns[n] for n in chosen}
        if len(fixed) == len(program.people):
            break
        program.fix(chosen)
        program.forget()
        free = [person for person in program.people if person not in fixed]
        if not program.solve(stop.left, DUAL) or not _price(
            bound, program, free, pace.rounds, stop
        ):
            break
    return list(fixed.values())


def _price(
    bound: Bound, program: Program, free: Sequence[int], rounds: int, stop: Stop
) -> bool:
    """Let those whose week is free find better ones; False when time ran out."""
    for _ in range(rounds):
        prices = program.prices
        weeks = [bound.week(person, prices)[1] for person in free]
        if not add_all(program, weeks):
            break
        if stop.is_late or not program.solve(stop.left):
            return False
    return True


def _largest(
    program: Program, fixed: dict[int, Column], pace: Pace, draw: np.random.Generator
) -> list[int]:
    """The columns to fix next, at most one of a person."""
    columns, left = program.columns, len(program.people) - len(fixed)
    shares = program.shares * (1 + pace.astray * draw.random(len(columns)))
    is_slow = left <= pace.slow * len(program.people)
    least = 1 if is_slow else math.ceil(pace.least * left)
    chosen: dict[int, int] = {}
    for number in np.argsort(-shares, kind="stable").tolist():
        person = columns[number].person
        if person in fixed or person in chosen:
            continue
        if len(chosen) >= least and (is_slow or shares[number] < pace.share):
            break
        chosen[person] = number
    return list(chosen.values())
