"""The civil-affairs week: prices with a bound, weeks that go together, then the search."""

import time
from dataclasses import dataclass, replace

from staffing.roster.instance import Instance
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.week.bounding import Bound
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.generating import Generator
from staffing.roster.week.polishing import Polish
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop

GENERATING, CHOOSING = 0.5, 0.4
"""Shares of the time left, at most, for prices and for the choice of weeks."""


@dataclass(frozen=True)
class Solved:
    """What was found: assignments, a valid bound, what nobody can change, and how."""

    assignments: tuple[Assignment, ...]
    bound: float
    unavoidable: float
    status: Status
    conflicts: tuple[Conflict, ...] = ()


def solve_week(
    instance: Instance, *, stop: Stop, seed: int, workers: int, start: Roster | None
) -> Solved:
    """The best roster found of people per quarter-hour, and a bound.

    Infeasible: somebody has no lawful schedule. Out of time: not everybody could be given
    a week; those who were, have a lawful one.
    """
    problem = Problem(instance)
    clash = [c for person in problem.without for c in conflicts(instance, person)]
    if clash:
        return Solved((), 0.0, 0.0, "infeasible", tuple(clash))
    bound, search = Bound(problem), Search(problem, seed)
    if start is not None:
        search.adopt(tally_of(problem, start.assignments))
    status: Status = "feasible" if search.fill(stop) else "out_of_time"
    if status == "feasible":
        _improve(bound, search, stop, workers)
    return Solved(
        assignments_of(problem, search.editor.tally),
        bound.best,
        bound.unavoidable,
        status,
    )


def _improve(bound: Bound, search: Search, stop: Stop, workers: int) -> None:
    """Weeks that go best together, then activities and single weeks in turn."""
    generator = Generator(bound, search.editor.tally.choice.copy())
    generator.run(_part(stop, GENERATING))
    chosen = generator.choose(_part(stop, CHOOSING), bound.problem.close)
    polish = Polish(search, workers)
    if chosen is not None:
        polish.begin_anew(chosen)
    goal = bound.best + bound.problem.close * (bound.best - bound.unavoidable)
    polish.run(replace(stop, goal=goal))


def _part(stop: Stop, share: float) -> float:
    """A moment when a share of the time left will be gone."""
    now = time.monotonic()
    return now + share * (stop.deadline - now)
