"""Rosters from the program's shares: dives of several kinds, each polished, the best kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from staffing.roster.week.bounding import Bound
from staffing.roster.week.diving import Pace, dive
from staffing.roster.week.polishing import Polish
from staffing.roster.week.program import Program
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.tally import Plans
from staffing.roster.week.targets import Ints

FIRST = Pace(least=0.1, slow=0.5, rounds=1), Pace(least=0.2, slow=0.6, rounds=2)
THEN = Pace(least=0.15, slow=0.6, rounds=2, astray=0.4)
"""A fast dive and a careful one; after them dives that go astray."""

TOGETHER, MOST = 2, 3
"""Attempts side by side, and how many times that."""

DIVING = 0.6
"""Share of the time left, at most, for a dive; the rest is for the polish."""

Found = tuple[float, tuple[Ints, Plans]]
"""The cost of a roster, and everybody's weeks."""


def attempt_all(
    bound: Bound, program: Program, seed: int, stop: Stop, workers: int
) -> Found | None:
    """The best roster of all attempts; they end at the goal, or when time does.

    The outcome does not depend on the number of threads.
    """
    best: Found | None = None
    with ThreadPoolExecutor(min(workers, TOGETHER)) as pool:
        for wave in range(MOST):
            numbers = range(wave * TOGETHER, (wave + 1) * TOGETHER)
            jobs = [
                pool.submit(_attempt, bound, program, (seed, number), stop)
                for number in numbers
            ]
            found = [job.result() for job in jobs]
            best = min(_known([best, *found]), key=lambda one: one[0], default=None)
            if stop.is_late or (best is not None and best[0] <= stop.goal):
                break
    return best


def _known(found: list[Found | None]) -> Iterator[Found]:
    return (one for one in found if one is not None)


def _attempt(
    bound: Bound, program: Program, number: tuple[int, int], stop: Stop
) -> Found | None:
    """One dive and its polish; None when there is no time for it."""
    if stop.is_late:
        return None
    pace = FIRST[number[1]] if number[1] < len(FIRST) else THEN
    search, mine = Search(bound.problem, number), program.copy()
    draw = np.random.default_rng(number)
    own = Bound(bound.problem)
    weeks = dive(own, mine, pace, draw, replace(stop, deadline=stop.part(DIVING)))
    for week in weeks:  # the last ones may find the desks taken: they reply in `fill`
        search.cost += search.editor.adopt(*week)
    if not search.fill(stop):
        return None
    polish = Polish(search, 1)
    polish.shuffle()
    polish.run(stop)
    return search.cost, search.copy()
