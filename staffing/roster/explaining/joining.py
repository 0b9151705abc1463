"""Cures by others: one more person, or an authorisation for one with time to spare."""

from collections.abc import Iterator
from functools import partial

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.candidates import (
    Candidate,
    one_day,
    short_quarters,
    with_fields,
)
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables
from staffing.roster.explaining.wording import of_day, skill_words, weekday
from staffing.roster.options import opened
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template

JOINS = "+1"
"""The code of somebody who is not there yet."""


def one_more(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """One more person with the skill alone, for one shift of that day."""
    instance, day = tables.instance, stretch.day
    short = short_quarters(tables, stretch)
    for place in _places(tables, stretch):
        newcomer = Person(
            code=JOINS,
            location=place,
            skills=(stretch.skill,),
            contract_hours=0,
            days=(day,),
        )
        planner = Planner(Desk(tables.standing, newcomer, place, day))
        for template in opened(instance, place, newcomer.skills, day):
            if short & frozenset(template.quarters):
                yield _newcomer(stretch, newcomer, planner, template)


def _newcomer(
    stretch: Stretch, newcomer: Person, planner: Planner, template: Template
) -> Candidate:
    person = with_fields(newcomer, contract_hours=template.hours)
    skill, vak = skill_words(stretch.skill)
    day, dag = weekday(stretch.day)
    span = of_day(template.start, template.end)
    place = newcomer.location
    return Candidate(
        f"one more person for {skill} at {place} on {day} {span}",
        f"een persoon meer voor {vak} op {place}, {dag} {span}",
        template.hours,
        planner.worth(template),
        lambda: one_day(planner.shift(template), person),
    )


def _places(tables: Tables, stretch: Stretch) -> list[str]:
    """Where the demand can be served; of a pool every member."""
    members = [
        place
        for pool in tables.instance.pools
        if (pool.skill, pool.location) == (stretch.skill, stretch.location)
        for place in pool.members
    ]
    return members or [stretch.location]


def authorised(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """The skill for somebody at work there then whose own work can spare them."""
    short = short_quarters(tables, stretch)
    for shift in tables.standing.by_day[stretch.day]:
        person = tables.instance.person.get(shift.person)
        served = tables.instance.served(shift.location, stretch.skill)
        if person is None or served != stretch.location:
            continue
        shape = tables.shape(shift)
        if stretch.skill not in person.skills and short & frozenset(shape.quarters):
            yield _authorised(tables, stretch, person, shift, shape)


def _authorised(
    tables: Tables, stretch: Stretch, person: Person, shift: Assignment, shape: Template
) -> Candidate:
    able = with_fields(person, skills=tuple(sorted({*person.skills, stretch.skill})))
    desk = Desk(tables.standing, able, shift.location, stretch.day)
    planner = Planner(desk)
    skill, vak = skill_words(stretch.skill)
    span = of_day(shape.start, shape.end)
    own = tables.planner(person, stretch.day, shift.location)
    return Candidate(
        f"an authorisation for {skill} for {person.code}, at work {span}",
        f"een bevoegdheid voor {vak} voor {person.code}, aanwezig {span}",
        0.0,
        planner.worth(shape) - own.worth(shape),
        partial(_replanned, planner, shape, able),
    )


def _replanned(planner: Planner, shape: Template, able: Person) -> Alternative:
    return one_day(planner.shift(shape), able)
