"""What is wanted as rows of a program, each with its slack; their duals are prices."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.week.curves import marginal_gains
from staffing.roster.week.pricing import Prices, no_prices
from staffing.roster.week.targets import Ints, Targets

LONGEST_S = 86_400.0
"""A day: no limit at all is more than a solver takes."""


@dataclass
class Wants:
    """Rows of work, desks and heads of what is wanted."""

    targets: Targets
    model: mathopt.Model = field(default_factory=mathopt.Model)
    work: dict[tuple[int, int], mathopt.LinearConstraint] = field(default_factory=dict)
    desk: dict[tuple[int, int], mathopt.LinearConstraint] = field(default_factory=dict)
    head: dict[tuple[int, int, int], mathopt.LinearConstraint] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """State what is wanted; nobody does anything yet."""
        targets = self.targets
        for row, quarter in np.argwhere(targets.is_open & ~targets.waits).tolist():
            self._add_work(row, quarter)
        for row in np.flatnonzero(targets.waits.any(axis=1)).tolist():
            self._add_waiting(row)
        self._add_heads()

    def _add_work(self, row: int, quarter: int) -> None:
        targets, objective = self.targets, self.model.objective
        wanted = self.work[row, quarter] = self.model.add_linear_constraint(lb=0)
        first, last = targets.first[row, quarter], targets.last[row, quarter]
        levels = targets.levels[first : first + last + 1]
        objective.offset += float(levels[0])
        for gain in marginal_gains(levels):
            step = self.model.add_variable(lb=0, ub=1)
            objective.set_linear_coefficient(step, -gain)
            wanted.set_coefficient(step, -1)

    def _add_waiting(self, row: int) -> None:
        due = self.model.add_linear_constraint(lb=float(self.targets.due[row]))
        self._add_short([due], self.targets.price_waiting)
        for quarter in np.flatnonzero(self.targets.waits[row]).tolist():
            self.work[row, quarter] = due

    def _add_heads(self) -> None:
        targets = self.targets
        for minimum, quarter in np.argwhere(targets.in_force).tolist():
            rows = []
            for i, need in enumerate(targets.need[minimum].tolist()):
                if need:
                    rows.append(self.model.add_linear_constraint(lb=float(need)))
                    self.head[minimum, i, quarter] = rows[-1]
            self._add_short(rows, targets.price_head)

    def _add_short(
        self, rows: Iterable[mathopt.LinearConstraint], price: float
    ) -> None:
        short = self.model.add_variable(lb=0)
        self.model.objective.set_linear_coefficient(short, price)
        for row in rows:
            row.set_coefficient(short, 1)

    def desks(self, ceilings: Ints, quarter: int) -> list[mathopt.LinearConstraint]:
        """The rows of the ceilings (padded) that somebody at work counts for."""
        found = []
        for ceiling in ceilings[ceilings >= 0].tolist():
            if (ceiling, quarter) not in self.desk:
                most = float(self.targets.desks[ceiling])
                self.desk[ceiling, quarter] = self.model.add_linear_constraint(ub=most)
            found.append(self.desk[ceiling, quarter])
        return found

    def prices(self, result: mathopt.SolveResult) -> Prices:
        """The dual prices of a solution."""
        found, dual = no_prices(self.targets), result.dual_values()
        for (row, quarter), work in self.work.items():
            found.work[row, quarter] = max(dual[work], 0.0)
        for (ceiling, quarter), desk in self.desk.items():
            found.desk[ceiling, quarter] = max(-dual[desk], 0.0)
        for (minimum, i, quarter), head in self.head.items():
            found.head[minimum, i, quarter] = max(dual[head], 0.0)
        return found


def within(seconds: float, gap: float) -> mathopt.SolveParameters:
    """Parameters of an integer program: so long at most, this close to its bound."""
    limit = timedelta(seconds=min(max(seconds, 0.0), LONGEST_S))
    return mathopt.SolveParameters(time_limit=limit, relative_gap_tolerance=gap)
