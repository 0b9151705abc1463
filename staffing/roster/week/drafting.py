"""Between a tally in arrays and the assignments of a roster."""

from collections.abc import Iterable

from staffing.roster.result import Assignment
from staffing.roster.shapes import shift_of, template_of
from staffing.roster.shifts import Template
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING, Plans, Tally, empty_tally


def assignments_of(problem: Problem, tally: Tally) -> tuple[Assignment, ...]:
    """The shifts of a tally, by person and day."""
    people = problem.instance.people
    order = sorted(range(len(people)), key=lambda i: people[i].code)
    return tuple(
        _assignment(problem, i, day, int(tally.choice[i, day]), tally.plan[i, day])
        for i in order
        for day in range(problem.instance.length)
        if tally.choice[i, day] != NOTHING
    )


def _assignment(
    problem: Problem, person: int, day: int, option: int, plan: Plans
) -> Assignment:
    instance, names = problem.instance, problem.names
    shape = problem.shapes.found[problem.staff.shape[option]]
    doing = plan[shape.start // 15 : shape.end // 15].tolist()
    return shift_of(
        instance,
        instance.people[person].code,
        instance.days[day],
        names.places[problem.staff.place[option]],
        shape,
        tuple(None if k == NOTHING else names.skills[k] for k in doing),
    )


def tally_of(problem: Problem, assignments: Iterable[Assignment]) -> Tally:
    """The assignments as a tally, not counted yet; those that are no option are left out."""
    instance, names = problem.instance, problem.names
    tally = empty_tally(problem.targets, len(instance.people), instance.length)
    number = {person.code: i for i, person in enumerate(instance.people)}
    for shift in assignments:
        if shift.person not in number or shift.day not in instance.days:
            continue
        person, day = number[shift.person], instance.days.index(shift.day)
        shape = template_of(instance, shift)
        option = _option(problem, person, day, shape, shift.location)
        if option is None:
            continue
        tally.choice[person, day] = option
        known = {names.skills[k]: k for k in problem.staff.skills[person] if k >= 0}
        for i, skill in enumerate(shift.activities):
            if skill is not None:
                tally.plan[person, day, shape.start // 15 + i] = known.get(
                    skill, NOTHING
                )
    return tally


def _option(
    problem: Problem, person: int, day: int, shape: Template, location: str
) -> int | None:
    staff = problem.staff
    for option in range(staff.begins[person, day], staff.begins[person, day + 1]):
        found = problem.shapes.found[staff.shape[option]]
        if found == shape and problem.names.places[staff.place[option]] == location:
            return option
    return None
