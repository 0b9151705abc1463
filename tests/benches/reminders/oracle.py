"""The lowest peak that letters could reach, for who knows how residents really react."""

from datetime import timedelta

import numpy as np
import polars as pl
from ortools.math_opt.python import mathopt

from forecasting.calendar import monday
from staffing.reminders.cohorts import form_cohorts
from staffing.reminders.columns import Columns, columns
from staffing.reminders.dealing import available, counted, deal, spread_documents
from staffing.reminders.moving import Mover
from staffing.reminders.response import Response
from staffing.reminders.weeks import Weeks
from tests.benches.reminders.town import AS_OF, FIRST, WEEKS, Town

NEGLIGIBLE = 1e-7


class Oracle:
    """Plans letters for a response that it knows, within the limits of a town."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.weeks = Weeks(FIRST, WEEKS)
        self.stock = form_cohorts(town.expiries, self.weeks, town.response, town.policy)
        self.documents = spread_documents(self.stock, town.policy.held_out, seed=0)
        self.available = available(self.documents, self.stock.number_of_lots)

    def letters(self, response: Response) -> pl.DataFrame:
        """Letters per cell and week number `mailing`, as `counted` gives them."""
        town = self.town
        known = self.weeks.index(monday(AS_OF))
        mover = Mover(self.stock, self.weeks, known, response, town.policy, town.hours)
        choices = columns([mover])
        found = np.floor(self._lowest_peak(choices)).astype(np.int64)
        return counted(deal(self.documents, choices, found))

    def _lowest_peak(self, choices: Columns) -> np.ndarray:
        model = mathopt.Model()
        most = self.available[choices.lot].tolist()
        letters = [model.add_variable(lb=0.0, ub=float(upper)) for upper in most]
        peak = model.add_variable(lb=0.0)
        for moved, hours in zip(choices.moved[0], self.town.hours, strict=True):
            row = model.add_linear_constraint(lb=hours)
            row.set_coefficient(peak, 1.0)
            for column in np.flatnonzero(np.abs(moved) > NEGLIGIBLE).tolist():
                row.set_coefficient(letters[column], -float(moved[column]))
        policy = self.town.policy
        limits = [(choices.lot == n, m) for n, m in enumerate(self.available.tolist())]
        limits += [
            (choices.week == week, policy.weekly_quota)
            for week in np.unique(choices.week)
        ]
        limits.append((choices.week >= 0, policy.budget))
        for chosen, limit in limits:
            row = model.add_linear_constraint(ub=float(limit))
            for column in np.flatnonzero(chosen).tolist():
                row.set_coefficient(letters[column], 1.0)
        model.minimize(peak)
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=60))
        result = mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)
        found: np.ndarray = np.array(result.variable_values(letters))
        letters_found: np.ndarray = np.maximum(0.0, found)
        return letters_found
