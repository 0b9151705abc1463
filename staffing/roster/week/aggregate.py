"""The model in counts: shifts per team, hours per group, people per activity and slot.

As a linear program it bounds every roster from below; with whole numbers on few of its
columns it is the plan that people are then assigned to.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from ortools.math_opt.python import mathopt

from staffing.roster.week.covering import Doing, keep_to_ceilings, price_coverage
from staffing.roster.week.grouping import Group, Problem, Team

Column = tuple[Team, date, int]
"""A team, a day and the index of a template."""

Hours = tuple[int, date, float]
"""The index of a group, a day and the hours worked."""

Share = tuple[Team, date, str, int]
"""A team, a day, a skill and a quarter-hour: how many of the team do it."""


@dataclass
class Aggregate:
    """A model under construction, with the variables that carry the answer."""

    problem: Problem
    columns: tuple[Column, ...]
    whole: bool = False
    model: mathopt.Model = field(default_factory=mathopt.Model)
    shifts: dict[Column, mathopt.Variable] = field(default_factory=dict)
    hours: dict[Hours, mathopt.Variable] = field(default_factory=dict)
    shares: dict[Share, mathopt.Variable] = field(default_factory=dict)
    constant: float = 0.0

    def __post_init__(self) -> None:
        """State the model."""
        self._add_shifts()
        self._add_hours()
        self._tie_hours_to_shifts()
        self._price_unused_hours()
        doing = self._add_activities()
        self.constant += price_coverage(self.model, self.problem.instance, doing)
        keep_to_ceilings(self.model, self.problem.instance, doing)

    def _add_shifts(self) -> None:
        for column in self.columns:
            self.shifts[column] = self.model.add_variable(lb=0, is_integer=self.whole)

    def _add_hours(self) -> None:
        offered = defaultdict(set)
        for team, day, template in self.columns:
            offered[team, day].add(self.problem.instance.templates[template].hours)
        for index, group in enumerate(self.problem.groups):
            for day in group.days:
                self._add_day(index, group, day, sorted(offered[group.team, day]))

    def _add_day(
        self, index: int, group: Group, day: date, lengths: list[float]
    ) -> None:
        """One shift a day at most for each member."""
        once = self.model.add_linear_constraint(ub=len(group.members))
        for hours in (length for length in lengths if group.may_work(day, length)):
            count = self.model.add_variable(lb=0, is_integer=self.whole)
            self.hours[index, day, hours] = count
            once.set_coefficient(count, 1)

    def _tie_hours_to_shifts(self) -> None:
        rows: dict[tuple[Team, date, float], mathopt.LinearConstraint] = {}
        templates = self.problem.instance.templates
        for (team, day, template), variable in self.shifts.items():
            key = (team, day, templates[template].hours)
            if key not in rows:
                rows[key] = self.model.add_linear_constraint(lb=0, ub=0)
            rows[key].set_coefficient(variable, 1)
        for (index, day, hours), variable in self.hours.items():
            team = self.problem.groups[index].team
            rows[team, day, hours].set_coefficient(variable, -1)

    def _price_unused_hours(self) -> None:
        price = self.problem.instance.policy.price_hour
        person = self.problem.instance.person
        limits = []
        for group in self.problem.groups:
            usable = self.problem.usable_hours(person[group.members[0]])
            limits.append(
                self.model.add_linear_constraint(ub=usable * len(group.members))
            )
            self.constant += price * group.hours * len(group.members)
        for (index, _, hours), variable in self.hours.items():
            limits[index].set_coefficient(variable, hours)
            self.model.objective.set_linear_coefficient(variable, -price * hours)

    def _add_activities(self) -> Doing:
        """People of a team present in a quarter-hour are divided over open activities."""
        doing: Doing = defaultdict(list)
        for (team, day), columns in self._by_team_and_day().items():
            present: mathopt.Variable | None = None
            changes = self._changes(columns)
            for quarter in range(min(changes), max(changes)):
                row = self._presence_row(present, changes.get(quarter, []))
                present = self.model.add_variable(lb=0)
                row.set_coefficient(present, -1)
                self._divide(team, day, quarter, present, doing)
        return doing

    def _divide(
        self,
        team: Team,
        day: date,
        quarter: int,
        present: mathopt.Variable,
        doing: Doing,
    ) -> None:
        slots = self.problem.instance.slots
        split = self.model.add_linear_constraint(ub=0)
        split.set_coefficient(present, -1)
        for skill in team.skills:
            if quarter in slots.get((team.location, skill, day), {}):
                share = self.model.add_variable(lb=0)
                split.set_coefficient(share, 1)
                self.shares[team, day, skill, quarter] = share
                doing[team.location, skill, day, quarter].append(share)

    def _presence_row(
        self,
        before: mathopt.Variable | None,
        changes: list[tuple[mathopt.Variable, int]],
    ) -> mathopt.LinearConstraint:
        """Presence = presence before + arrivals - departures: four entries a shift."""
        row = self.model.add_linear_constraint(lb=0, ub=0)
        if before is not None:
            row.set_coefficient(before, 1)
        for variable, sign in changes:
            row.set_coefficient(variable, row.get_coefficient(variable) + sign)
        return row

    def _changes(
        self, columns: list[Column]
    ) -> dict[int, list[tuple[mathopt.Variable, int]]]:
        changes = defaultdict(list)
        for column in columns:
            template = self.problem.instance.templates[column[2]]
            variable = self.shifts[column]
            changes[template.start // 15].append((variable, 1))
            changes[template.end // 15].append((variable, -1))
            if template.break_start is not None and template.break_end is not None:
                changes[template.break_start // 15].append((variable, -1))
                changes[template.break_end // 15].append((variable, 1))
        return changes

    def _by_team_and_day(self) -> dict[tuple[Team, date], list[Column]]:
        found = defaultdict(list)
        for column in self.columns:
            found[column[:2]].append(column)
        return found


def all_columns(problem: Problem) -> tuple[Column, ...]:
    """Every fitting template of every team and day on which it has somebody."""
    working = {(group.team, day) for group in problem.groups for day in group.days}
    return tuple(
        (team, day, template)
        for (team, day), fitting in problem.fitting.items()
        if (team, day) in working
        for template in fitting
    )
