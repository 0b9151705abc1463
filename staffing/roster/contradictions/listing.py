"""Things that are told twice, and spans, rows and moments that are none."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.shifts import Template

YEARS = range(1970, 2200)
"""Years in which a horizon can begin."""


def unreadable(instance: Instance) -> Iterator[str]:
    """A calendar or moments that nothing else can be read by."""
    if instance.week.year not in YEARS:
        yield f"horizon: expected a year from 1970 to 2199, came {instance.week}"
    try:
        ZoneInfo(instance.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"zone: unknown time zone '{instance.zone}'"
    moments = [("a demand", demand.start) for demand in instance.demands]
    for person in instance.people:
        for span in person.past.shifts:
            name = f"person {person.code}: a past shift"
            moments += [(name, span.start), (name, span.end)]
    for what, moment in moments:
        if moment.tzinfo is None or moment.year not in YEARS:
            yield f"{what}: expected a moment with a time zone, came {moment}"


def told_twice(instance: Instance) -> Iterator[str]:
    """Codes, demands, covers, shift names, travels and settled days told more than once."""
    people = [f"person {person.code}" for person in instance.people]
    demands = [
        f"demand {d.location} {d.skill} {_utc(d.start)}" for d in instance.demands
    ]
    covers = [f"cover {cover.day} '{cover.shift}'" for cover in instance.covers]
    shifts = [f"shift '{t.name}'" for t in set(instance.templates) if t.name]
    travels = [
        f"travel {' - '.join(sorted(travel.between))}" for travel in instance.travels
    ]
    pooled = [
        f"pool {pool.skill}: member {member}"
        for pool in instance.pools
        for member in pool.members
    ]
    locks = [
        f"person {person.code} is double-booked: settled {lock.day}"
        for person in instance.people
        for lock in person.locks
    ]
    for told in (people, demands, covers, shifts, travels, pooled, locks):
        for what, times in Counter(told).items():
            if times > 1:
                yield f"{what} is told {times} times; expected once"


def _utc(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


def misshapen_spans(instance: Instance) -> Iterator[str]:
    """Absence, wishes and presence that end before they begin."""
    for presence in instance.presences:
        if presence.end <= presence.start:
            yield f"presence '{presence.name}' of {presence.day} ends before it begins"
    for person in instance.people:
        spans = [("absence", s.day, s.start, s.end) for s in person.away]
        spans += [("time set apart", s.day, s.start, s.end) for s in person.set_apart]
        spans += [("wish", s.day, s.start, s.end) for s in person.wishes]
        for kind, day, start, end in spans:
            if end <= start:
                yield f"person {person.code}: {kind} of {day} ends before it begins"


def misshapen_shifts(instance: Instance) -> Iterator[str]:
    """Shifts that end before they begin, or whose break is not inside them."""
    told = [("shift", template) for template in instance.templates]
    told += [
        (f"person {person.code}: settled {lock.day}: shift", lock.shift)
        for person in instance.people
        for lock in person.locks
        if lock.shift is not None
    ]
    grid = 15 if instance.demands else 1
    for what, shift in told:
        if problem := _misshapen(shift, grid):
            yield f"{what} {clock(shift.start)}-{clock(shift.end)} {problem}"


def _misshapen(shift: Template, grid: int) -> str | None:
    edges = (shift.start, shift.break_start, shift.break_end, shift.end)
    minutes = [minute for minute in edges if minute is not None]
    if shift.end <= shift.start:
        return "ends before it begins"
    if len(minutes) == 3:
        return "tells only one end of its break"
    if any(late <= early for early, late in pairwise(minutes)):
        return "has a break that is not inside it"
    if any(minute % grid for minute in minutes):
        return "is not in whole quarter-hours"
    return None


def misordered_past(instance: Instance) -> Iterator[str]:
    """Shifts before the horizon that lie in it, end before they begin, or overlap."""
    first = instance.clock.moment(instance.week, 0)
    for person in instance.people:
        spans = person.past.shifts
        if any(span.end <= span.start for span in spans):
            yield f"person {person.code}: a past shift ends before it begins"
        elif any(late.start < early.end for early, late in pairwise(spans)):
            yield f"person {person.code}: past shifts overlap or are out of order"
        elif spans and spans[-1].end > first:
            yield (
                f"person {person.code}: a past shift ends at {_utc(spans[-1].end)}, "
                f"after the horizon began ({instance.week})"
            )


def uneven_days(instance: Instance) -> Iterator[str]:
    """Days told twice, and hours of days that are more or fewer than the days."""
    for person in instance.people:
        if len(set(person.days)) < len(person.days):
            yield f"person {person.code}: a day is told twice"
        if person.most and len(person.most) != len(person.days):
            yield (
                f"person {person.code}: {len(person.most)} hours of the day are told "
                f"for {len(person.days)} days"
            )


def clock(minute: int) -> str:
    """A minute after midnight as a time of day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def days_outside(instance: Instance) -> Iterator[str]:
    """Wishes, settled days and what is wanted on days that are not of the horizon."""
    days = set(instance.days)
    wanted = [
        (f"demand {d.location} {d.skill}", instance.clock.quarter(d.start)[0])
        for d in instance.demands
    ]
    wanted += [(f"cover '{cover.shift}'", cover.day) for cover in instance.covers]
    wanted += [(f"presence '{p.name}'", p.day) for p in instance.presences]
    wanted += [(f"ceiling {c.location}", c.day) for c in instance.ceilings]
    for person in instance.people:
        wanted += _own_days(person)
    found = {(what, day) for what, day in wanted if day not in days}
    for what, day in sorted(found):
        horizon = f"{instance.days[0]} to {instance.days[-1]}"
        yield f"{what} on {day}, outside the horizon ({horizon})"


def _own_days(person: Person) -> list[tuple[str, date]]:
    wishes = [(f"person {person.code}: a wish", wish.day) for wish in person.wishes]
    locks = [(f"person {person.code}: settled", lock.day) for lock in person.locks]
    return wishes + locks
