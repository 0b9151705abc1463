"""Hard rules on the shifts of one person in the week, and on the roster as a whole."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.valuing import seated, value
from staffing.roster.violation import Violation

HOUR = timedelta(hours=1)


def one_shift_a_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody has two shifts on one day. Source: this product's rosters."""
    for person, shifts in by_person(roster):
        days = [shift.day for shift in shifts]
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield Violation("", f"{days.count(day)} shifts", person, day)


def never_in_two_places(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody is in two shifts at one time. Source: nature."""
    for person, shifts in by_person(roster):
        for early, late in pairwise(shifts):
            if late.shift.start < early.shift.end:
                yield Violation("", "two shifts at one time", person, late.day)


def daily_rest(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """11 hours of rest between shifts of different days. Source: Arbeidstijdenwet."""
    needed = instance.rules.daily_rest_hours
    for person, shifts in by_person(roster):
        for early, late in pairwise(shifts):
            rest = (late.shift.start - early.shift.end) / HOUR
            if early.day != late.day and rest < needed:
                yield Violation("", f"{rest:g} hours of rest", person, late.day)


def weekly_rest(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """36 unbroken hours of rest in the 7 days of the week. Source: Arbeidstijdenwet."""
    first = instance.clock.moment(instance.week, 0)
    last = instance.clock.moment(instance.week, 7 * 1440)
    for person, shifts in by_person(roster):
        longest = longest_rest(shifts, first, last)
        if longest < instance.rules.weekly_rest_hours:
            yield Violation("", f"at most {longest:g} hours of rest", person)


def contract_hours(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No overtime: the hours worked stay within the contract. Source: the contract."""
    for code, shifts in by_person(roster):
        person = instance.person.get(code)
        worked = sum(shift.worked_hours for shift in shifts)
        if person and worked > person.contract_hours + 1e-6:
            detail = f"{worked:g} hours worked of {person.contract_hours:g}"
            yield Violation("", detail, code)


def longest_week(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At most 60 hours a week. Source: Arbeidstijdenwet."""
    for person, shifts in by_person(roster):
        worked = sum(shift.worked_hours for shift in shifts)
        if worked > instance.rules.max_week_hours:
            yield Violation("", f"{worked:g} hours worked", person)


def enough_desks(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No more people at once than there are desks. Source: the table of limits."""
    people = seated(roster.assignments)
    for ceiling in instance.ceilings:
        taken: Counter[datetime] = Counter()
        for (location, skill, start), number in people.items():
            if location == ceiling.location and skill in ceiling.skills:
                taken[start] += number
        for start, number in sorted(taken.items()):
            local = instance.clock.local(start)
            if local.date() == ceiling.day and number > ceiling.people:
                detail = (
                    f"{ceiling.location} {local:%H:%M}: {number} people at "
                    f"{ceiling.people} desks"
                )
                yield Violation("", detail, None, ceiling.day)


def same_instance(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """The roster was made for this instance. Source: the roster's format."""
    if roster.instance != instance.hash:
        yield Violation("", f"made for {roster.instance}, not {instance.hash}")


def stated_objective(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """The objective stated is that of the assignments. Source: roster.toml."""
    found = value(instance, roster.assignments)
    if abs(found.total - roster.objective.total) > 1e-6 * (1 + abs(found.total)):
        detail = f"states {roster.objective.total:.2f}, is {found.total:.2f}"
        yield Violation("", detail)


def longest_rest(shifts: list[Assignment], first: datetime, last: datetime) -> float:
    """Longest unbroken rest in hours between two moments."""
    edges = [first, *(t for s in shifts for t in (s.shift.start, s.shift.end)), last]
    rests = zip(edges[::2], edges[1::2], strict=True)
    return max((end - start) / HOUR for start, end in rests)


def by_person(roster: Roster) -> Iterator[tuple[str, list[Assignment]]]:
    """The shifts of each person, in order of time."""
    ordered = sorted(roster.assignments, key=lambda a: (a.person, a.shift.start))
    for person, shifts in groupby(ordered, key=lambda a: a.person):
        yield person, list(shifts)
