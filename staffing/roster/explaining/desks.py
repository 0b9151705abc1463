"""Cures by one more desk, where every desk is taken."""

from collections.abc import Iterator
from functools import partial

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.candidates import Candidate, rostered, short_quarters
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables
from staffing.roster.shifts import Template
from staffing.roster.wanted import Ceiling


def full_ceiling(tables: Tables, stretch: Stretch) -> Ceiling | None:
    """The desks that are all taken at the worst moment, if they are."""
    start = stretch.worst.start
    for ceiling in tables.instance.ceilings:
        if ceiling.day != stretch.day or stretch.skill not in ceiling.skills:
            continue
        served = tables.instance.served(ceiling.location, stretch.skill)
        keys = [(ceiling.location, skill, start) for skill in ceiling.skills]
        taken = sum(tables.standing.seats[key] for key in keys)
        if served == stretch.location and taken >= ceiling.people:
            return ceiling
    return None


def more_desks(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """One more desk, used by somebody who is at work then without one."""
    full = full_ceiling(tables, stretch)
    if full is None:
        return
    bigger = Ceiling(
        location=full.location,
        skills=full.skills,
        day=full.day,
        people=full.people + 1,
    )
    ceilings = tuple(bigger if c == full else c for c in tables.instance.ceilings)
    short = short_quarters(tables, stretch)
    for person, shift, shape in rostered(tables, stretch):
        if shift.location == full.location and short & frozenset(shape.quarters):
            desk = Desk(tables.standing, person, shift.location, full.day, ceilings)
            planner = Planner(desk)
            own = tables.planner(person, full.day, shift.location)
            yield Candidate(
                f"one more desk at {full.location}, for {person.code}",
                f"een werkplek meer op {full.location}, voor {person.code}",
                0.0,
                planner.worth(shape) - own.worth(shape),
                partial(_seated, planner, shape, ceilings),
            )


def _seated(
    planner: Planner, shape: Template, ceilings: tuple[Ceiling, ...]
) -> Alternative:
    shift = planner.shift(shape)
    return Alternative({(shift.person, shift.day): shift}, (), ceilings)
