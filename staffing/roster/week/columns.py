"""The program over weeks of presence: a column is one person's shifts of all days.

Who is there is told from what they do: teams (people of the same skills) share out those
present over the activities, quarter by quarter. Blocks of activity are left out, so the
program is small; prices bound all the same (`pricing`), and the search plans the blocks.
"""

from functools import cached_property

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.week.problem import Problem
from staffing.roster.week.replying import own_cost_of
from staffing.roster.week.tally import NOTHING
from staffing.roster.week.targets import CLOSED, Ints
from staffing.roster.week.wants import Wants

Moment = tuple[tuple[int, ...], int, int, int]
"""A team (its skills), a place, a day and a quarter-hour."""


class Columns:
    """The program under construction, by its columns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.wants = Wants(problem.targets)
        self.model = self.wants.model
        self.model.objective.offset += problem.contracts
        people = range(len(problem.schedules))
        self._once = [self.model.add_linear_constraint(lb=1, ub=1) for _ in people]
        self._split: dict[Moment, mathopt.LinearConstraint | None] = {}
        self.weeks: dict[tuple[int, bytes], mathopt.Variable] = {}

    @cached_property
    def _teams(self) -> list[tuple[int, ...]]:
        skills = self.problem.staff.skills
        return [tuple(row[row != CLOSED].tolist()) for row in skills]

    def add(self, person: int, options: Ints) -> bool:
        """A week of a person (D,); whether it is new."""
        key = person, options.tobytes()
        if key in self.weeks:
            return False
        week = self.weeks[key] = self.model.add_variable(lb=0)
        cost = own_cost_of(self.problem.staff, person, options)
        self.model.objective.set_linear_coefficient(week, float(cost))
        self._once[person].set_coefficient(week, 1)
        for day in np.flatnonzero(options != NOTHING).tolist():
            self._add_shift(week, (person, day), int(options[day]))
        return True

    def _add_shift(
        self, week: mathopt.Variable, who: tuple[int, int], option: int
    ) -> None:
        staff, (person, day) = self.problem.staff, who
        place = int(staff.place[option])
        begin, pause, resume, end = staff.shapes[staff.shape[option]].tolist()
        quarters = [
            quarter
            for quarter in (*range(begin, pause), *range(resume, end))
            if not staff.apart[person, day, quarter]
        ]
        for quarter in quarters:
            row = self._row((self._teams[person], place, day, quarter))
            if row is not None:
                row.set_coefficient(week, -1)
        self._count_heads(week, (place, day), staff.functions[person], quarters)

    def _count_heads(
        self,
        week: mathopt.Variable,
        where: tuple[int, int],
        functions: Ints,
        quarters: list[int],
    ) -> None:
        minima = self.problem.targets.minimum[where]
        for minimum in minima[minima != CLOSED].tolist():
            function = int(functions[minimum])
            for i, counts in enumerate((function & 1, function >> 1, function)):
                for quarter in quarters if counts else ():
                    row = self.wants.head.get((minimum, i, quarter))
                    if row is not None:
                        row.set_coefficient(week, 1)

    def _row(self, moment: Moment) -> mathopt.LinearConstraint | None:
        """The row that shares out a team at a moment; None where nothing is open."""
        if moment not in self._split:
            self._split[moment] = self._share_out(moment)
        return self._split[moment]

    def _share_out(self, moment: Moment) -> mathopt.LinearConstraint | None:
        team, place, day, quarter = moment
        targets, split = self.problem.targets, None
        for skill in team:
            row = int(targets.row[place, day, skill])
            if row == CLOSED or not targets.is_open[row, quarter]:
                continue
            split = split or self.model.add_linear_constraint(ub=0)
            share = self.model.add_variable(lb=0)
            split.set_coefficient(share, 1)
            self.wants.work[row, quarter].set_coefficient(share, 1)
            for desk in self.wants.desks(targets.ceiling[place, day, skill], quarter):
                desk.set_coefficient(share, 1)
        return split

    def chosen(self, result: mathopt.SolveResult) -> Ints:
        """The weeks (P, D) of an integer solution."""
        people, days = len(self._teams), self.problem.instance.length
        found = np.full((people, days), NOTHING, np.int64)
        values = result.variable_values()
        for (person, options), week in self.weeks.items():
            if values[week] > 0.5:
                found[person] = np.frombuffer(options, np.int64)
        return found
