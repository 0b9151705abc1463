"""The people of a week: days, hours, absence, where and at what they may work."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from staffing.roster.clock import Clock
from staffing.roster.people import Away, Limits, Person
from staffing.roster.wanted import Demand, Pool
from staffing.supply.patterns import (
    WHOLE_DAY,
    AtWork,
    Minutes,
    Row,
    Spell,
    days_at_work,
)

Openings = Mapping[tuple[str, date], Minutes]
"""First minute open and minute of closing per location and day."""


def people_of(
    staff: pl.DataFrame,
    spells: Mapping[str, Sequence[Spell]],
    openings: Openings,
    *,
    week: date,
    contract_minimum: float = 0.0,
) -> tuple[Person, ...]:
    """The people of a table `People` in a week; who can do nothing is left out."""
    able = staff.filter(pl.col("skills").list.len() > 0).sort("code")
    return tuple(
        _person(row, week, spells.get(row["code"], ()), openings, contract_minimum)
        for row in able.iter_rows(named=True)
    )


def _person(
    row: Row, week: date, spells: Sequence[Spell], openings: Openings, least: float
) -> Person:
    location, elsewhere = str(row["location"]), words_of(row["elsewhere"])
    work = _work(row, week, spells, openings)
    extra = [spell for spell in spells if spell.extra]
    planned = _hours(_work(row, week, extra, openings))
    hours = _hours(work)
    return Person(
        code=str(row["code"]),
        location=location,
        skills=words_of(row["skills"]),
        contract_hours=hours,
        days=tuple(work),
        most=_most(work),
        away=tuple(
            Away(day=day, start=start, end=end)
            for day, at_work in work.items()
            for start, end in at_work.away
        ),
        authorisations=words_of(row["authorisations"]),
        elsewhere=tuple(place for place in elsewhere if place != location),
        absent_hours=round(max(planned - hours, 0.0), 2),
        limits=Limits(least_minutes=int(60 * least * hours) // 15 * 15),
    )


def _work(
    row: Row, week: date, spells: Sequence[Spell], openings: Openings
) -> dict[date, AtWork]:
    """The days at work on which any of the person's locations is open."""
    home = str(row["location"])
    places = (home, *words_of(row["elsewhere"]))
    work = days_at_work(
        row, week, spells, lambda day: openings.get((home, day), WHOLE_DAY)
    )
    return {
        day: at_work
        for day, at_work in work.items()
        if any((place, day) in openings for place in places)
    }


def _hours(work: Mapping[date, AtWork]) -> float:
    return round(sum(at_work.hours for at_work in work.values()), 2)


def _most(work: Mapping[date, AtWork]) -> tuple[float, ...]:
    """The hours of each day where the pattern tells them."""
    told = any(at_work.told for at_work in work.values())
    return tuple(round(w.hours, 2) for w in work.values()) if told else ()


def words_of(value: object) -> tuple[str, ...]:
    """The words of a cell with a list, each once and in order; none where it is empty."""
    return tuple(sorted(set(value))) if isinstance(value, list) else ()


def openings_of(
    demands: Iterable[Demand], pools: Iterable[Pool], clock: Clock
) -> dict[tuple[str, date], Minutes]:
    """The opening of each location and day; a shared skill is open at every member."""
    shared = {(pool.location, pool.skill): pool.members for pool in pools}
    found: dict[tuple[str, date], Minutes] = {}
    for demand in demands:
        day, quarter = clock.quarter(demand.start)
        places = shared.get((demand.location, demand.skill), ())
        for place in {demand.location, *places}:
            first, last = found.get((place, day), (1440, 0))
            opened = min(first, 15 * quarter), max(last, 15 * quarter + 15)
            found[place, day] = opened
    return found


def week_days(week: date) -> tuple[date, ...]:
    """The seven days of the week of a Monday."""
    return tuple(week + timedelta(days=i) for i in range(7))
