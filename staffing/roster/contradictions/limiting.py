"""Hours and limits of a person that no days could meet, and shifts that fit nowhere."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from staffing.roster.contradictions.listing import clock
from staffing.roster.instance import Instance
from staffing.roster.options import opened
from staffing.roster.people import Person
from staffing.roster.shifts import Template

ROUNDING = 0.1
"""Hours of a contract that may be rounding of its days."""


def no_shift_fits(instance: Instance) -> Iterator[str]:
    """Locations that are open for work, but never long enough for any shift."""
    if instance.covers or not instance.demands:
        return
    if not instance.templates:
        yield "no shifts are told; expected templates"
        return
    margin = instance.policy.opening_margin_minutes
    wanted: dict[str, set[str]] = {}
    for demand in instance.demands:
        wanted.setdefault(demand.location, set()).add(demand.skill)
    shortest = min(t.end - t.start for t in instance.templates)
    for location, skills in wanted.items():
        doing = tuple(sorted(skills))
        open_days = [
            (found[1] - found[0], day, found)
            for day in instance.days
            if (found := instance.opening(location, doing, day))
        ]
        fit = any(opened(instance, location, doing, day) for _, day, _ in open_days)
        if open_days and not fit:
            _, day, (first, last) = max(open_days)
            yield (
                f"location {location}: no shift fits the opening hours; the longest "
                f"are {clock(first)}-{clock(last)} on {day} (and {margin} minutes "
                f"around), the shortest shift takes {shortest / 60:g} hours"
            )


def limits_crossed(instance: Instance) -> Iterator[str]:
    """A least that is more than its most."""
    for person in instance.people:
        own, owner = person.limits, f"person {person.code}"
        most = own.most_minutes
        if most is not None and own.least_minutes > most:
            yield f"{owner}: at least {own.least_minutes} minutes, at most {most}"
        row = own.most_days_in_a_row
        if row is not None and own.least_days_in_a_row > row:
            least = own.least_days_in_a_row
            yield f"{owner}: at least {least} days in a row, at most {row}"
        contract = round(60 * person.contract_hours)
        if own.least_minutes > contract:
            yield (
                f"{owner}: at least {own.least_minutes} minutes, with a contract of "
                f"{person.contract_hours:g} hours"
            )
        for name, number in own.most_shifts:
            if number < 0:
                yield f"{owner}: at most {number} shifts '{name}'"


def contract_above_availability(instance: Instance) -> Iterator[str]:
    """A contract of more hours than a person's days can hold.

    Where shifts have names a contract is no more than a most, and may be any.
    """
    for person in () if instance.covers else instance.people:
        room = room_of(instance, person)
        if person.contract_hours > room + ROUNDING:
            yield (
                f"person {person.code}: a contract of {person.contract_hours:g} hours "
                f"is above availability: {len(person.days)} days leave room for at "
                f"most {room:g} hours"
            )


def room_of(instance: Instance, person: Person) -> float:
    """The most hours that somebody could work, whatever is open.

    By the person's days, absence and pattern, and by the law. Not by the shifts there
    are: in a week of short opening, contracts stay what they are.
    """
    weeks = -(-instance.length // 7)
    lawful = weeks * instance.rules.max_week_hours
    longest = instance.rules.max_shift_hours
    return min(sum(min(_hours_on(person, d), longest) for d in person.days), lawful)


def _hours_on(person: Person, day: date) -> float:
    """Hours of a day without absence, and of the pattern."""
    minutes, reached = 1440, 0
    for start, end in sorted((a.start, a.end) for a in person.away if a.day == day):
        minutes -= max(end - max(start, reached), 0)
        reached = max(reached, end)
    return min(minutes / 60, person.most_on(day))


def least_above_availability(instance: Instance) -> Iterator[str]:
    """A least number of minutes that the longest shift of every day would not reach."""

    @cache
    def shifts(location: str, skills: tuple[str, ...], day: date) -> list[Template]:
        found = opened(instance, location, skills, day)
        return sorted(found, key=lambda template: -template.minutes)

    def longest(person: Person, day: date) -> int:
        if person.locks and (lock := person.lock_on(day)):
            return lock.shift.minutes if lock.shift else 0
        most = 60 * person.most_on(day) + ROUNDING
        fits = (
            next((t.minutes for t in own if _fits(person, day, t, most)), 0)
            for own in (shifts(p, person.skills, day) for p in person.locations)
        )
        return max(fits)

    for person in instance.people:
        least = person.limits.least_minutes
        if not least:
            continue
        days = dict.fromkeys((*person.days, *(lock.day for lock in person.locks)))
        room = sum(longest(person, day) for day in days)
        if least > room:
            yield (
                f"person {person.code}: at least {least} minutes, above availability: "
                f"the longest shifts of {len(days)} days make {room}"
            )


def _fits(person: Person, day: date, template: Template, most: float) -> bool:
    return template.minutes <= most and not (
        person.away and not person.is_there(day, template)
    )
