"""The linear program over whole schedules: one per person, heads against what is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.cover.board import Board
from staffing.roster.instance import Instance
from staffing.roster.lawful.frame import Floats, Ints

ONLY_WHAT_COUNTS = mathopt.ModelSolveParameters(
    variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
    reduced_costs_filter=mathopt.VariableFilter(filtered_items=()),
)
LITTLE = 1e-9
FAR = 1e6
"""Euros for a person without a schedule, in the first rounds only."""


@dataclass(frozen=True)
class Wants:
    """The covers of an instance as arrays: day, shift, number, euros under and over."""

    day: Ints
    shift: Ints
    wanted: Ints
    under: Floats
    over: Floats

    @classmethod
    def of(cls, instance: Instance, names: tuple[str, ...]) -> "Wants":
        """The covers of an instance."""
        place = {name: number for number, name in enumerate(names)}
        covers = instance.covers
        days = [(cover.day - instance.week).days for cover in covers]
        return cls(
            np.array(days, np.int64),
            np.array([place[cover.shift] for cover in covers], np.int64),
            np.array([cover.wanted for cover in covers], np.int64),
            np.array([cover.price_under for cover in covers], float),
            np.array([cover.price_over for cover in covers], float),
        )

    def less(self, heads: Ints) -> "Wants":
        """What is still wanted besides so many heads (D, S); may be below 0."""
        return replace(self, wanted=self.wanted - heads[self.day, self.shift])

    def worth(self, duals: Floats, shape: tuple[int, int]) -> Floats:
        """What a head is worth per day and shift at given duals."""
        found = np.zeros(shape)
        np.add.at(found, (self.day, self.shift), duals)
        return found


@dataclass(frozen=True)
class Column:
    """A schedule of a person: shifts per day (-1 off) and its own cost."""

    person: int
    row: tuple[int, ...]
    cost: float


def column(board: Board, person: int, row: Ints) -> Column:
    """A schedule with its own cost."""
    days = np.arange(row.size)
    cost = board.own[person, days, np.where(row < 0, board.own.shape[2] - 1, row)]
    return Column(person, tuple(row.tolist()), float(cost.sum()))


class Master:
    """Grows by columns; each is known once."""

    def __init__(self, wants: Wants, people: Sequence[int]) -> None:
        self.wants, self.people = wants, tuple(people)
        self.model = mathopt.Model()
        self.one = {
            person: self.model.add_linear_constraint(lb=1, ub=1) for person in people
        }
        self.cover = [
            self.model.add_linear_constraint(lb=float(n), ub=float(n))
            for n in wants.wanted
        ]
        self.rows_at: dict[tuple[int, int], list[int]] = {}
        for row, key in enumerate(
            zip(wants.day.tolist(), wants.shift.tolist(), strict=True)
        ):
            self.rows_at.setdefault(key, []).append(row)
        self.objective: list[mathopt.LinearTerm] = []
        self.columns: dict[Column, mathopt.Variable] = {}
        self._add_slacks()
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def _variable(self, cost: float) -> mathopt.Variable:
        variable = self.model.add_variable(lb=0.0)
        self.model.objective.set_linear_coefficient(variable, cost)
        return variable

    def _add_slacks(self) -> None:
        wants = self.wants
        for row, (under, over) in enumerate(zip(wants.under, wants.over, strict=True)):
            self.cover[row].set_coefficient(self._variable(float(under)), 1.0)
            self.cover[row].set_coefficient(self._variable(float(over)), -1.0)
        for row in self.one.values():
            row.set_coefficient(self._variable(FAR), 1.0)

    def add(self, found: Column) -> bool:
        """Add a column unless it is there already."""
        if found in self.columns:
            return False
        variable = self._variable(found.cost)
        self.columns[found] = variable
        self.one[found.person].set_coefficient(variable, 1.0)
        for day, shift in enumerate(found.row):
            if shift >= 0:
                for row in self.rows_at.get((day, shift), ()):
                    self.cover[row].set_coefficient(variable, 1.0)
        return True

    def solve(self) -> tuple[float, dict[int, float], Floats]:
        """Value, duals of the people and duals of the covers."""
        result = self._solved()
        duals = result.dual_values()
        people = {person: duals[row] for person, row in self.one.items()}
        covers = np.array([duals[row] for row in self.cover])
        self.result = result
        return result.objective_value(), people, covers

    def _solved(self) -> mathopt.SolveResult:
        """From the last basis; from none where that basis leads nowhere."""
        try:
            return self.solver.solve(model_params=ONLY_WHAT_COUNTS)
        except (AttributeError, RuntimeError, ValueError):  # as the binding raises it
            self.solver.close()
            self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
            return self.solver.solve(model_params=ONLY_WHAT_COUNTS)

    def weights(self) -> dict[Column, float]:
        """The columns in the last solution, and how much of each."""
        values = self.result.variable_values()
        weights = {c: values.get(v, 0.0) for c, v in self.columns.items()}
        return {c: weight for c, weight in weights.items() if weight > LITTLE}

    def settle(self, columns: Sequence[Column], *, settled: bool = True) -> None:
        """Hold columns at one, or let them go again."""
        for each in columns:
            self.columns[each].lower_bound = 1.0 if settled else 0.0

    def whole(self, seconds: float) -> list[Column]:
        """The best choice of one column per person; none when none was found in time."""
        for variable in self.columns.values():
            variable.integer = True
        limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
        result = mathopt.solve(self.model, mathopt.SolverType.HIGHS, params=limits)
        for variable in self.columns.values():
            variable.integer = False
        if not result.has_primal_feasible_solution():
            return []
        values = result.variable_values()
        found = [c for c, v in self.columns.items() if values.get(v, 0.0) > 0.5]
        return found if len(found) == len(self.people) else []
