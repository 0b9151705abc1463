"""A column: one person's week with all they do in it, and what it costs by itself."""

from typing import NamedTuple

from staffing.roster.week.blocks import price_of_plan
from staffing.roster.week.problem import Problem
from staffing.roster.week.replying import own_cost_of
from staffing.roster.week.tally import Plans
from staffing.roster.week.targets import Ints


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
