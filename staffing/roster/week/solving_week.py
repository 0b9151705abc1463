"""The civil-affairs week: prices with a bound, weeks that go together, then the search."""

from dataclasses import dataclass, replace

from staffing.roster.instance import Instance
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.week.attempting import attempt_all
from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.generating import add_all, generate
from staffing.roster.week.polishing import Polish
from staffing.roster.week.problem import Problem
from staffing.roster.week.program import Program
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.tally import empty_tally

GENERATING = 0.5
"""Share of the time, at most, for prices."""


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
        _improve(bound, search, seed, stop, workers, is_start=start is not None)
    return Solved(
        assignments_of(problem, search.editor.tally),
        bound.best,
        bound.unavoidable,
        status,
    )


def _improve(
    bound: Bound, search: Search, seed: int, stop: Stop, workers: int, *, is_start: bool
) -> None:
    """Weeks that go best together by the program, or what becomes of the first ones."""
    p, program = bound.problem, program_of(bound.problem, search)
    is_priced = generate(bound, program, stop.part(GENERATING))
    goal = bound.best + p.close * (bound.best - bound.unavoidable)
    ahead = replace(stop, goal=goal)
    found = attempt_all(bound, program, seed, ahead, workers) if is_priced else None
    if found is None or is_start:
        Polish(search, workers).run(ahead)
    if found is not None and found[0] < search.cost:
        search.restore(found[1])
        search.cost = found[0]


def program_of(problem: Problem, search: Search) -> Program:
    """The program over everybody, each with the week that they have in a search."""
    people, tally = range(search.people), search.editor.tally
    nobody = empty_tally(problem.targets, search.people, problem.instance.length)
    program = Program(problem, people, nobody)
    weeks = zip(people, tally.choice, tally.plan, strict=True)
    add_all(program, (Column(i, a.copy(), b.copy()) for i, a, b in weeks))
    return program
