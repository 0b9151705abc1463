"""A linear program that grows and shrinks, solved from basis to basis by HiGHS.

highspy is held at a version that carries its own HiGHS: OR-Tools brings another one, and
later versions would share its library by name.
"""

from collections.abc import Sequence

import highspy
import numpy as np

from staffing.roster.week.targets import Floats, Ints

DUAL, PRIMAL = 1, 4
"""The two simplex methods: after bounds or rows changed, and after variables came."""


class Linear:
    """Variables from 0 up, and rows; `values`, `slack` (reduced costs), `worth` (duals)."""

    def __init__(self) -> None:
        """Nothing yet; one thread, silent."""
        self._highs = _highs()
        self.objective = np.inf
        self.values = self.slack = self.worth = np.zeros(0)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self._highs.getNumRow())

    def add_rows(self, lower: Floats, upper: Floats) -> Ints:
        """Empty rows with their bounds; their numbers."""
        first, number = self.rows, len(lower)
        none = np.zeros(0, np.int32)
        self._highs.addRows(number, lower, upper, 0, none, none, np.zeros(0))
        return np.arange(first, first + number)

    def add_row(self, reach: tuple[float, float], columns: Ints, values: Floats) -> int:
        """A row over variables that are there; its number."""
        number = self.rows
        self._highs.addRow(*reach, len(columns), columns.astype(np.int32), values)
        return number

    def add(
        self, costs: Floats, most: float, rows: Sequence[Ints], values: Sequence[Floats]
    ) -> Ints:
        """Variables up to `most`, each with its rows and values there; their numbers."""
        number, first = len(costs), int(self._highs.getNumCol())
        ends = np.cumsum([0, *(len(row) for row in rows)])
        self._highs.addCols(
            number,
            costs,
            np.zeros(number),
            np.full(number, most),
            int(ends[-1]),
            ends[:-1].astype(np.int32),
            np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int32),
            np.concatenate([*values, np.zeros(0)]),
        )
        return np.arange(first, first + number)

    def add_constant(self, euros: float) -> None:
        """Add a constant to the objective."""
        self._highs.changeObjectiveOffset(euros)

    def leave_out(self, columns: Ints) -> None:
        """Hold variables at 0."""
        places, none = columns.astype(np.int32), np.zeros(len(columns))
        self._highs.changeColsBounds(len(columns), places, none, none)

    def delete(self, columns: Ints) -> None:
        """Leave variables out; those after them move up."""
        self._highs.deleteCols(len(columns), columns.astype(np.int32))

    def run(self, method: int, seconds: float) -> bool:
        """Solve to the end; False where time ran out, and all is as it was solved last."""
        highs = self._highs
        highs.setOptionValue("simplex_strategy", method)
        highs.setOptionValue("time_limit", float(highs.getRunTime() + seconds))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = highs.getSolution()
        self.objective = float(highs.getObjectiveValue())
        self.values = np.array(solution.col_value)
        self.slack = np.array(solution.col_dual)
        self.worth = np.array(solution.row_dual)
        return True

    def copy(self) -> "Linear":
        """Another one of the same state."""
        other = Linear()
        other.take_over(self._highs)
        other.objective = self.objective
        other.values, other.slack, other.worth = self.values, self.slack, self.worth
        return other

    def take_over(self, highs: highspy.Highs) -> None:
        """Become a copy of a program of HiGHS, with its basis."""
        self._highs.passModel(highs.getLp())
        self._highs.setBasis(highs.getBasis())


def _highs() -> highspy.Highs:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    return highs
