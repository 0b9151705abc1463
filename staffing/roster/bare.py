"""Shifts as a roster whose figures say nothing, for rules to look at."""

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Objective, Roster


def as_roster(instance: Instance, assignments: tuple[Assignment, ...]) -> Roster:
    """Assignments as a roster whose figures say nothing, for rules to look at."""
    return Roster(
        instance="",
        week=instance.week,
        seed=0,
        status="feasible",
        assignments=assignments,
        objective=Objective(),
        bound=0.0,
        unavoidable=0.0,
        gap=None,
        shortfalls=(),
    )
