"""Who does what on one day, given the shifts: a program over plans, all people at once.

A column is a plan for one of those with the same skills and the same shift; the best
plans at the program's prices come in until none is new, then it is solved in integers.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt

from staffing.roster.week.blocks import price_of_plan
from staffing.roster.week.pricing import Prices, capped, plan_at
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import NOTHING, Plans, Tally
from staffing.roster.week.targets import CLOSED, QUARTERS
from staffing.roster.week.wants import Wants, within

MOST_ROUNDS = 12
LONGEST_S = 3.0
GAP = 1e-4

Kind = tuple[bytes, bytes, int, int]
"""Skills, protected time, place and shape of those who may swap plans."""
Doing = list[tuple[int, Plans]]
"""What people do on a day."""


@dataclass
class Day:
    """A day with the shifts of a tally at places that share work."""

    problem: Problem
    day: int
    people: dict[Kind, list[int]] = field(default_factory=lambda: defaultdict(list))
    option: dict[Kind, int] = field(default_factory=dict)
    plans: dict[tuple[Kind, bytes], mathopt.Variable] = field(default_factory=dict)

    def state(self, tally: Tally, places: frozenset[int]) -> None:
        """The program of what is done now."""
        staff, targets = self.problem.staff, self.problem.targets
        rows = targets.row[sorted(places), self.day].ravel().tolist()
        self.wants = Wants(targets, frozenset(rows) - {CLOSED})
        for person in np.flatnonzero(tally.choice[:, self.day] != NOTHING).tolist():
            option = int(tally.choice[person, self.day])
            if int(staff.place[option]) in places:
                kind = self._kind(person, option)
                self.people[kind].append(person)
                self.option[kind] = option
        self.once = {
            kind: self.wants.model.add_linear_constraint(ub=len(people))
            for kind, people in self.people.items()
        }
        for kind, people in self.people.items():
            for person in people:
                self._add(kind, tally.plan[person, self.day])

    def _kind(self, person: int, option: int) -> Kind:
        staff = self.problem.staff
        apart = staff.apart[person, self.day].tobytes()
        place, shape = int(staff.place[option]), int(staff.shape[option])
        return staff.skills[person].tobytes(), apart, place, shape

    def _add(self, kind: Kind, plan: Plans) -> bool:
        key = kind, plan.tobytes()
        if key in self.plans:
            return False
        column = self.plans[key] = self.wants.model.add_variable(lb=0)
        self.once[kind].set_coefficient(column, 1)
        price = float(price_of_plan(plan, self.problem.block))
        self.wants.model.objective.set_linear_coefficient(column, price)
        for row, times in self._counts(kind[2], plan).items():
            row.set_coefficient(column, times)
        return True

    def _counts(self, place: int, plan: Plans) -> dict[mathopt.LinearConstraint, int]:
        """How often a plan counts in the rows of work and desks."""
        targets, found = self.problem.targets, defaultdict[object, int](int)
        for quarter in np.flatnonzero(plan != NOTHING).tolist():
            where = place, self.day, int(plan[quarter])
            found[self.wants.work[int(targets.row[where]), quarter]] += 1
            for desk in self.wants.desks(targets.ceiling[where], quarter):
                found[desk] += 1
        return found

    def generate(self, prices: Prices) -> None:
        """Bring in plans from prices near the best ones on."""
        model, targets = self.wants.model, self.problem.targets
        solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
        for _ in range(MOST_ROUNDS):
            result = solver.solve()
            if not result.has_dual_feasible_solution():
                return
            dual = self.wants.prices(result)
            halves = (0.5 * (a + b) for a, b in zip(prices, dual, strict=True))
            prices = capped(targets, Prices(*halves))
            if not self._price(prices) + self._price(capped(targets, dual)):
                return

    def _price(self, prices: Prices) -> int:
        """Everybody's best plan at prices comes in; how many are new."""
        p, found = self.problem, 0
        for kind, people in self.people.items():
            plan = np.full(QUARTERS, NOTHING, np.int8)
            who = people[0], self.day
            plan_at(p.targets, prices, p.staff, p.block, who, self.option[kind], plan)
            found += self._add(kind, plan)
        return found

    def best(self, seconds: float) -> Doing:
        """What everybody does in the best mix of plans; nothing when none is found."""
        for column in self.plans.values():
            column.integer = True
        highs, parameters = mathopt.SolverType.HIGHS, within(seconds, GAP)
        result = mathopt.solve(self.wants.model, highs, params=parameters)
        if not result.has_primal_feasible_solution():
            return []
        values, found = result.variable_values(), list[tuple[int, Plans]]()
        left = {kind: list(people) for kind, people in self.people.items()}
        for (kind, plan), column in self.plans.items():
            for _ in range(round(values[column])):
                found.append((left[kind].pop(), np.frombuffer(plan, np.int8)))
        nothing = np.full(QUARTERS, NOTHING, np.int8)
        idle = [(person, nothing) for people in left.values() for person in people]
        return found + idle


def do_best(
    problem: Problem,
    tally: Tally,
    where: tuple[int, frozenset[int]],
    prices: Prices,
    deadline: float,
) -> Doing:
    """What people at work on a day at places best do; nothing when there is no time."""
    day = Day(problem, where[0])
    day.state(tally, where[1])
    if not day.people or time.monotonic() > deadline:
        return []
    day.generate(prices)
    return day.best(min(LONGEST_S, deadline - time.monotonic()))


def neighbours(problem: Problem) -> list[frozenset[int]]:
    """Places in groups that share no work with one another."""
    groups: list[tuple[set[int], set[int]]] = []
    for place, rows in enumerate(problem.targets.row):
        mine = set(rows.ravel().tolist()) - {CLOSED}
        tied = [group for group in groups if group[1] & mine]
        groups = [group for group in groups if not group[1] & mine]
        places = {place}.union(*(group[0] for group in tied))
        groups.append((places, mine.union(*(group[1] for group in tied))))
    return [frozenset(places) for places, rows in groups if rows]
