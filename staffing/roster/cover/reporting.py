"""A plan as a roster, and a roster as a plan to begin from."""

from collections.abc import Sequence

import numpy as np

from staffing.roster.cover.board import Board, Desk, Plan
from staffing.roster.cover.stacking import shift_names
from staffing.roster.cover.walking import is_lawful
from staffing.roster.instance import Instance
from staffing.roster.lawful.frame import NONE
from staffing.roster.result import Assignment, Conflict, Roster, Status
from staffing.roster.shapes import shift_of
from staffing.roster.valuing import value

CLOSE = 1e-6


def report(
    instance: Instance,
    plan: Plan,
    bound: float,
    seed: int,
    status: Status,
    found: Sequence[Conflict],
) -> Roster:
    """The roster of a plan; without a lawful schedule for somebody it is empty."""
    assignments = _assignments(instance, plan) if status == "feasible" else ()
    objective = value(instance, assignments)
    distance = max(objective.total - bound, 0.0)
    gap = distance / bound if bound > CLOSE else (0.0 if distance <= CLOSE else None)
    if status == "feasible" and distance <= CLOSE * max(bound, 1.0):
        status = "optimal"
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=seed,
        status=status,
        assignments=assignments,
        objective=objective,
        bound=bound,
        unavoidable=0.0,
        gap=gap if assignments else None,
        shortfalls=(),
        conflicts=tuple(found),
    )


def _assignments(instance: Instance, plan: Plan) -> tuple[Assignment, ...]:
    names, days = shift_names(instance), instance.days
    shapes = {template.name: template for template in instance.templates}
    found = [
        shift_of(
            instance, person.code, days[day], person.location, shapes[names[shift]]
        )
        for number, person in enumerate(instance.people)
        for day, shift in enumerate(plan.shift[number].tolist())
        if shift >= 0
    ]
    return tuple(sorted(found, key=lambda a: (a.person, a.day)))


def plan_of(
    instance: Instance, board: Board, start: Roster, fallback: Plan, desk: Desk
) -> Plan:
    """The shifts of a roster; who has none lawful there keeps those of the fallback."""
    names = {name: place for place, name in enumerate(shift_names(instance))}
    people = {person.code: place for place, person in enumerate(instance.people)}
    shift = np.full_like(fallback.shift, NONE)
    for each in start.assignments:
        day = (each.day - instance.week).days
        if each.person in people and each.name in names and 0 <= day < instance.length:
            shift[people[each.person], day] = names[each.name]
    for person in range(shift.shape[0]):
        if not is_lawful(board, shift[person], person, desk):
            shift[person] = fallback.shift[person]
    return Plan(shift, fallback.heads)
