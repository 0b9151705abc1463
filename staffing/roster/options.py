"""The shifts that a person may have on a day, each looked at by itself.

What days together must obey (rest, hours, rows of days) is not asked here.
"""

from datetime import date

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.shifts import Template

EPSILON = 1e-6


def options(
    instance: Instance, person: Person, day: date, location: str
) -> tuple[Template, ...]:
    """Templates for a person on a day at one of their locations, in order.

    A lock leaves its own shift alone, whether it is a template or not. None: the person
    cannot work there that day.
    """
    lock = person.lock_on(day)
    if lock is not None:
        here = (lock.location or person.location) == location
        return (lock.shift,) if lock.shift is not None and here else ()
    if day not in person.days:
        return ()
    most = person.most_on(day) + EPSILON
    return tuple(
        template
        for template in opened(instance, location, person.skills, day)
        if template.hours <= most and person.is_there(day, template)
    )


def opened(
    instance: Instance, location: str, skills: tuple[str, ...], day: date
) -> tuple[Template, ...]:
    """Templates within the opening hours of any of the skills and the margin."""
    if instance.covers:
        return instance.templates
    opening = instance.opening(location, skills, day)
    if opening is None:
        return ()
    margin = instance.policy.opening_margin_minutes
    return tuple(
        template
        for template in instance.templates
        if template.start >= opening[0] - margin and template.end <= opening[1] + margin
    )
