"""What stays with everybody there: the cost of wants that no roster gets below.

As if each could do everything that they may do, in every quarter-hour of any shift that
they can have, all at the same time; only desks still limit.
"""

import numpy as np

from staffing.roster.week.curves import marginal_gains
from staffing.roster.week.problem import Problem
from staffing.roster.week.tally import heads_missing
from staffing.roster.week.targets import CLOSED, QUARTERS, Flags, Ints


def cost_with_everybody(problem: Problem) -> float:
    """Euros of work, waiting work and minima with everybody there who can be.

    Costs of people at work are taken as convex, as bounds take them.
    """
    targets, there = problem.targets, _there(problem)
    people, heads = _people(problem, there), _heads(problem, there)
    total = 0.0
    for row, quarter in np.argwhere(targets.is_open & ~targets.waits).tolist():
        first, last = targets.first[row, quarter], targets.last[row, quarter]
        levels = targets.levels[first : first + last + 1]
        gains = marginal_gains(levels)
        total += levels[0] - sum(gains[: people[row, quarter]])
    done = np.where(targets.waits, people, 0).sum(axis=1)
    total += targets.price_waiting * np.maximum(targets.due - done, 0).sum()
    for minimum, quarter in np.argwhere(targets.in_force).tolist():
        short = heads_missing(targets.need[minimum], *heads[minimum, :, quarter])
        total += targets.price_head * short
    return float(total)


def _there(problem: Problem) -> Flags:
    """Who can be at work where and when, in any shift of theirs (P, D, L, 96)."""
    staff, places = problem.staff, len(problem.names.places)
    quarter = np.arange(QUARTERS)
    begin, pause, resume, end = (edge[:, None] for edge in staff.shapes.T)
    at_work = (begin <= quarter) & (quarter < end)
    at_work &= (quarter < pause) | (quarter >= resume)
    number, days = staff.off.shape
    found = np.zeros((number, days, places, QUARTERS), bool)
    for person, day in np.ndindex(number, days):
        options = slice(staff.begins[person, day], staff.begins[person, day + 1])
        shape, place = staff.shape[options], staff.place[options]
        for one in np.unique(place):
            found[person, day, one] = at_work[shape[place == one]].any(axis=0)
    return found & ~staff.apart[:, :, None, :]


def _people(problem: Problem, there: Flags) -> Ints:
    """How many could serve each row at once (R, 96); no more than desks allow."""
    targets, skills = problem.targets, problem.staff.skills
    found = np.zeros(targets.is_open.shape, np.int64)
    for place, day, skill in np.argwhere(targets.row != CLOSED).tolist():
        able = (skills == skill).any(axis=1)
        number = there[able, day, place].sum(axis=0)
        limits = targets.ceiling[place, day, skill]
        desks = targets.desks[limits[limits != CLOSED]].min(initial=len(able))
        found[targets.row[place, day, skill]] += np.minimum(number, desks)
    return found


def _heads(problem: Problem, there: Flags) -> Ints:
    """How many heads each minimum could have: first function, second, either."""
    targets, functions = problem.targets, problem.staff.functions
    found = np.zeros((len(targets.need), 3, QUARTERS), np.int64)
    for place, day, slot in np.argwhere(targets.minimum != CLOSED).tolist():
        minimum = targets.minimum[place, day, slot]
        function = functions[:, minimum]
        of_parts = (function & 1) > 0, (function & 2) > 0, function > 0
        for part, able in enumerate(of_parts):
            found[minimum, part] += there[able, day, place].sum(axis=0)
    return found
