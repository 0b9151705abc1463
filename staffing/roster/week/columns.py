"""A column: one person's week with all they do in it, and what it costs by itself."""

from typing import NamedTuple

import numpy as np

from staffing.roster.week.blocks import price_of_plan
from staffing.roster.week.pricing import Prices, plan_week
from staffing.roster.week.problem import Problem
from staffing.roster.week.replying import own_cost_of
from staffing.roster.week.tally import Plans
from staffing.roster.week.targets import QUARTERS, Ints


class Column(NamedTuple):
    """A person with options (D,) and plans (D, 96)."""

    person: int
    options: Ints
    plans: Plans

    @property
    def key(self) -> tuple[int, bytes, bytes]:
        """Equal for equal columns."""
        return self.person, self.options.tobytes(), self.plans.tobytes()


def own_price(problem: Problem, column: Column) -> float:
    """Euros of a week by itself: hours, wishes, changes, unloved shifts, short blocks."""
    blocks = sum(price_of_plan(plan, problem.block) for plan in column.plans)
    return float(own_cost_of(problem.staff, column.person, column.options)) + blocks


def planned(problem: Problem, person: int, options: Ints, prices: Prices) -> Column:
    """A week of options (D,), with what pays best to do in them at prices."""
    p, plans = problem, np.empty((len(options), QUARTERS), np.int8)
    plan_week(p.targets, prices, p.staff, p.block, person, options, plans)
    return Column(person, options, plans)
