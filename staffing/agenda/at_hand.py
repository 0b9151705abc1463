"""Staff hours at hand per day: a week's hours dealt over the days people work."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from staffing.supply.patterns import Row, days_at_work, spells_by_person
from staffing.workload.opening import open_hours

Hours = dict[tuple[str, str, date], float]
"""Hours of people at work per location, skill and day."""


def hours_by_day(
    load: pl.DataFrame,
    people: pl.DataFrame,
    availability: pl.DataFrame,
    calendar: Calendar,
) -> Hours:
    """Hours at hand per location, skill and day, from those of its weeks.

    `load` is what `capacity_hours` answers: its `hours_at_hand` are net of shrinkage and
    count no hour twice; a week's are dealt by the hours that those who can do the work are
    there while it is open. Weeks without known staff have no row.
    """
    spells = spells_by_person(availability)
    staff = list(people.iter_rows(named=True))
    known = load.filter(pl.col("hours_at_hand").is_not_null())
    found: Hours = {}
    rows = known.select("location", "skill", "week", "hours_at_hand")
    for location, skill, week, hours in rows.iter_rows():
        there: dict[date, float] = defaultdict(float)
        for person in _able(staff, location, skill):
            worked = days_at_work(person, week, spells.get(str(person["code"]), []))
            for day, work in worked.items():
                hours_open = open_hours([(location, skill)], day, calendar)
                there[day] += min(work.hours, hours_open)
        total = sum(there.values())
        for day in (week + timedelta(days=i) for i in range(7)):
            share = there[day] / total if total > 0 else 0.0
            found[location, skill, day] = hours * share
    return found


def _able(staff: Sequence[Row], location: str, skill: str) -> list[Row]:
    """Who can do the work: those of the location, or, where it has none, anybody."""
    can = [person for person in staff if skill in _skills(person)]
    return [person for person in can if person["location"] == location] or can


def _skills(person: Row) -> list[object]:
    skills = person["skills"]
    return skills if isinstance(skills, list) else []
