"""A bound that needs no columns: people's time as one, whoever works it.

A linear program of heads per day and shift. All together work no more minutes than all
their limits, on a day no more people than may work then, in weekends no more days than
all may; and no fewer minutes than all must. Everything else is left out, so that no
roster costs less.
"""

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.cover.board import Board
from staffing.roster.cover.master import Wants
from staffing.roster.instance import Instance
from staffing.roster.lawful.frame import LEAST, MOST, NO_WEEKEND, WEEKEND, WEEKENDS


def relaxed_bound(
    instance: Instance, board: Board, wants: Wants, names: tuple[str, ...]
) -> float:
    """Euros that no roster can stay below; 0 where the program has no answer."""
    if (np.isfinite(board.own) & (board.own < 0)).any():
        return 0.0
    model = mathopt.Model()
    there = board.choice_of >= 0
    heads = {
        key: model.add_variable(lb=0.0, ub=float(there[:, *key].sum()))
        for key in np.ndindex(*there.shape[1:])
    }
    covered = zip(wants.day.tolist(), wants.shift.tolist(), strict=True)
    for row, key in enumerate(covered):
        _price(model, wants, row, heads[key])
    _limit(instance, board, model, heads, names)
    result = mathopt.solve(model, mathopt.SolverType.GLOP)
    optimal = result.termination.reason == mathopt.TerminationReason.OPTIMAL
    return max(result.dual_bound(), 0.0) if optimal else 0.0


def _price(
    model: mathopt.Model, wants: Wants, row: int, heads: mathopt.Variable
) -> None:
    """What is amiss of one cover, and its price."""
    under, over = model.add_variable(lb=0.0), model.add_variable(lb=0.0)
    model.add_linear_constraint(heads + under - over == float(wants.wanted[row]))
    model.objective.set_linear_coefficient(under, float(wants.under[row]))
    model.objective.set_linear_coefficient(over, float(wants.over[row]))


def _limit(
    instance: Instance,
    board: Board,
    model: mathopt.Model,
    heads: dict[tuple[int, ...], mathopt.Variable],
    names: tuple[str, ...],
) -> None:
    shapes = {template.name: template.minutes for template in instance.templates}
    worked = sum(shapes[names[key[1]]] * x for key, x in heads.items())
    least, most = board.limits[:, LEAST].sum(), board.limits[:, MOST].sum()
    model.add_linear_constraint(expr=worked, lb=float(least))
    model.add_linear_constraint(expr=worked, ub=float(most))
    there = np.max(board.choice_of, axis=2) >= 0
    weekend = np.flatnonzero(board.days[0, :, WEEKEND] != NO_WEEKEND)
    shifts = range(board.choice_of.shape[2])
    for day in range(there.shape[1]):
        today = sum(heads[day, shift] for shift in shifts)
        model.add_linear_constraint(expr=today, ub=float(there[:, day].sum()))
    for_each = np.minimum(2 * board.limits[:, WEEKENDS], weekend.size)
    inside = sum(heads[day, shift] for day in weekend.tolist() for shift in shifts)
    model.add_linear_constraint(expr=inside, ub=float(for_each.sum()))
