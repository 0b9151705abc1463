"""The linear program of a mailing plan, solved by GLOP through MathOpt.

minimise   sum_t,s price_s over_ts + price_peak peak + price_letter sum_j x_j
where      load_t = before_t + sum_j moved_tj x_j,   0 <= load_t <= ceiling_t
           over_ts >= load_t + spread_t - step_s capacity_t,   over_ts >= 0
           peak >= load_t
           sum of x over a cohort <= available, over a week <= quota, in all <= budget
"""

from datetime import timedelta

import numpy as np
from ortools.math_opt.python import (
    mathopt,
)

from forecasting.errors import PiekwijzerError
from staffing.reminders.problem import MailingProblem
from staffing.reminders.response import FloatArray

TIME_LIMIT = timedelta(seconds=120)
NEGLIGIBLE = 1e-9


class UnsolvedError(PiekwijzerError):
    """The solver ended without a proven optimum."""


def solve(problem: MailingProblem) -> tuple[FloatArray, float]:
    """Letters per column, not yet whole, and the proven optimum in euros.

    Raises:
        UnsolvedError: no optimum was proven within the time limit.
    """
    model = mathopt.Model(name="mailing")
    letters = [model.add_variable(lb=0.0) for _ in problem.columns.cohort]
    loads = _add_loads(model, problem, letters)
    costs = [_load_cost(model, problem, loads), _peak_cost(model, problem, loads)]
    _add_limits(model, problem, letters)
    price = problem.policy.price_letter
    model.minimize(mathopt.fast_sum([*costs, price * mathopt.fast_sum(letters)]))
    parameters = mathopt.SolveParameters(time_limit=TIME_LIMIT)
    result = mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise UnsolvedError(
            f"The mailing plan was not solved ({result.termination.reason.value}). "
            "Plan fewer weeks, or a smaller budget of letters."
        )
    values = np.array(result.variable_values(letters), dtype=np.float64)
    return np.maximum(values, 0.0), result.objective_value()


def _add_loads(
    model: mathopt.Model, problem: MailingProblem, letters: list[mathopt.Variable]
) -> list[mathopt.Variable]:
    loads = []
    for week, before in enumerate(problem.before):
        load = model.add_variable(lb=0.0, ub=problem.ceiling[week])
        row = model.add_linear_constraint(lb=before, ub=before)
        row.set_coefficient(load, 1.0)
        moved = problem.columns.moved[week]
        for column in np.flatnonzero(np.abs(moved) > NEGLIGIBLE):
            row.set_coefficient(letters[column], -moved[column])
        loads.append(load)
    return loads


def _load_cost(
    model: mathopt.Model, problem: MailingProblem, loads: list[mathopt.Variable]
) -> mathopt.LinearSum:
    terms = []
    for step in problem.policy.load_step:
        allowed = step.above * problem.capacity - problem.spread
        for load, hours in zip(loads, allowed, strict=True):
            over = model.add_variable(lb=0.0)
            model.add_linear_constraint(load - over <= hours)
            terms.append(step.price * over)
    return mathopt.fast_sum(terms)


def _peak_cost(
    model: mathopt.Model, problem: MailingProblem, loads: list[mathopt.Variable]
) -> mathopt.LinearProduct:
    peak = model.add_variable(lb=0.0)
    for load in loads:
        model.add_linear_constraint(peak - load >= 0.0)
    return problem.policy.price_peak_hour * peak


def _add_limits(
    model: mathopt.Model, problem: MailingProblem, letters: list[mathopt.Variable]
) -> None:
    columns, policy = problem.columns, problem.policy
    for cohort, available in enumerate(problem.available):
        _at_most(model, letters, columns.cohort == cohort, available)
    for week in np.unique(columns.week):
        _at_most(model, letters, columns.week == week, policy.weekly_quota)
    _at_most(model, letters, np.full(len(letters), fill_value=True), policy.budget)


def _at_most(
    model: mathopt.Model,
    letters: list[mathopt.Variable],
    chosen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]",
    limit: float,
) -> None:
    row = model.add_linear_constraint(ub=float(limit))
    for column in np.flatnonzero(chosen):
        row.set_coefficient(letters[column], 1.0)
