"""Rosters from the program's shares: dives of several kinds, each polished."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column, planned
from staffing.roster.week.diving import Pace, Price, dive
from staffing.roster.week.polishing import Polish
from staffing.roster.week.pricing import Prices
from staffing.roster.week.program import Held, Program
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.tally import Plans
from staffing.roster.week.targets import Ints

FIRST = Pace(least=0.4, slow=0.05), Pace(least=0.2, slow=0.3)
THEN = Pace(least=0.2, slow=0.3, astray=0.3)
"""A fast dive and a slower one; after them dives that go astray."""

TOGETHER = 2
"""Attempts side by side."""

DIVING = 0.6
"""Share of the time left, at most, for a dive; the rest is for the polish."""

Found = tuple[float, tuple[Ints, Plans]]
"""The cost of a roster, and everybody's weeks."""


def attempt(
    bound: Bound, program: Program, seed: int, wave: int, stop: Stop, workers: int
) -> list[Found]:
    """The rosters of a wave of attempts; each ends at the goal, or when time does.

    The outcome does not depend on the number of threads, unless time ends it.
    """
    numbers = range(wave * TOGETHER, (wave + 1) * TOGETHER)
    with ThreadPoolExecutor(min(workers, TOGETHER)) as pool:
        jobs = [
            pool.submit(_attempt, bound, program, (seed, number), stop)
            for number in numbers
        ]
        found = [job.result() for job in jobs]
    return [one for one in found if one is not None]


def _attempt(
    bound: Bound, program: Program, number: tuple[int, int], stop: Stop
) -> Found | None:
    """One dive and its polish; None when there is no time for it."""
    if stop.is_late:
        return None
    pace = FIRST[number[1]] if number[1] < len(FIRST) else THEN
    search, mine = Search(bound.problem, number), program.copy()
    draw = np.random.default_rng(number)
    soon = replace(stop, deadline=stop.part(DIVING))
    price = _pricing(Bound(bound.problem))
    weeks = dive(mine, _shifts, price, pace, draw, soon)
    for week in weeks:
        search.cost += search.editor.take_shifts(week.person, week.options)
    if not search.fill(stop):
        return None
    polish = Polish(search, 1)
    polish.shuffle()
    polish.plan(stop)
    polish.run(stop)
    return search.cost, search.copy()


def _shifts(column: Column) -> bytes:
    """Weeks of the same shifts are alike: what is done in them stays open in a dive."""
    return column.options.tobytes()


def _pricing(bound: Bound) -> Price:
    def price(person: int, held: Held, prices: Prices) -> Column:
        if person not in held:
            return bound.week(person, prices)[1]
        options = np.frombuffer(held[person], np.int64).copy()
        return planned(bound.problem, person, options, prices)

    return price
