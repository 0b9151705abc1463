"""The direct model, as one would write it first: a Boolean per person, day and shift.

All rules of plain shift cover as linear constraints, slack for cover, CP-SAT.
"""

from collections.abc import Iterator

from ortools.sat.python import cp_model

from staffing.roster.gap import relative_gap
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Roster
from staffing.roster.shifts import Span
from staffing.roster.valuing import value

Cell = tuple[str, int, str]


def solve_directly(
    instance: Instance, *, time_limit_s: float, workers: int = 2
) -> Roster | None:
    """What CP-SAT finds with the direct model in the time; None when nothing."""
    model = _Direct(instance)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.parameters.num_workers = workers
    status = solver.solve(model.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = [cell for cell, x in model.x.items() if solver.value(x)]
    assignments = tuple(_assignment(instance, *cell) for cell in chosen)
    objective, bound = value(instance, assignments), solver.best_objective_bound
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=0,
        status="optimal" if status == cp_model.OPTIMAL else "feasible",
        assignments=tuple(sorted(assignments, key=lambda a: (a.person, a.day))),
        objective=objective,
        bound=bound,
        unavoidable=0.0,
        gap=relative_gap(objective, bound, 0.0),
        shortfalls=(),
    )


def _assignment(instance: Instance, person: str, day: int, name: str) -> Assignment:
    shape = next(t for t in instance.templates if t.name == name)
    when, clock = instance.days[day], instance.clock
    start, end = clock.moment(when, shape.start), clock.moment(when, shape.end)
    return Assignment(
        person=person,
        day=when,
        location=instance.person[person].location,
        shift=Span(start=start, end=end),
        name=name,
    )


class _Direct:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.model = cp_model.CpModel()
        self.names = [template.name for template in instance.templates]
        self.x: dict[Cell, cp_model.IntVar] = {}
        self.works: dict[tuple[str, int], cp_model.IntVar] = {}
        for person in instance.people:
            self._person(person)
        costs = [*self._covers(), *self._wishes()]
        self.model.minimize(sum(costs))

    def _person(self, person: Person) -> None:
        code = person.code
        for number, day in enumerate(self.instance.days):
            works = self.model.new_bool_var("")
            self.works[code, number] = works
            shifts = [self.model.new_bool_var("") for _ in self.names]
            self.x |= {
                (code, number, n): x for n, x in zip(self.names, shifts, strict=True)
            }
            self.model.add(sum(shifts) == works)
            if day not in person.days:
                self.model.add(works == 0)
        self._follow(code)
        self._totals(person)
        self._rows(person)

    def _follow(self, code: str) -> None:
        for first, second in self.instance.forbidden:
            for day in range(self.instance.length - 1):
                self.model.add_bool_or(
                    ~self.x[code, day, first], ~self.x[code, day + 1, second]
                )

    def _totals(self, person: Person) -> None:
        limits, days = person.limits, range(self.instance.length)
        length = {t.name: t.minutes for t in self.instance.templates}
        worked = sum(
            length[n] * self.x[person.code, d, n] for d in days for n in self.names
        )
        self.model.add(worked >= limits.least_minutes)
        if limits.most_minutes is not None:
            self.model.add(worked <= limits.most_minutes)
        for name, most in limits.most_shifts:
            self.model.add(sum(self.x[person.code, d, name] for d in days) <= most)
        if limits.most_weekends is not None:
            self.model.add(sum(self._weekends(person.code)) <= limits.most_weekends)

    def _weekends(self, code: str) -> Iterator[cp_model.IntVar]:
        by_week: dict[tuple[int, int], list[int]] = {}
        for number, day in enumerate(self.instance.days):
            if day.weekday() >= 5:
                by_week.setdefault(day.isocalendar()[:2], []).append(number)
        for numbers in by_week.values():
            worked = self.model.new_bool_var("")
            for number in numbers:
                self.model.add_implication(self.works[code, number], worked)
            yield worked

    def _rows(self, person: Person) -> None:
        limits, days = person.limits, self.instance.length
        works = [self.works[person.code, day] for day in range(days)]
        most = limits.most_days_in_a_row or days
        for first in range(days - most):
            self.model.add(sum(works[first : first + most + 1]) <= most)
        free = [~work for work in works]
        for row, least in (
            (works, limits.least_days_in_a_row),
            (free, limits.least_days_off_in_a_row),
        ):
            for size in range(1, least):
                for first in range(1, days - size):
                    inside = [~x for x in row[first : first + size]]
                    self.model.add_bool_or(row[first - 1], row[first + size], *inside)

    def _covers(self) -> Iterator[cp_model.LinearExpr]:
        most = len(self.instance.people)
        for cover in self.instance.covers:
            day = (cover.day - self.instance.week).days
            under = self.model.new_int_var(0, max(cover.wanted, 0), "")
            over = self.model.new_int_var(0, most, "")
            heads = sum(self.x[p.code, day, cover.shift] for p in self.instance.people)
            self.model.add(heads + under - over == cover.wanted)
            yield cover.price_under * under
            yield cover.price_over * over

    def _wishes(self) -> Iterator[cp_model.LinearExpr]:
        for person in self.instance.people:
            for wish in person.wishes:
                day = (wish.day - self.instance.week).days
                x = self.x[person.code, day, wish.shift]
                yield wish.weight * (1 - x if wish.wants else x)
