"""Solve an instance: bound, counts, people, activities, repairs, report."""

import time
from collections import Counter
from datetime import date

from ortools.math_opt.python import mathopt

from staffing.roster.explaining.shortfalls import find_shortfalls
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Objective, Roster, Status
from staffing.roster.shifts import Span
from staffing.roster.valuing import value
from staffing.roster.week.aggregate import Aggregate, Column, Hours, all_columns
from staffing.roster.week.board import IDLE
from staffing.roster.week.grouping import Problem
from staffing.roster.week.polishing import plan_activities, polish, ruin_and_recreate
from staffing.roster.week.programs import Limits, relax, whole_solution
from staffing.roster.week.seating import seat
from staffing.roster.week.worksheet import Placed, Worksheet

REBUILDS = 4
"""Rounds per person of taking some people out and putting them back better."""

FEWEST_REBUILDS = 100
"""Rounds that even the smallest team gets."""

CLOSE = 1e-6
"""A gap that counts as none."""


def solve(
    instance: Instance,
    *,
    time_limit_s: float,
    seed: int = 0,
    workers: int | None = None,
) -> Roster:
    """The best roster found, with the bound that no roster can beat.

    Gaps, nodes and rounds end the search; `time_limit_s` is a last resort, so the same
    seed gives the same roster on a slower machine as long as the limit is not reached.
    `workers` is accepted for searches that use several; this one runs on one core.
    An instance that nobody can staff gives an empty roster with its shortfalls.
    """
    problem = Problem(instance)
    deadline = time.monotonic() + time_limit_s
    columns = all_columns(problem)
    model = Aggregate(problem, columns)
    relaxed = relax(model.model, Limits(0.0, deadline))
    if relaxed is None:
        return _report(problem, Worksheet(problem), 0.0, "out_of_time", seed)
    bound = model.constant + relaxed.dual_bound()
    changeable = max(bound - problem.unavoidable, 0.0)
    limits = Limits(instance.policy.relative_gap * changeable + 1.0, deadline)
    sheet = _seated(problem, _restricted(model, relaxed), limits, seed)
    polish(sheet, seed, deadline)
    rounds = max(FEWEST_REBUILDS, REBUILDS * len(instance.people))
    ruin_and_recreate(sheet, seed, rounds, deadline)
    status: Status = "feasible" if limits.seconds_left() > 0 else "out_of_time"
    return _report(problem, sheet, bound, status, seed)


def _restricted(model: Aggregate, relaxed: mathopt.SolveResult) -> tuple[Column, ...]:
    """Columns of the linear optimum: whole numbers of those come close to its bound."""
    if not model.shifts or not relaxed.has_primal_feasible_solution():
        return ()
    values = relaxed.variable_values()
    return tuple(column for column, x in model.shifts.items() if values[x] > CLOSE)


def _seated(
    problem: Problem, columns: tuple[Column, ...], limits: Limits, seed: int
) -> Worksheet:
    """People on the whole-number plan; an empty sheet when there was no time for one."""
    model = Aggregate(problem, columns, whole=True)
    values = whole_solution(model.model, limits) if columns else None
    if values is None:
        return Worksheet(problem)
    shifts: Counter[Column] = Counter()
    for column, variable in model.shifts.items():
        shifts[column] = round(values[variable])
    hours: Counter[Hours] = Counter()
    for key, variable in model.hours.items():
        hours[key] = round(values[variable])
    sheet = seat(problem, +shifts, +hours, seed)
    targets = {key: values[variable] for key, variable in model.shares.items()}
    plan_activities(sheet, targets)
    return sheet


def _report(
    problem: Problem, sheet: Worksheet, bound: float, status: Status, seed: int
) -> Roster:
    instance = problem.instance
    assignments = tuple(
        _assignment(sheet, instance.person[code], day, sheet.placed[code, day])
        for code, day in sorted(sheet.placed)
    )
    objective = value(instance, assignments)
    gap = relative_gap(objective, bound, problem.unavoidable)
    if status == "feasible" and gap is not None and gap <= CLOSE:
        status = "optimal"
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=seed,
        status=status,
        assignments=assignments,
        objective=objective,
        bound=bound,
        unavoidable=problem.unavoidable,
        gap=gap,
        shortfalls=find_shortfalls(instance, assignments),
    )


def relative_gap(
    objective: Objective, bound: float, unavoidable: float
) -> float | None:
    """(objective - bound) / (bound - unavoidable); None when nothing can change."""
    distance = objective.total - bound
    if distance <= CLOSE:
        return 0.0
    changeable = bound - unavoidable
    return distance / changeable if changeable > CLOSE else None


def _assignment(
    sheet: Worksheet, person: Person, day: date, shift: Placed
) -> Assignment:
    clock = sheet.problem.instance.clock
    template = sheet.templates[shift.template]
    skills = sheet.boards[person.location, day].skills
    plan = shift.plan[template.start // 15 : template.end // 15].tolist()
    breaks: tuple[Span, ...] = ()
    if template.break_start is not None and template.break_end is not None:
        first, last = template.break_start, template.break_end
        breaks = (Span(start=clock.moment(day, first), end=clock.moment(day, last)),)
    return Assignment(
        person=person.code,
        day=day,
        location=person.location,
        shift=Span(
            start=clock.moment(day, template.start), end=clock.moment(day, template.end)
        ),
        breaks=breaks,
        activities=tuple(None if skill == IDLE else skills[skill] for skill in plan),
    )
