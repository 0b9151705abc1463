"""The civil-affairs week: bound and roster."""

from dataclasses import dataclass

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.week.bounding import Bound
from staffing.roster.week.counting import Counts
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.problem import Problem
from staffing.roster.week.searching import Search, Stop


@dataclass(frozen=True)
class Solved:
    """What was found: assignments, a valid bound, what nobody can change, and how."""

    assignments: tuple[Assignment, ...]
    bound: float
    unavoidable: float
    status: Status
    conflicts: tuple[Conflict, ...] = ()


def solve_week(
    instance: Instance,
    *,
    deadline: float,
    seed: int,
    workers: int,
    start: Roster | None,
) -> Solved:
    """The best roster found of people per quarter-hour, and a bound."""
    problem = Problem(instance)
    bound = Bound(problem)
    search, stop = Search(problem, seed), Stop(deadline)
    if start is not None:
        search.adopt(tally_of(problem, start.assignments))
    answered = search.fill(stop)
    bound.tighten(deadline)
    if answered:
        search.improve(stop)
    return Solved(
        assignments_of(problem, search.editor.tally),
        bound.best,
        bound.unavoidable,
        "feasible" if answered else "out_of_time",
    )
