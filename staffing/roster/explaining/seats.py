"""Desks and phones: whether there is a place left for somebody more."""

from collections.abc import Iterator
from datetime import date, datetime

from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.explaining.standing import Standing, doing
from staffing.roster.headcounts import seated
from staffing.roster.result import Assignment
from staffing.roster.wanted import Ceiling


def crowded(
    standing: Standing, instead: Alternative
) -> Iterator[tuple[date, datetime]]:
    """Quarter-hours in which there would be more people than desks."""
    more = seated(s for s in instead.days.values() if s)
    more.subtract(seated(standing.had(instead)))
    ceilings = (
        standing.instance.ceilings if instead.ceilings is None else instead.ceilings
    )
    for ceiling in ceilings:
        for start in sorted({start for _, _, start in more}):
            keys = [(ceiling.location, skill, start) for skill in ceiling.skills]
            grows = sum(more[key] for key in keys)
            taken = sum(standing.seats[key] for key in keys) + grows
            day, _ = standing.instance.clock.quarter(start)
            if grows > 0 and taken > ceiling.people and day == ceiling.day:
                yield day, start


def has_desk(
    standing: Standing,
    key: PersonDay,
    location: str,
    skill: str,
    start: datetime,
    ceilings: tuple[Ceiling, ...] | None = None,
) -> bool:
    """Whether somebody could sit down to a skill then, their own place left.

    With `ceilings`, if there were those desks.
    """
    day, own = key[1], standing.shift.get(key)
    for ceiling in standing.instance.ceilings if ceilings is None else ceilings:
        here = (ceiling.location, ceiling.day) == (location, day)
        if here and skill in ceiling.skills:
            taken = sum(standing.seats[location, s, start] for s in ceiling.skills)
            taken -= _sits(own, location, ceiling.skills, start)
            if taken >= ceiling.people:
                return False
    return True


def _sits(
    shift: Assignment | None, location: str, skills: tuple[str, ...], start: datetime
) -> bool:
    return (
        shift is not None
        and shift.location == location
        and doing(shift, start) in skills
    )
