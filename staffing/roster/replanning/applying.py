"""What happened, told to the instance: days, hours, locks and demands as they are now."""

from collections.abc import Iterable, Sequence
from datetime import date

from forecasting.errors import InputError
from staffing.roster.building.renewing import renewed
from staffing.roster.contradictions.limiting import room_of
from staffing.roster.explaining.candidates import with_fields
from staffing.roster.instance import Instance, Known, Settled
from staffing.roster.people import Away, Lock, Person
from staffing.roster.replanning.events import (
    Absent,
    Asked,
    Available,
    Event,
    Settle,
    days_of,
)
from staffing.roster.result import Assignment
from staffing.roster.shapes import template_of
from staffing.roster.shifts import Template


def apply_events(
    instance: Instance, assignments: Iterable[Assignment], events: Sequence[Event]
) -> Instance:
    """The instance as it is after the events, with the roster that people know.

    Raises:
        InputError: a person, day or quarter-hour is not of this instance.
    """
    shifts = tuple(assignments)
    people = dict(instance.person)
    demands = {(d.location, d.skill, d.start): d for d in instance.demands}
    for event in events:
        _check(instance, event)
        if isinstance(event, Asked):
            demands |= {(d.location, d.skill, d.start): d for d in event.demands}
            continue
        person = people[event.person]
        changed = _changed(instance, person, shifts, event)
        people[event.person] = _with_room(instance, changed)
    known = tuple(
        Settled(
            person=shift.person,
            day=shift.day,
            location=shift.location,
            shift=template_of(instance, shift),
        )
        for shift in shifts
    )
    return renewed(
        instance,
        people=tuple(people.values()),
        demands=tuple(demands.values()),
        known=Known(shifts=known, affected=days_of(events)),
    )


def _check(instance: Instance, event: Event) -> None:
    for code in event.people:
        if code not in instance.person:
            raise InputError(
                f"expected the code of somebody in the roster, came '{code}'"
            )
    if not set(event.days) & set(instance.days):
        first, last = instance.days[0], instance.days[-1]
        raise InputError(f"expected a day from {first} to {last}, came {event.days[0]}")
    if isinstance(event, Settle):
        _check_settled(instance.person[event.person], event)


def _check_settled(person: Person, event: Settle) -> None:
    place = event.location or person.location
    if place not in person.locations:
        raise InputError(
            f"expected a location of {person.code} ({', '.join(person.locations)}), "
            f"came '{place}'"
        )


def _changed(
    instance: Instance,
    person: Person,
    shifts: tuple[Assignment, ...],
    event: Absent | Available | Settle,
) -> Person:
    if isinstance(event, Absent):
        return _absent(instance, person, shifts, event)
    if isinstance(event, Available):
        return _available(instance, person, event)
    return _settled(person, event)


def _with_room(instance: Instance, person: Person) -> Person:
    """With no more contract than the days that are left leave room for."""
    room = room_of(instance, person)
    if person.contract_hours <= room:
        return person
    return with_fields(person, contract_hours=room)


def _absent(
    instance: Instance, person: Person, shifts: tuple[Assignment, ...], event: Absent
) -> Person:
    """Without the days or parts of them; hours rostered then count as worked."""
    own = [s for s in shifts if s.person == person.code and s.day in event.days]
    lost = sum(_overlap(template_of(instance, shift), event) for shift in own)
    lost = min(round(lost, 2), person.contract_hours)
    locks = tuple(lock for lock in person.locks if not _hits(lock, event))
    least = max(person.limits.least_minutes - round(60 * lost), 0)
    limits = person.limits.model_copy(update={"least_minutes": least})
    fields: dict[str, object] = {
        "contract_hours": round(person.contract_hours - lost, 2),
        "absent_hours": round(person.absent_hours + lost, 2),
        "locks": locks,
        "limits": limits,
    }
    if not event.whole_days:
        parts = (
            Away(day=day, start=event.start, end=event.end)
            for day in event.days
            if day in person.days
        )
        return with_fields(person, **fields, away=(*person.away, *parts))
    left = tuple(day for day in person.days if day not in event.days)
    return with_fields(
        person,
        **fields,
        days=left,
        most=tuple(person.most_on(day) for day in left) if person.most else (),
        away=tuple(away for away in person.away if away.day in left),
        wishes=tuple(w for w in person.wishes if w.day not in event.days),
    )


def _overlap(shape: Template, event: Absent) -> float:
    """Hours of work of a shift that fall in the absence."""
    first, last = event.start / 15, event.end / 15
    return sum(first < quarter + 1 and quarter < last for quarter in shape.quarters) / 4


def _hits(lock: Lock, event: Absent) -> bool:
    if lock.day not in event.days:
        return False
    if event.whole_days:
        return True
    shift = lock.shift
    return shift is not None and shift.start < event.end and event.start < shift.end


def _available(instance: Instance, person: Person, event: Available) -> Person:
    """With the day, or the part of it, and with the hours agreed for it."""
    before = {day: person.most_on(day) for day in person.days}
    longest = max((t.hours for t in instance.templates), default=24.0)
    most = before | {event.day: max(before.get(event.day, 0.0), event.hours or longest)}
    away = [part for part in person.away if part.day != event.day]
    if event.day in person.days:
        parts = [part for part in person.away if part.day == event.day]
        away += [left for part in parts for left in _without(part, event)]
    else:
        away += _without(Away(day=event.day, start=0, end=1440), event)
    back = min(event.hours, person.absent_hours)
    days = tuple(sorted(most))
    return with_fields(
        person,
        days=days,
        most=tuple(most[day] for day in days) if person.most else (),
        away=tuple(away),
        locks=tuple(lock for lock in person.locks if lock.day != event.day),
        contract_hours=person.contract_hours + event.hours,
        absent_hours=person.absent_hours - back,
    )


def _without(away: Away, event: Available) -> list[Away]:
    """What is left of an absence beside the part that somebody can work."""
    pieces = [
        (away.start, min(away.end, event.start)),
        (max(away.start, event.end), away.end),
    ]
    return [Away(day=away.day, start=a, end=b) for a, b in pieces if a < b]


def _settled(person: Person, event: Settle) -> Person:
    locks = tuple(lock for lock in person.locks if lock.day != event.day)
    lock = Lock(day=event.day, shift=event.shift, location=event.location)
    return with_fields(person, locks=(*locks, lock))


def known_on(instance: Instance, code: str, day: date) -> Settled | None:
    """The shift that a person knows of a day."""
    known = instance.known
    return known.by_person_and_day.get((code, day)) if known else None
