"""How many people are at an activity, per location, skill and quarter-hour."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment
from staffing.roster.wanted import Demand

Headcount = Counter[tuple[str, str, datetime]]
"""People per location, skill and quarter-hour (UTC)."""


def headcount(instance: Instance, assignments: Iterable[Assignment]) -> Headcount:
    """People at an activity per location whose demand they serve, skill and quarter."""
    return Counter(
        (instance.served(shift.location, skill), skill, start)
        for shift in assignments
        for start, skill in shift.moments()
    )


def seated(assignments: Iterable[Assignment]) -> Headcount:
    """People at an activity per location where they sit, skill and quarter-hour."""
    return Counter(
        (shift.location, skill, start)
        for shift in assignments
        for start, skill in shift.moments()
    )


def missing(demand: Demand, people: Headcount) -> int:
    """How many people a quarter-hour is short of its requirement."""
    present = people[demand.location, demand.skill, demand.start]
    return max(0, demand.required - present)
