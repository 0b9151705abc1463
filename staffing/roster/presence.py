"""Who is at work where, quarter by quarter, and how many heads a minimum is short.

A head is there in a shift, outside breaks and time set apart, whatever it does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.wanted import Presence, Separation

Heads = dict[tuple[str, date, int], list[Person]]
"""People at work per location, day and quarter-hour of the local day."""


def heads_at_work(instance: Instance, assignments: Iterable[Assignment]) -> Heads:
    """Everybody at work, per location, day and quarter-hour."""
    found: Heads = defaultdict(list)
    for shift in assignments:
        person = instance.person.get(shift.person)
        if person is None:
            continue
        for quarter in _present(instance, shift):
            if not (person.set_apart and _set_apart(person, shift.day, quarter)):
                found[shift.location, shift.day, quarter].append(person)
    return found


def _present(instance: Instance, shift: Assignment) -> Iterator[int]:
    first = _quarter(instance, shift.day, shift.shift.start)
    last = _quarter(instance, shift.day, shift.shift.end)
    paused = {
        quarter
        for pause in shift.breaks
        for quarter in range(
            _quarter(instance, shift.day, pause.start),
            _quarter(instance, shift.day, pause.end),
        )
    }
    return (quarter for quarter in range(first, last) if quarter not in paused)


def _quarter(instance: Instance, day: date, moment: datetime) -> int:
    """A quarter-hour counted from midnight of a day, beyond 95 on the next."""
    found, quarter = instance.clock.quarter(moment)
    return 96 * (found - day).days + quarter


def _set_apart(person: Person, day: date, quarter: int) -> bool:
    return any(
        apart.day == day
        and apart.start < 15 * quarter + 15
        and 15 * quarter < apart.end
        for apart in person.set_apart
    )


def missing_heads(
    instance: Instance, assignments: Iterable[Assignment]
) -> Iterator[tuple[Presence | Separation, date, int, int]]:
    """Each minimum that is not met: what, day, quarter-hour and heads missing."""
    if not (instance.presences or instance.separations):
        return
    heads = heads_at_work(instance, assignments)
    for presence in instance.presences:
        for quarter in range(presence.start // 15, -(-presence.end // 15)):
            there = heads.get((presence.location, presence.day, quarter), [])
            able = [p for p in there if _is_able(p, presence.able)]
            if len(able) < presence.least:
                yield presence, presence.day, quarter, presence.least - len(able)
    for separation in instance.separations:
        for day, quarter in _open_quarters(instance, separation):
            there = heads.get((separation.location, day, quarter), [])
            if short := _short_of_two(there, separation):
                yield separation, day, quarter, short


def _is_able(person: Person, able: tuple[str, ...]) -> bool:
    return not able or bool(person.able & set(able))


def _open_quarters(
    instance: Instance, separation: Separation
) -> Iterator[tuple[date, int]]:
    for day in instance.days:
        slots = instance.slots.get((separation.location, separation.skill, day), {})
        yield from ((day, quarter) for quarter in sorted(slots))


def _short_of_two(there: list[Person], separation: Separation) -> int:
    """Heads missing so that two different people can fulfil the two functions (Hall)."""
    first = sum(separation.first in person.able for person in there)
    second = sum(separation.second in person.able for person in there)
    both = {separation.first, separation.second}
    either = sum(bool(both & person.able) for person in there)
    return max(1 - first, 1 - second, 2 - either, 0)
