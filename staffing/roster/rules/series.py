"""Hard rules on rows of days, on kinds of shift and on what follows on what."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise

from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import breach, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation

SATURDAY = 5
DAY = timedelta(days=1)


def most_days_in_a_row(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No longer row of days of work than the limits tell, days worked before included."""
    for person, shifts in staffed(instance, roster):
        most = person.limits.most_days_in_a_row
        if most is None:
            continue
        for first, length in rows(instance, {shift.day for shift in shifts}):
            before = _worked_before(instance, person) if first == instance.week else 0
            if before + length > most:
                detail = f"{before + length} days in a row, at most {most}"
                yield Violation("", detail, person.code, first)


def _worked_before(instance: Instance, person: Person) -> int:
    """Days worked in a row up to the day before the horizon."""
    days = {instance.clock.local(span.start).date() for span in person.past.shifts}
    day = instance.week - DAY
    while day in days:
        day -= DAY
    return (instance.week - day).days - 1


def least_days_in_a_row(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No shorter row of days of work than the limits tell, save at the edges."""
    for person, shifts in staffed(instance, roster):
        least = person.limits.least_days_in_a_row
        for first, length in rows(instance, {shift.day for shift in shifts}):
            if length < least and _inside(instance, first, length):
                detail = f"{length} days in a row, at least {least}"
                yield Violation("", detail, person.code, first)


def least_days_off_in_a_row(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No shorter row of days off than the limits tell, save at the edges."""
    for person, shifts in staffed(instance, roster):
        least = person.limits.least_days_off_in_a_row
        if least < 2:
            continue
        worked = {shift.day for shift in shifts}
        for first, length in rows(instance, set(instance.days) - worked):
            if length < least and _inside(instance, first, length):
                detail = f"{length} days off in a row, at least {least}"
                yield Violation("", detail, person.code, first)


def rows(instance: Instance, days: set[date]) -> Iterator[tuple[date, int]]:
    """First day and length of each row of days within the horizon."""
    for chosen, run in groupby(instance.days, key=days.__contains__):
        if chosen:
            row = list(run)
            yield row[0], len(row)


def _inside(instance: Instance, first: date, length: int) -> bool:
    """Whether a row touches neither edge of the horizon."""
    return first > instance.days[0] and first + length * DAY <= instance.days[-1]


def most_weekends(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No more weekends with work on Saturday or Sunday than the limits tell."""
    for person, shifts in staffed(instance, roster):
        most = person.limits.most_weekends
        number = len(weekends(shift.day for shift in shifts))
        if most is not None and number > most:
            detail = f"{number} weekends worked, at most {most}"
            yield Violation("", detail, person.code)


def weekends(days: Iterable[date]) -> set[date]:
    """The Saturdays of the weekends that days lie in."""
    return {
        day - DAY * (day.weekday() - SATURDAY)
        for day in days
        if day.weekday() >= SATURDAY
    }


def most_shifts(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No more shifts of a name than the limits tell."""
    for person, shifts in staffed(instance, roster):
        counts = Counter(shift.name for shift in shifts)
        for name, most in person.limits.most_shifts:
            if counts[name] > most:
                detail = f"{counts[name]} shifts '{name}', at most {most}"
                yield Violation("", detail, person.code)


def forbidden_succession(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No shift that may not follow on the one of the day before."""
    for _, shifts in staffed(instance, roster) if instance.forbidden else ():
        for early, late in pairwise(shifts):
            follows = late.day - early.day == DAY
            if follows and (early.name, late.name) in instance.forbidden:
                yield breach(late, f"'{late.name}' the day after '{early.name}'")


SERIES = (
    Rule(
        most_days_in_a_row,
        "Most days in a row",
        "Meeste dagen achtereen",
        "the person's limits",
    ),
    Rule(
        least_days_in_a_row,
        "Least days in a row",
        "Minste dagen achtereen",
        "the person's limits",
    ),
    Rule(
        least_days_off_in_a_row,
        "Least days off in a row",
        "Minste vrije dagen achtereen",
        "the person's limits",
    ),
    Rule(
        most_weekends,
        "Most weekends",
        "Meeste weekenden",
        "the person's limits",
    ),
    Rule(
        most_shifts,
        "Most shifts of a kind",
        "Meeste diensten van een soort",
        "the person's limits",
    ),
    Rule(
        forbidden_succession,
        "Forbidden succession",
        "Verboden opvolging",
        "the instance: pairs of shifts that may not follow one another",
    ),
)
