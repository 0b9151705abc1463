"""The direct model of a week: a Boolean per person, day and shift, slack for cover.

Teams share out those at work over activities, quarter by quarter. What it leaves out
(blocks of activity, presence, the growth of unevenness) makes its objective too good.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from staffing.roster.instance import Instance
from staffing.roster.week.curves import marginal_gains
from staffing.roster.week.problem import Problem
from staffing.roster.week.targets import CLOSED

CENTS = 100


class Spot(NamedTuple):
    """People of the same skills at a place in a quarter-hour of a day."""

    team: tuple[int, ...]
    place: int
    day: int
    quarter: int


def solve_directly(
    instance: Instance, *, time_limit_s: float, workers: int
) -> float | None:
    """The objective in euros that CP-SAT reaches in the time; None when nothing."""
    direct = _Direct(Problem(instance))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.parameters.num_workers = workers
    status = solver.solve(direct.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver.objective_value / CENTS


class _Direct:
    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.terms: list[cp_model.LinearExprT] = [round(CENTS * problem.contracts)]
        self.there: dict[Spot, list[cp_model.IntVar]] = defaultdict(list)
        self.done: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        self.seats: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for person in range(len(problem.schedules)):
            self._add_person(person)
        for spot, people in self.there.items():
            self._share_out(spot, people)
        for (ceiling, _), people in self.seats.items():
            self.model.add(sum(people) <= int(problem.targets.desks[ceiling]))
        self._price_wants()
        self.model.minimize(sum(self.terms))

    def _add_person(self, person: int) -> None:
        staff, quarters = self.problem.staff, list[cp_model.LinearExprT]()
        for day in range(self.problem.instance.length):
            works = []
            for option in range(*staff.begins[person, day : day + 2].tolist()):
                works.append(self.model.new_bool_var(""))
                self._count_in(person, day, option, works[-1])
                worked = self.problem.shapes.found[staff.shape[option]].minutes
                quarters.append(worked * works[-1])
                cost = staff.own[option] - staff.off[person, day]
                kinds = [k for k in range(3) if staff.kinds[option] >> k & 1]
                cost += staff.uneven[person, kinds, 1].sum()  # as if it were the first
                self.terms.append(round(CENTS * cost) * works[-1])
            if staff.must[person, day]:
                self.model.add_exactly_one(works)
            else:
                self.model.add_at_most_one(works)
            self.terms.append(round(CENTS * staff.off[person, day]))
        contract = self.problem.schedules[person].person.contract_hours
        self.model.add(sum(quarters) <= round(60 * contract))

    def _count_in(self, person: int, day: int, option: int, x: cp_model.IntVar) -> None:
        staff = self.problem.staff
        begin, pause, resume, end = staff.shapes[staff.shape[option]].tolist()
        team = tuple(k for k in staff.skills[person].tolist() if k != CLOSED)
        for quarter in (*range(begin, pause), *range(resume, end)):
            if not staff.apart[person, day, quarter]:
                spot = Spot(team, int(staff.place[option]), day, quarter)
                self.there[spot].append(x)

    def _share_out(self, spot: Spot, people: list[cp_model.IntVar]) -> None:
        targets = self.problem.targets
        team, place, day, quarter = spot
        shares = []
        for skill in team:
            row = int(targets.row[place, day, skill])
            if row == CLOSED or not targets.is_open[row, quarter]:
                continue
            shares.append(self.model.new_int_var(0, len(people), ""))
            self.done[row, quarter].append(shares[-1])
            for ceiling in targets.ceiling[place, day, skill].tolist():
                if ceiling != CLOSED:
                    self.seats[ceiling, quarter].append(shares[-1])
        if shares:
            self.model.add(sum(shares) <= sum(people))

    def _price_wants(self) -> None:
        targets = self.problem.targets
        for row in range(len(targets.due)):
            waiting = np.flatnonzero(targets.waits[row]).tolist()
            if waiting:
                short = self.model.new_int_var(0, int(targets.due[row]), "")
                hands = [x for quarter in waiting for x in self.done[row, quarter]]
                self.model.add(short + sum(hands) >= int(targets.due[row]))
                self.terms.append(round(CENTS * targets.price_waiting) * short)
            opened = targets.is_open[row] & ~targets.waits[row]
            for quarter in np.flatnonzero(opened).tolist():
                self._price_slot(row, quarter)

    def _price_slot(self, row: int, quarter: int) -> None:
        targets = self.problem.targets
        first, last = targets.first[row, quarter], targets.last[row, quarter]
        levels = targets.levels[first : first + last + 1]
        self.terms.append(round(CENTS * float(levels[0])))
        steps = []
        for gain in marginal_gains(levels):
            steps.append(self.model.new_bool_var(""))
            self.terms.append(-round(CENTS * gain) * steps[-1])
        self.model.add(sum(steps) <= sum(self.done[row, quarter]))
