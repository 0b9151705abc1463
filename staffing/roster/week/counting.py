"""The linear program in counts: shifts per team, hours per group, hands per activity.

People alike are counted, not told apart, so it is small; its dual prices say what a
quarter-hour of work, a desk and a head are worth. It need not be a bound itself: any
prices give one (`pricing`).
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.lawful.scheduling import best_schedule
from staffing.roster.week.curves import marginal_gains
from staffing.roster.week.pricing import Prices, no_prices
from staffing.roster.week.problem import Problem
from staffing.roster.week.targets import CLOSED, Ints

LONGEST_S = 86_400.0
"""A day: no limit at all is more than a solver takes."""

Team = tuple[tuple[int, ...], tuple[int, ...]]
"""Skills and functions."""
Spot = tuple[Team, int, int]
"""A team at a place on a day."""


@dataclass
class Counts:
    """The model under construction, with the rows whose duals are the prices."""

    problem: Problem
    model: mathopt.Model = field(default_factory=mathopt.Model)
    work: dict[tuple[int, int], mathopt.LinearConstraint] = field(default_factory=dict)
    desk: dict[tuple[int, int], mathopt.LinearConstraint] = field(default_factory=dict)
    head: dict[tuple[int, int, int], mathopt.LinearConstraint] = field(
        default_factory=dict
    )

    lengths: dict[Spot, dict[int, mathopt.LinearConstraint]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    used: dict[Spot, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """State the model."""
        self._add_wants()
        self._add_heads()
        self._add_people()

    @cached_property
    def minutes(self) -> Ints:
        """Minutes worked of each shape."""
        return np.array([shape.minutes for shape in self.problem.shapes.found])

    def _add_wants(self) -> None:
        targets = self.problem.targets
        for row, quarter in np.argwhere(targets.is_open).tolist():
            if targets.waits[row, quarter]:
                continue
            self.work[row, quarter] = self.model.add_linear_constraint(lb=0)
            first, last = targets.first[row, quarter], targets.last[row, quarter]
            levels = targets.levels[first : first + last + 1]
            for gain in marginal_gains(levels):
                step = self.model.add_variable(lb=0, ub=1)
                self.model.objective.set_linear_coefficient(step, -gain)
                self.work[row, quarter].set_coefficient(step, -1)
        for row in np.flatnonzero(targets.waits.any(axis=1)).tolist():
            due = int(targets.due[row])
            short = self.model.add_variable(lb=0)
            self.model.objective.set_linear_coefficient(short, targets.price_waiting)
            day = self.model.add_linear_constraint(lb=due)
            day.set_coefficient(short, 1)
            for quarter in np.flatnonzero(targets.waits[row]).tolist():
                self.work[row, quarter] = day

    def _add_heads(self) -> None:
        targets = self.problem.targets
        for minimum, quarter in np.argwhere(targets.in_force).tolist():
            short = self.model.add_variable(lb=0)
            self.model.objective.set_linear_coefficient(short, targets.price_head)
            for i, need in enumerate(targets.need[minimum].tolist()):
                if need:
                    row = self.model.add_linear_constraint(lb=need)
                    row.set_coefficient(short, 1)
                    self.head[minimum, i, quarter] = row

    def _add_people(self) -> None:
        for members, person in self._groups():
            self._add_group(members, person)
        for spot, rows in self.lengths.items():
            self._add_spot(spot, rows)

    def _groups(self) -> list[tuple[int, int]]:
        """People alike in skills, hours and days: how many, and the first of them."""
        found: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for person in range(len(self.problem.schedules)):
            offers = tuple(self._offers(person, day) for day in self._days)
            found[self._team(person), self._minutes(person), *offers].append(person)
        return [(len(people), people[0]) for people in found.values()]

    @property
    def _days(self) -> range:
        return range(self.problem.instance.length)

    def _team(self, person: int) -> Team:
        staff = self.problem.staff
        skills, functions = staff.skills[person], staff.functions[person]
        return tuple(skills[skills != CLOSED].tolist()), tuple(functions.tolist())

    def _minutes(self, person: int) -> int:
        """The most minutes that lawful shifts can add up to."""
        schedule = self.problem.schedules[person]
        minutes = [option.shift.minutes for option in schedule.options]
        most, _ = best_schedule(schedule, np.array(minutes, np.float64))
        return int(max(most, 0))

    def _offers(self, person: int, day: int) -> tuple[tuple[int, int, float], ...]:
        """Place, minutes and least euros over a free day of the shifts of a day."""
        staff, least = self.problem.staff, dict[tuple[int, int], float]()
        off = staff.off[person, day]
        for option in range(staff.begins[person, day], staff.begins[person, day + 1]):
            key = (int(staff.place[option]), int(self.minutes[staff.shape[option]]))
            cost = float(staff.own[option] + staff.least[option])
            least[key] = min(least.get(key, np.inf), cost)
        return tuple((*key, round(cost - off, 6)) for key, cost in least.items())

    def _add_group(self, members: int, person: int) -> None:
        model, most = self.model, self._minutes(person)
        hours = model.add_linear_constraint(ub=members * most / 60)
        for day in self._days:
            once = model.add_linear_constraint(ub=members)
            for place, minutes, cost in self._offers(person, day):
                count = model.add_variable(lb=0)
                model.objective.set_linear_coefficient(count, cost)
                once.set_coefficient(count, 1)
                hours.set_coefficient(count, minutes / 60)
                self._length(person, (place, day), minutes).set_coefficient(count, -1)

    def _length(
        self, person: int, where: tuple[int, int], minutes: int
    ) -> mathopt.LinearConstraint:
        """The row that ties shifts of a length to the people who work it."""
        rows = self.lengths[self._team(person), *where]
        if minutes not in rows:
            rows[minutes] = self.model.add_linear_constraint(lb=0, ub=0)
        used = self.used[self._team(person), *where]
        staff, (place, day) = self.problem.staff, where
        for option in range(staff.begins[person, day], staff.begins[person, day + 1]):
            if staff.place[option] == place:
                used.add(int(staff.shape[option]))
        return rows[minutes]

    def _add_spot(self, spot: Spot, rows: dict[int, mathopt.LinearConstraint]) -> None:
        """Shifts of a team at a place on a day, who is there when, and what they do."""
        changes: dict[int, list[tuple[mathopt.Variable, int]]] = defaultdict(list)
        for shape in sorted(self.used[spot]):
            count = self.model.add_variable(lb=0)
            rows[int(self.minutes[shape])].set_coefficient(count, 1)
            begin, pause, resume, end = self.problem.staff.shapes[shape].tolist()
            for quarter, sign in ((begin, 1), (pause, -1), (resume, 1), (end, -1)):
                changes[quarter].append((count, sign))
        present: mathopt.Variable | None = None
        for quarter in range(min(changes), max(changes)):
            row = self.model.add_linear_constraint(lb=0, ub=0)
            if present is not None:
                row.set_coefficient(present, 1)
            for count, sign in changes.get(quarter, []):
                row.set_coefficient(count, row.get_coefficient(count) + sign)
            present = self.model.add_variable(lb=0)
            row.set_coefficient(present, -1)
            self._divide(spot, quarter, present)

    def _divide(self, spot: Spot, quarter: int, present: mathopt.Variable) -> None:
        """Those present count as heads, and are shared out over what is open."""
        (skills, functions), place, day = spot
        targets, split = self.problem.targets, self.model.add_linear_constraint(ub=0)
        split.set_coefficient(present, -1)
        for minimum in targets.minimum[place, day].tolist():
            function = functions[minimum] if minimum != CLOSED else 0
            for i, counts in enumerate((function & 1, function >> 1, function)):
                if counts and (minimum, i, quarter) in self.head:
                    self.head[minimum, i, quarter].set_coefficient(present, 1)
        for skill in skills:
            row = int(targets.row[place, day, skill])
            if row == CLOSED or (row, quarter) not in self.work:
                continue
            share = self.model.add_variable(lb=0)
            split.set_coefficient(share, 1)
            self.work[row, quarter].set_coefficient(share, 1)
            for ceiling in targets.ceiling[place, day, skill].tolist():
                if ceiling != CLOSED:
                    self._desks(ceiling, quarter).set_coefficient(share, 1)

    def _desks(self, ceiling: int, quarter: int) -> mathopt.LinearConstraint:
        if (ceiling, quarter) not in self.desk:
            most = int(self.problem.targets.desks[ceiling])
            self.desk[ceiling, quarter] = self.model.add_linear_constraint(ub=most)
        return self.desk[ceiling, quarter]

    def prices(self, deadline: float) -> Prices | None:
        """The dual prices of the optimum; None when there was no time for one."""
        result = relax(self.model, deadline)
        if result is None:
            return None
        found, dual = no_prices(self.problem.targets), result.dual_values()
        for (row, quarter), work in self.work.items():
            found.work[row, quarter] = max(dual[work], 0.0)
        for (ceiling, quarter), desk in self.desk.items():
            found.desk[ceiling, quarter] = max(-dual[desk], 0.0)
        for (minimum, i, quarter), head in self.head.items():
            found.head[minimum, i, quarter] = max(dual[head], 0.0)
        return found


def relax(model: mathopt.Model, deadline: float) -> mathopt.SolveResult | None:
    """Solve a linear program by GLOP; None when the wall clock ended it."""
    left = min(deadline - time.monotonic(), LONGEST_S)
    if left <= 0:
        return None
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=left))
    result = mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)
    return result if result.has_dual_feasible_solution() else None
