"""Which hours a person works on which days of a week: the pattern, leave, extra days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import polars as pl

from forecasting.calendar import WEEKDAYS

Row = Mapping[str, object]
"""A row of `People` or `Availability`."""

Minutes = tuple[int, int]
"""From and to, in minutes after local midnight."""

WHOLE_DAY: Minutes = (0, 1440)


@dataclass(frozen=True)
class AtWork:
    """A day that a person works: the hours, and stretches of the day they are away.

    `told` says that the pattern gives the hours of this day, not only the day.
    """

    hours: float
    told: bool = False
    away: tuple[Minutes, ...] = ()


@dataclass(frozen=True)
class Spell:
    """Days, first and last included, on which someone is away or there besides."""

    first: date
    last: date
    minutes: Minutes
    extra: bool = field(default=False)

    def days_of(self, week: date) -> Iterable[date]:
        """Its days in the week of a Monday."""
        days = (week + timedelta(days=i) for i in range(7))
        return (day for day in days if self.first <= day <= self.last)

    def hours(self, opening: Minutes = WHOLE_DAY) -> float:
        """Hours of one of its days, as far as they lie within an opening."""
        first = max(self.minutes[0], opening[0])
        return max(0, min(self.minutes[1], opening[1]) - first) / 60


def pattern_days(person: Row, week: date) -> dict[date, AtWork]:
    """The days of a week that a person works by the pattern, while employed.

    Without told hours the contract hours are spread evenly over the working days. ISO
    weeks with an odd number follow the odd hours; a year of 53 has two in a row.
    """
    odd = week.isocalendar().week % 2 and person.get("odd_hours")
    told = _floats(person.get("odd_hours") if odd else person.get("hours"))
    hours = told or _even(person)
    first, last = person.get("first"), person.get("last")
    return {
        day: AtWork(number, told=bool(told))
        for i, number in enumerate(hours)
        if number > 0
        and (not isinstance(first, date) or first <= week + timedelta(days=i))
        and (not isinstance(last, date) or week + timedelta(days=i) <= last)
        for day in [week + timedelta(days=i)]
    }


def _floats(values: object) -> list[float]:
    return [float(str(value)) for value in values] if isinstance(values, list) else []


def _even(person: Row) -> list[float]:
    days = person["working_days"]
    names = [str(name) for name in days] if isinstance(days, list) else []
    share = float(str(person["contract_hours"])) / max(len(names), 1)
    return [share if name in names else 0.0 for name in WEEKDAYS]


def days_at_work(
    person: Row,
    week: date,
    spells: Sequence[Spell] = (),
    opening: Callable[[date], Minutes] = lambda _: WHOLE_DAY,
) -> dict[date, AtWork]:
    """The days of a week that a person works: pattern plus extra days, less absence.

    Absence during part of a day takes the part of it that lies within the opening off
    the hours of that day. An extra day brings the hours it is told, or a mean day of the
    contract; one that is a day of the pattern brings nothing.
    """
    days = pattern_days(person, week)
    for spell in (spell for spell in spells if spell.extra):
        for day in spell.days_of(week):
            days.setdefault(day, _extra(spell, person))
    for spell in (spell for spell in spells if not spell.extra):
        for day in spell.days_of(week):
            if day in days:
                days[day] = _without(days[day], spell, opening(day))
    return {day: work for day, work in sorted(days.items()) if work.hours > 0}


def _extra(spell: Spell, person: Row) -> AtWork:
    if spell.minutes == WHOLE_DAY:
        return AtWork(max(_even(person)))
    first, last = spell.minutes
    outside = ((0, first), (last, WHOLE_DAY[1]))
    return AtWork(
        spell.hours(), away=tuple(part for part in outside if part[0] < part[1])
    )


def _without(day: AtWork, spell: Spell, opening: Minutes) -> AtWork:
    if spell.minutes == WHOLE_DAY:
        return AtWork(0.0)
    hours = max(0.0, day.hours - spell.hours(opening))
    return AtWork(hours, day.told, (*day.away, spell.minutes))


def absent_on(person: Row, week: date, spells: Sequence[Spell]) -> dict[date, float]:
    """Hours of leave and sickness per day of a week: planned, and not there."""
    extra = [spell for spell in spells if spell.extra]
    planned = days_at_work(person, week, extra)
    there = days_at_work(person, week, spells)
    away = {
        day: work.hours - (there[day].hours if day in there else 0.0)
        for day, work in planned.items()
    }
    return {day: hours for day, hours in away.items() if hours > 0}


def spells_by_person(availability: pl.DataFrame) -> dict[str, list[Spell]]:
    """The spells of a table `Availability` or `Absence`, by staff code."""
    found: dict[str, list[Spell]] = {}
    for row in availability.iter_rows(named=True):
        spell = Spell(
            row["first"], row["last"], _minutes(row), row.get("kind") == "available"
        )
        found.setdefault(row["code"], []).append(spell)
    return found


def _minutes(row: Row) -> Minutes:
    first, last = row.get("from_time"), row.get("to_time")
    if not isinstance(first, time) or not isinstance(last, time):
        return WHOLE_DAY
    return 60 * first.hour + first.minute, 60 * last.hour + last.minute
