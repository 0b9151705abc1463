"""The civil-affairs week: prices with a bound, and rosters attempted at them, in turn."""

import time
from dataclasses import dataclass, replace
from math import isfinite

from staffing.roster.instance import Instance
from staffing.roster.lawful.conflicting import conflicts
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.week.attempting import Found, attempt
from staffing.roster.week.bounding import Bound
from staffing.roster.week.columns import Column
from staffing.roster.week.drafting import assignments_of, tally_of
from staffing.roster.week.generating import add_all, generate, is_close
from staffing.roster.week.polishing import Polish
from staffing.roster.week.problem import Problem
from staffing.roster.week.program import Program
from staffing.roster.week.searching import Search, Stop
from staffing.roster.week.tally import empty_tally

WAVES = 3
"""How many times rosters are attempted, at most."""

GENERATING, ATTEMPTING = 0.4, 0.75
"""Shares of the time left, at most: for prices before the first wave, and for that wave
where prices are not good enough yet. What is left is for better prices."""


LEAST = 2e-4
"""Share of the cost that a lap must gain, until the last wave: another dive gains more."""


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
    assignments = assignments_of(problem, search.editor.tally)
    unavoidable = bound.unavoidable
    return Solved(assignments, bound.best, unavoidable, status)


def _improve(
    bound: Bound, search: Search, seed: int, stop: Stop, workers: int, *, is_start: bool
) -> None:
    """Weeks that go best together by the program, or what becomes of the first ones."""
    program, found = program_of(bound.problem, search), list[Found]()
    is_settled = False  # prices: close, or none can be better
    for wave in range(WAVES):
        later = ATTEMPTING if is_start else 1.0  # a start is polished at last
        part = stop.part(later if wave else GENERATING)
        if not is_settled and not generate(bound, program, part):
            break
        is_settled = is_close(bound, program) or time.monotonic() < part
        ahead = replace(_ahead(bound, stop), least=0.0 if wave + 1 == WAVES else LEAST)
        if wave == 0 and not is_settled:
            ahead = replace(ahead, deadline=stop.part(ATTEMPTING))
        found += attempt(bound, program, seed, wave, ahead, workers)
        if not found or stop.is_late or any(cost <= ahead.goal for cost, _ in found):
            break
    if not found or is_start:
        Polish(search, workers).run(_ahead(bound, stop))
    if found:
        cost, weeks = min(found, key=lambda one: one[0])
        if cost < search.cost:
            search.restore(weeks)
            search.cost = cost


def _ahead(bound: Bound, stop: Stop) -> Stop:
    """A stop with a goal: a roster that is close to the bound."""
    above = bound.problem.close * (bound.best - bound.unavoidable)
    return replace(stop, goal=bound.best + (above if isfinite(above) else 0.0))


def program_of(problem: Problem, search: Search) -> Program:
    """The program over everybody, each with the week that they have in a search."""
    people, tally = range(search.people), search.editor.tally
    nobody = empty_tally(problem.targets, search.people, problem.instance.length)
    program = Program(problem, people, nobody)
    weeks = zip(people, tally.choice, tally.plan, strict=True)
    add_all(program, (Column(i, a.copy(), b.copy()) for i, a, b in weeks))
    return program
