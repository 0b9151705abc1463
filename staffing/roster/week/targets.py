"""What is wanted, as arrays: rows of work, desks and minima, by place, day and quarter.

A row is one skill of one place on one day; who works elsewhere may serve it (pools).
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.roster.instance import Instance
from staffing.roster.wanted import Demand, Presence, Separation
from staffing.rules import RosterPolicy

QUARTERS = 96
CLOSED = -1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Targets(NamedTuple):
    """What is wanted; L places, D days, K skills, R rows, Z ceilings, M minima.

    `row` (L, D, K) is the row that a skill serves there, CLOSED if none. The cost of n
    people is `levels[first + min(n, last)]` (R, 96); work that `waits` counts per row,
    `due` quarter-hours of it. `ceiling` (L, D, K, *) and `minimum` (L, D, *) list what
    applies there, padded with CLOSED. A minimum wants `need` (M, 3) heads with its first
    function, with its second, and with either, while `in_force` (M, 96). Waiting work
    of which fewer than `stint` quarter-hours are left is taken to be worth less.
    """

    row: Ints
    is_open: Flags
    first: Ints
    last: Ints
    levels: Floats
    waits: Flags
    due: Ints
    ceiling: Ints
    desks: Ints
    minimum: Ints
    need: Ints
    in_force: Flags
    price_waiting: float
    price_head: float
    stint: float


def of_day(targets: Targets, day: int) -> Targets:
    """What is wanted on one day alone."""
    rows, minima = np.zeros(len(targets.due), bool), np.zeros(len(targets.need), bool)
    for found, there in (
        (targets.row[:, day], rows),
        (targets.minimum[:, day], minima),
    ):
        there[found[found != CLOSED]] = True
    return targets._replace(
        is_open=targets.is_open & rows[:, None],
        waits=targets.waits & rows[:, None],
        due=np.where(rows, targets.due, 0),
        in_force=targets.in_force & minima[:, None],
    )


class Names(NamedTuple):
    """What the numbers of places, days and skills stand for, and the minima in order."""

    places: tuple[str, ...]
    days: tuple[date, ...]
    skills: tuple[str, ...]
    minima: tuple[tuple[Presence | Separation, date], ...]


def name_all(instance: Instance) -> Names:
    """Places, days, skills and minima of an instance, each in a fixed order."""
    people = instance.people
    places = {place for person in people for place in person.locations}
    places |= {lock.location for person in people for lock in person.locks} - {""}
    skills = {skill for person in people for skill in person.skills}
    presences = [(presence, presence.day) for presence in instance.presences]
    separations = [(s, day) for s in instance.separations for day in instance.days]
    minima: tuple[tuple[Presence | Separation, date], ...]
    minima = (*presences, *separations)
    return Names(tuple(sorted(places)), instance.days, tuple(sorted(skills)), minima)


def targets_of(instance: Instance, names: Names) -> Targets:
    """The arrays of an instance."""
    rows = {key: i for i, key in enumerate(sorted(instance.slots))}
    shape = (max(len(rows), 1), QUARTERS)
    is_open, waits = np.zeros(shape, bool), np.zeros(shape, bool)
    first, last = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    due = np.zeros(shape[0], np.int64)
    levels: list[float] = [0.0]
    for key, row in rows.items():
        for quarter, demand in instance.slots[key].items():
            is_open[row, quarter] = True
            if demand.deferrable:
                waits[row, quarter] = True
                due[row] += demand.required
                continue
            costs = costs_by_number(demand, instance.policy)
            first[row, quarter], last[row, quarter] = len(levels), len(costs) - 1
            levels += costs
    need, in_force = _minima(instance, names)
    return Targets(
        row=_rows_served(instance, names, rows),
        is_open=is_open,
        first=first,
        last=last,
        levels=np.array(levels),
        waits=waits,
        due=due,
        ceiling=_ceilings(instance, names),
        desks=np.array([c.people for c in instance.ceilings] or [0], np.int64),
        minimum=_minima_by_place(names),
        need=need,
        in_force=in_force,
        price_waiting=instance.policy.price_short_deferrable_quarter,
        price_head=instance.policy.price_presence_quarter,
        stint=16.0,
    )


def costs_by_number(demand: Demand, policy: RosterPolicy) -> list[float]:
    """Euros of a quarter-hour with 0, 1, 2 ... people; constant beyond the last."""
    return [
        policy.price_late_contact * demand.late_with(n)
        + policy.price_short_quarter * demand.shortage(n)
        for n in range(max(len(demand.late), demand.required + 1))
    ]


def _rows_served(
    instance: Instance, names: Names, rows: dict[tuple[str, str, date], int]
) -> Ints:
    found = [
        rows.get((instance.served(place, skill), skill, day), CLOSED)
        for place in names.places
        for day in names.days
        for skill in names.skills
    ]
    shape = (len(names.places), len(names.days), len(names.skills))
    return np.array(found, np.int64).reshape(shape)


def _ceilings(instance: Instance, names: Names) -> Ints:
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, ceiling in enumerate(instance.ceilings):
        if ceiling.location in names.places and ceiling.day in names.days:
            place, day = names.places.index(ceiling.location), ceiling.day
            for k, skill in enumerate(names.skills):
                if skill in ceiling.skills:
                    found[place, names.days.index(day), k].append(number)
    return _padded(found, (len(names.places), len(names.days), len(names.skills)))


def _minima_by_place(names: Names) -> Ints:
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, (minimum, day) in enumerate(names.minima):
        if minimum.location in names.places and day in names.days:
            place = names.places.index(minimum.location)
            found[place, names.days.index(day)].append(number)
    return _padded(found, (len(names.places), len(names.days)))


def _padded(found: dict[tuple[int, ...], list[int]], shape: tuple[int, ...]) -> Ints:
    width = max((len(numbers) for numbers in found.values()), default=0)
    table = np.full((*shape, max(width, 1)), CLOSED, np.int64)
    for key, numbers in found.items():
        table[key][: len(numbers)] = numbers
    return table


def _minima(instance: Instance, names: Names) -> tuple[Ints, Flags]:
    number = max(len(names.minima), 1)
    need, in_force = np.zeros((number, 3), np.int64), np.zeros((number, QUARTERS), bool)
    for m, (minimum, day) in enumerate(names.minima):
        if isinstance(minimum, Presence):
            need[m, 0] = minimum.least
            in_force[m, minimum.start // 15 : -(-minimum.end // 15)] = True
        else:
            need[m] = 1, 1, 2
            slots = instance.slots.get((minimum.location, minimum.skill, day), {})
            in_force[m, sorted(slots)] = True
    return need, in_force


def functions(names: Names, able: frozenset[str]) -> list[int]:
    """What somebody counts as for each minimum: 1 its first function, 2 its second."""
    return [_function(minimum, able) for minimum, _ in names.minima]


def _function(minimum: Presence | Separation, able: frozenset[str]) -> int:
    if isinstance(minimum, Presence):
        return int(not minimum.able or bool(able & set(minimum.able)))
    return (minimum.first in able) + 2 * (minimum.second in able)
