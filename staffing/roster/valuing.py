"""The objective of a set of assignments in euros, term by term, by the true tables."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from forecasting.calendar import SLOT
from staffing.roster.instance import Demand, Instance
from staffing.roster.result import Assignment, Objective

Headcount = Counter[tuple[str, str, datetime]]
"""People per location, skill and quarter-hour (UTC)."""


def value(instance: Instance, assignments: Iterable[Assignment]) -> Objective:
    """What the assignments cost: late contacts, shortage, unused hours, short blocks."""
    shifts = tuple(assignments)
    people = headcount(shifts)
    prices = instance.policy
    late = short = 0.0
    waiting: Counter[tuple[str, str, date]] = Counter()
    for demand in instance.demands:
        present = people[demand.location, demand.skill, demand.start]
        if demand.deferrable:
            day, _ = instance.clock.quarter(demand.start)
            waiting[demand.location, demand.skill, day] += demand.required - present
            continue
        late += demand.late_with(present)
        short += demand.shortage(present)
    worked = sum(shift.worked_hours for shift in shifts)
    contracts = sum(person.contract_hours for person in instance.people)
    blocks = sum(short_blocks(shift, minimum_block(instance)) for shift in shifts)
    left = sum(max(0, quarters) for quarters in waiting.values())
    return Objective(
        late_contacts=prices.price_late_contact * late,
        short_quarters=prices.price_short_quarter * short,
        short_deferrable=prices.price_short_deferrable_quarter * left,
        unused_hours=prices.price_hour * (contracts - worked),
        short_blocks=prices.price_short_block * blocks,
    )


def headcount(assignments: Iterable[Assignment]) -> Headcount:
    """People at work per location, skill and quarter-hour."""
    return Counter(
        (shift.location, skill, start)
        for shift in assignments
        for start, skill in shift.moments()
    )


def missing(demand: Demand, people: Headcount) -> int:
    """How many people a quarter-hour is short of its requirement."""
    present = people[demand.location, demand.skill, demand.start]
    return max(0, demand.required - present)


def minimum_block(instance: Instance) -> int:
    """The shortest wanted block of one activity, in quarter-hours."""
    return -(-instance.policy.minimum_block_minutes // 15)


def short_blocks(shift: Assignment, least: int) -> int:
    """Blocks of one activity under `least` quarter-hours that need not be so short.

    A stretch of work that is itself shorter than `least` counts only its changes.
    """
    total = 0
    for stretch in stretches(shift):
        runs = block_lengths(stretch)
        if len(runs) > 1:
            total += sum(length < least for length in runs)
    return total


def stretches(shift: Assignment) -> list[list[str]]:
    """Runs of quarter-hours with an activity, split at breaks and closed ones."""
    found: list[list[str]] = [[]]
    last: datetime | None = None
    for start, skill in shift.moments():
        if last is not None and start != last + SLOT:
            found.append([])
        found[-1].append(skill)
        last = start
    return found


def block_lengths(stretch: list[str]) -> list[int]:
    """Lengths of the runs of one skill."""
    lengths: list[int] = []
    for i, skill in enumerate(stretch):
        if i and skill == stretch[i - 1]:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths
