"""The civil-affairs week: prices and bound on one thread, the search beside it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from staffing.roster.instance import Instance
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.week.bounding import Bound
from staffing.roster.week.counting import Counts
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.pricing import capped
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.tightening import Climb


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
        _improve(problem, bound, search, stop, workers)
    return Solved(
        assignments_of(problem, search.editor.tally),
        bound.best,
        bound.unavoidable,
        status,
    )


def _improve(
    problem: Problem, bound: Bound, search: Search, stop: Stop, workers: int
) -> None:
    """Better rosters, and beside it (on a second thread if there is one) better prices."""
    target = search.cost
    if workers == 1:
        _tighten(problem, bound, target, stop)
        search.improve(stop)
        return
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(_tighten, problem, bound, target, stop)
        search.improve(stop)
        job.result()


def _tighten(problem: Problem, bound: Bound, target: float, stop: Stop) -> None:
    prices = Counts(problem).prices(stop.deadline)
    if prices is not None:
        climb = Climb(bound, capped(problem.targets, prices), target)
        bound.best = max(bound.best, climb.run(stop.prices, stop.deadline))
