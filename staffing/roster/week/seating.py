"""From counts to people: whose shift is which, lawful and as regular as may be."""

from collections import Counter, defaultdict
from datetime import date

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from staffing.roster.week.aggregate import Column, Hours
from staffing.roster.week.grouping import Group, Problem, Team
from staffing.roster.week.worksheet import Worksheet

FORBIDDEN = 1e6
DETERMINISTIC_LIMIT = 2.0
"""Seconds of CP-SAT's own clock per group: the same on every machine."""


def seat(
    problem: Problem, shifts: Counter[Column], hours: Counter[Hours], seed: int
) -> Worksheet:
    """Give the counted shifts to people; what fits nobody is left for polishing."""
    lengths: dict[tuple[Team, date, float], list[str]] = defaultdict(list)
    for index, group in enumerate(problem.groups):
        wanted = {(d, h): n for (i, d, h), n in hours.items() if i == index}
        for day, length, code in _share_out(group, wanted, seed):
            lengths[group.team, day, length].append(code)
    sheet = Worksheet(problem)
    pools = _pools(problem, shifts)
    for key in sorted(pools, key=lambda key: (key[1], key[0], key[2])):
        _match(sheet, key[1], pools[key], sorted(lengths.get(key, [])))
    return sheet


def _pools(
    problem: Problem, shifts: Counter[Column]
) -> dict[tuple[Team, date, float], list[int]]:
    pools: dict[tuple[Team, date, float], list[int]] = defaultdict(list)
    for (team, day, template), count in sorted(shifts.items()):
        hours = problem.instance.templates[template].hours
        pools[team, day, hours] += [template] * count
    return pools


def _share_out(
    group: Group, wanted: dict[tuple[date, float], int], seed: int
) -> list[tuple[date, float, str]]:
    """Days and lengths per member: as many hours as possible within each contract."""
    if len(group.members) == 1:
        return [(day, length, group.members[0]) for day, length in sorted(wanted)]
    model = cp_model.CpModel()
    works = {
        (day, length, code): model.new_bool_var("")
        for day, length in sorted(wanted)
        for code in group.members
    }
    for (day, length), count in wanted.items():
        model.add(sum(works[day, length, code] for code in group.members) <= count)
    for code in group.members:
        for day in group.days:
            model.add_at_most_one(
                works[key] for key in works if key[0] == day and key[2] == code
            )
        quarters = sum(round(4 * k[1]) * v for k, v in works.items() if k[2] == code)
        model.add(quarters <= int(4 * group.hours + 1e-6))
    model.maximize(sum(round(4 * key[1]) * var for key, var in works.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = DETERMINISTIC_LIMIT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [key for key, var in works.items() if solver.boolean_value(var)]


def _match(sheet: Worksheet, day: date, pool: list[int], codes: list[str]) -> None:
    """Assign templates of one length to people, near the hours they had before."""
    if not codes or not pool:
        return
    costs = np.array([[_strain(sheet, code, day, t) for t in pool] for code in codes])
    for row, column in zip(*linear_sum_assignment(costs), strict=True):
        if costs[row, column] < FORBIDDEN:
            person = sheet.problem.instance.person[codes[row]]
            empty = sheet.planned(
                person, day, pool[column], _nothing(sheet, person.location, day)
            )
            sheet.put(person, day, empty)


def _nothing(sheet: Worksheet, location: str, day: date) -> np.ndarray:
    """Gains of a board that is closed: the activity plan comes later."""
    return np.full(sheet.boards[location, day].counts.shape, -np.inf)


def _strain(sheet: Worksheet, code: str, day: date, template: int) -> float:
    """How far a shift begins from the person's other shifts; unlawful ones never."""
    person = sheet.problem.instance.person[code]
    if not sheet.is_lawful(person, day, template):
        return FORBIDDEN
    start = sheet.templates[template].start
    others = [
        sheet.templates[sheet.placed[code, other].template].start
        for other in person.days
        if (code, other) in sheet.placed
    ]
    return float(np.mean([abs(start - other) for other in others])) if others else 0.0
