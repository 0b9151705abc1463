"""What everybody does on one day, shifts as they are: by a program over plans of the day.

Days share no work, so that a day is a small program, and threads may take one each.
"""

from collections.abc import Sequence

import numpy as np

from staffing.roster.week.columns import Column, planned
from staffing.roster.week.diving import Pace, dive
from staffing.roster.week.generating import add_all, between
from staffing.roster.week.pricing import Prices, no_prices
from staffing.roster.week.problem import Problem
from staffing.roster.week.program import Held, Program
from staffing.roster.week.searching import Stop
from staffing.roster.week.tally import NOTHING, Plans, Tally, empty_tally
from staffing.roster.week.targets import of_day

PACE = Pace(least=0.3, slow=0.15)

NEAR = 0.6
"""Share of the prices so far in the second point where plans are priced."""

ROUNDS, WHILE, CLOSE = 40, 3, 1e-4
"""Rounds of pricing at most; they end when so many gain less than a share of all costs."""


def plan_day(problem: Problem, tally: Tally, day: int, stop: Stop) -> dict[int, Plans]:
    """Plans (96,) of those at work on a day that go best together; none if time ran out."""
    now = [_of_day(tally, person, day) for person in _at_work(tally, day)]
    if not now:
        return {}
    program = _program(problem, now, day)
    if not _generate(program, now, stop):
        return {}
    options = {column.person: column.options for column in now}

    def price(person: int, held: Held, prices: Prices) -> Column | None:
        if person in held:
            return None
        return planned(problem, person, options[person], prices)

    draw = np.random.default_rng(0)  # of no use: the pace errs nowhere
    found = dive(program, _exactly, price, PACE, draw, stop)
    is_whole = len(found) == len(now)
    return {week.person: week.plans[day] for week in found} if is_whole else {}


def _exactly(column: Column) -> bytes:
    return column.plans.tobytes()


def _at_work(tally: Tally, day: int) -> list[int]:
    found: list[int] = np.flatnonzero(tally.choice[:, day] != NOTHING).tolist()
    return found


def _of_day(tally: Tally, person: int, day: int) -> Column:
    """Somebody's day alone."""
    options = np.full_like(tally.choice[person], NOTHING)
    plans = np.full_like(tally.plan[person], NOTHING)
    options[day], plans[day] = tally.choice[person, day], tally.plan[person, day]
    return Column(person, options, plans)


def _program(problem: Problem, now: Sequence[Column], day: int) -> Program:
    nobody = empty_tally(
        problem.targets, len(problem.schedules), problem.instance.length
    )
    people = [column.person for column in now]
    program = Program(problem, people, nobody, of_day(problem.targets, day))
    add_all(program, now)
    return program


def _generate(program: Program, now: Sequence[Column], stop: Stop) -> bool:
    """Price and solve in turn until little is gained; whether there was time for it."""
    if not program.solve(stop.left):
        return False
    costs, mean = [program.objective], no_prices(program.targets)
    for _ in range(ROUNDS):
        dual = program.prices
        mean = between(program.targets, mean, dual, NEAR)
        if not sum(
            add_all(
                program,
                (planned(program.problem, *column[:2], point) for column in now),
            )
            for point in (dual, mean)
        ):
            break
        if stop.is_late or not program.solve(stop.left):
            return False
        costs.append(program.objective)
        gain = costs[-WHILE:][0] - costs[-1]
        if len(costs) > WHILE and gain < CLOSE * abs(costs[-1]):
            break
        program.forget()
    return True
