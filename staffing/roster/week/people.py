"""The people of an instance as arrays: their options, and what those cost by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled, Option
from staffing.roster.people import Person
from staffing.roster.personal import (
    UNLOVED,
    change_cost,
    dues,
    unloved,
    wish_cost,
)
from staffing.roster.shifts import Template
from staffing.roster.week.replying import Staff
from staffing.roster.week.targets import (
    CLOSED,
    QUARTERS,
    Flags,
    Floats,
    Ints,
    Names,
    functions,
)


@dataclass
class Shapes:
    """The shapes of shifts that occur: templates, and locked shifts beside them."""

    found: list[Template] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def number(self, shape: Template) -> int:
        """The number of a shape; a new one is added. Templates are few and stay alive."""
        if id(shape) not in self.numbers:
            self.numbers[id(shape)] = len(self.found)
            self.found.append(shape)
        return self.numbers[id(shape)]

    @property
    def quarters(self) -> Ints:
        """Begin, break, end of the break and end of each, in quarter-hours."""
        rows = [
            (s.start, s.break_start or s.end, s.break_end or s.end, s.end)
            for s in self.found
        ]
        return np.array(rows, np.int64).reshape(-1, 4) // 15


def staff_of(
    instance: Instance, names: Names, schedules: Sequence[Compiled], shapes: Shapes
) -> Staff:
    """The arrays of the people of an instance, from their compiled schedules."""
    people = instance.people
    per_day = [np.diff(schedule.first) for schedule in schedules]
    counts = np.concatenate(per_day) if per_day else np.zeros(0, np.int64)
    options = [option for schedule in schedules for option in schedule.options]
    return Staff(
        skills=_skills(instance, names),
        functions=_functions(people, names),
        apart=_apart(instance),
        begins=_begins(counts, len(people), instance.length),
        shape=np.array([shapes.number(o.shift) for o in options], np.int64),
        place=np.array([names.places.index(o.location) for o in options], np.int64),
        choice=_joined([schedule.choice for schedule in schedules]),
        own=_own(instance, schedules),
        kinds=_kinds(instance, options),
        off=_off(instance, schedules),
        must=_must(instance, schedules),
        uneven=_uneven(instance),
        shapes=shapes.quarters,
    )


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([*parts, np.zeros(0, np.int64)]).astype(np.int64)


def _begins(counts: Ints, people: int, days: int) -> Ints:
    """Where the options of each person's day begin, and those of the last one end."""
    edges = np.array([0, *accumulate(counts.tolist())], np.int64)
    rows = np.arange(people)[:, None] * days + np.arange(days + 1)
    found: Ints = edges[rows]
    return found


def _skills(instance: Instance, names: Names) -> Ints:
    table = np.full((len(instance.people), max(len(names.skills), 1)), CLOSED, np.int64)
    for i, person in enumerate(instance.people):
        known = [k for k, skill in enumerate(names.skills) if skill in person.skills]
        table[i, : len(known)] = known
    return table


def _functions(people: Sequence[Person], names: Names) -> Ints:
    table = np.zeros((len(people), max(len(names.minima), 1)), np.int64)
    for i, person in enumerate(people):
        table[i, : len(names.minima)] = functions(names, person.able)
    return table


def _apart(instance: Instance) -> Flags:
    table = np.zeros((len(instance.people), instance.length, QUARTERS), bool)
    for i, person in enumerate(instance.people):
        for apart in person.set_apart:
            if apart.day in instance.days:
                day = instance.days.index(apart.day)
                table[i, day, apart.start // 15 : -(-apart.end // 15)] = True
    return table


def _kinds(instance: Instance, options: list[Option]) -> Ints:
    policy, known = instance.policy, {}
    for option in options:
        key = (option.day, option.shift.end)
        if key not in known:
            found = unloved(policy, instance.days[option.day], option.shift.end)
            known[key] = sum(1 << UNLOVED.index(kind) for kind in found)
    return np.array([known[o.day, o.shift.end] for o in options], np.int64)


def _uneven(instance: Instance) -> Floats:
    """Euros of 0, 1, 2 ... unloved shifts of each person and kind."""
    table = np.zeros((len(instance.people), len(UNLOVED), instance.length + 1))
    for i, person in enumerate(instance.people):
        for k, kind in enumerate(UNLOVED):
            table[i, k, 1:] = np.cumsum(dues(instance, person, kind))
    return table


def _own(instance: Instance, schedules: Sequence[Compiled]) -> Floats:
    """Euros of each option by itself: wishes, changes, less the hours it uses."""
    price, found = instance.policy.price_hour, list[float]()
    for schedule in schedules:
        person = schedule.person
        wished = {wish.day for wish in person.wishes}
        for option in schedule.options:
            day, shift = instance.days[option.day], option.shift
            cost = wish_cost(person, day, shift) if day in wished else 0.0
            if instance.known is not None:
                cost += change_cost(instance, person, day, shift, option.location)
            found.append(cost - price * shift.minutes / 60)
    return np.array(found)


def _off(instance: Instance, schedules: Sequence[Compiled]) -> Floats:
    """Euros of each free day: wishes not granted, a known shift taken away."""
    rows = [
        [
            wish_cost(schedule.person, day, None)
            + change_cost(instance, schedule.person, day, None)
            for day in instance.days
        ]
        for schedule in schedules
    ]
    return np.array(rows, np.float64).reshape(len(schedules), instance.length)


def _must(instance: Instance, schedules: Sequence[Compiled]) -> Flags:
    rows = [schedule.must for schedule in schedules]
    return np.array(rows, bool).reshape(len(schedules), instance.length)
