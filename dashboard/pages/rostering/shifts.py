"""The shifts of the roster shown, by person and day, and how they were before."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from dashboard.pages.rostering.choosing import Choice
from dashboard.pages.view import View, read
from dashboard.queries import roster
from dashboard.queries.roster_versions import differences, followed, run_of

Day = tuple[str, date]


@dataclass(frozen=True)
class Shift:
    """A shift in local time."""

    start: datetime
    end: datetime
    location: str
    hours: float = 0.0

    @property
    def times(self) -> str:
        """Begin and end."""
        return f"{self.start:%H:%M}\u2013{self.end:%H:%M}"


def shifts_here(view: View, choice: Choice) -> pl.DataFrame:
    """The shifts at the location, of people who do the work that week."""
    run = choice.at.run
    rows = read(view, roster.shifts, run, view.zone)
    if choice.location is not None:
        rows = rows.filter(pl.col("location") == choice.location)
    if choice.skill is None:
        return rows
    doing = choice.here(read(view, roster.blocks, run, None, view.zone))["person"]
    return rows.filter(pl.col("person").is_in(doing.implode()))


def changed_days(view: View, choice: Choice) -> dict[Day, Shift | None]:
    """Each day that differs from the version this one followed, as it was there."""
    before = followed(choice.at)
    run = None if before is None else run_of(view.workspace, before)
    if run is None:
        return {}
    rows = differences(view.workspace, choice.at.run, run, view.zone)
    return {
        (row["person"], row["day"]): Shift(row["start"], row["end"], row["location"])
        if row["start"]
        else None
        for row in rows.iter_rows(named=True)
    }


def shifts_by_day(view: View, choice: Choice) -> dict[Day, list[Shift]]:
    """What each person has on each day of the version shown, wherever that is."""
    return by_day(read(view, roster.shifts, choice.at.run, view.zone))


def by_day(shifts: pl.DataFrame) -> dict[Day, list[Shift]]:
    """Shifts by person and day."""
    found: dict[Day, list[Shift]] = {}
    columns = ("person", "day", "start", "end", "location", "hours")
    for code, day, *told in shifts.select(columns).rows():
        found.setdefault((code, day), []).append(Shift(*told))
    return found
