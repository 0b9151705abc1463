"""Days that were settled so that they break a hard rule by themselves."""

from collections.abc import Iterator
from datetime import date

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Objective, Roster
from staffing.roster.rules.rule import Rule
from staffing.roster.shifts import Span, Template
from staffing.roster.verifying import RULES, verify

LATER = frozenset(
    {
        "same_instance",
        "known_person",
        "well_formed",
        "settled_day",
        "activities_in_shift",
        "least_minutes",
        "least_days_in_a_row",
        "least_days_off_in_a_row",
        "stated_objective",
        "stated_bound",
    }
)
"""Rules that the rest of a roster can still meet, and those of the mere format."""


def broken_by_locks(instance: Instance) -> Iterator[str]:
    """Each hard rule that the settled shifts break, whatever is added to them."""
    settled = tuple(
        _assignment(instance, person, lock.day, lock.shift, lock.location)
        for person in instance.people
        for lock in {lock.day: lock for lock in person.locks}.values()
        if lock.shift is not None
    )
    alone = Roster(
        instance="",
        week=instance.week,
        seed=0,
        status="feasible",
        assignments=settled,
        objective=Objective(),
        bound=0.0,
        unavoidable=0.0,
        gap=None,
        shortfalls=(),
    )
    for found in verify(instance, alone, lasting_rules()) if settled else ():
        where = f"person {found.person}: " if found.person else ""
        day = f" {found.day}" if found.day else ""
        label = found.label_en.lower()
        yield f"{where}settled{day} breaks the rule of {label}: {found.detail}"


def lasting_rules() -> tuple[Rule, ...]:
    """Hard rules that no further shift can mend."""
    return tuple(rule for rule in RULES if rule.hard and rule.name not in LATER)


def _assignment(
    instance: Instance, person: Person, day: date, shift: Template, location: str
) -> Assignment:
    clock = instance.clock
    breaks: tuple[Span, ...] = ()
    if shift.break_start is not None and shift.break_end is not None:
        first, last = shift.break_start, shift.break_end
        breaks = (Span(start=clock.moment(day, first), end=clock.moment(day, last)),)
    return Assignment(
        person=person.code,
        day=day,
        location=location or person.location,
        shift=Span(
            start=clock.moment(day, shift.start), end=clock.moment(day, shift.end)
        ),
        breaks=breaks,
        name=shift.name,
    )
