"""The weekly roster as rows to print: per person and day, per day and skill, per shift.

What stands here knows no file format; times are local.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import SLOT, week_name
from forecasting.workspace import Workspace
from staffing import store

DAY_NAMES = ("ma", "di", "wo", "do", "vr", "za", "zo")
SKILL_NAMES = {
    "phone": "Telefoon",
    "counter": "Balie",
    "civil_status": "Burgerlijke stand",
    "back_office": "Uitgesteld werk",
}


@dataclass(frozen=True)
class Duty:
    """One shift as shown: local clock times and hours per activity."""

    person: str
    label: str
    location: str
    day: date
    start: str
    end: str
    pause: str
    hours: float
    activities: tuple[tuple[str, float], ...]

    @property
    def main_activity(self) -> str:
        """The activity of most hours, empty without any."""
        return self.activities[0][0] if self.activities else ""


@dataclass(frozen=True)
class DayCover:
    """Required and rostered hours of a day at a location for a skill."""

    location: str
    skill: str
    day: date
    required: float
    rostered: float
    short: float


@dataclass(frozen=True)
class WeekSheet:
    """A stored week, ready to be laid out."""

    week: date
    duties: tuple[Duty, ...]
    cover: tuple[DayCover, ...]
    labels: dict[str, dict[str, str]]

    @property
    def name(self) -> str:
        """The ISO week."""
        return week_name(self.week)

    @property
    def days(self) -> list[date]:
        """Days with work, Monday to Friday at least."""
        worked = {duty.day for duty in self.duties}
        week = [self.week + timedelta(days=i) for i in range(7)]
        return [day for day in week if day.weekday() < 5 or day in worked]

    @property
    def locations(self) -> list[str]:
        """Locations with people."""
        return sorted(self.labels)


def skill_name(skill: str) -> str:
    """The Dutch name of a skill."""
    return SKILL_NAMES.get(skill, skill)


def day_name(day: date) -> str:
    """Such as `ma 11-01`."""
    return f"{DAY_NAMES[day.weekday()]} {day:%d-%m}"


def read_week(workspace: Workspace, week: date) -> WeekSheet:
    """The newest stored roster of the week of a Monday.

    Raises:
        MissingStepError: no roster of that week was made.
    """
    run = workspace.latest("roster", week=week_name(week))
    zone = store.calendar(workspace).zone
    people = store.people(workspace)
    labels: dict[str, dict[str, str]] = {}
    for code, label, home in people.select("code", "label", "location").iter_rows():
        labels.setdefault(home, {})[code] = label
    shifts = workspace.table(run, "shifts").collect()
    hours = _activity_hours(workspace.table(run, "activities").collect(), zone)
    duties = [
        _duty(row, labels, hours)
        for row in _localised(shifts, zone).sort("person", "day").iter_rows(named=True)
    ]
    coverage = workspace.table(run, "coverage").collect()
    cover = _cover(coverage, zone, store.catalogue(workspace).waiting_skills)
    return WeekSheet(week, tuple(duties), cover, labels)


def _localised(shifts: pl.DataFrame, zone: str) -> pl.DataFrame:
    times = pl.col("start", "end", "break_start", "break_end")
    return shifts.with_columns(times.dt.convert_time_zone(zone))


def _activity_hours(
    activities: pl.DataFrame, zone: str
) -> dict[tuple[str, date], Counter[str]]:
    quarter = SLOT / timedelta(hours=1)
    local = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    counted = activities.group_by("person", local, "skill").len().sort(pl.all())
    hours: dict[tuple[str, date], Counter[str]] = {}
    for person, day, skill, quarters in counted.iter_rows():
        share = Counter({skill: quarters * quarter})
        hours.setdefault((person, day), Counter()).update(share)
    return hours


def _duty(
    row: dict[str, object],
    labels: dict[str, dict[str, str]],
    hours: dict[tuple[str, date], Counter[str]],
) -> Duty:
    frame = pl.DataFrame([row])
    start, end, pause, pause_end = frame.select(
        "start", "end", "break_start", "break_end"
    ).row(0)
    day = frame["day"][0]
    person, location = str(row["person"]), str(row["location"])
    paused = pause_end - pause if pause else timedelta()
    done = hours.get((person, day), Counter())
    ordered = sorted(done.items(), key=lambda item: (-item[1], item[0]))
    return Duty(
        person=person,
        label=labels.get(location, {}).get(person, person),
        location=location,
        day=day,
        start=f"{start:%H:%M}",
        end=f"{end:%H:%M}",
        pause=f"{pause:%H:%M}-{pause_end:%H:%M}" if pause else "",
        hours=(end - start - paused) / timedelta(hours=1),
        activities=tuple(ordered),
    )


def _cover(
    coverage: pl.DataFrame, zone: str, waiting: frozenset[str]
) -> tuple[DayCover, ...]:
    """Hours per day; work that can wait is short only when the day as a whole is."""
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    missing = pl.col("required") - pl.col("rostered")
    waits = pl.col("skill").first().is_in(sorted(waiting))
    short = pl.when(waits).then(missing.sum().clip(0)).otherwise(missing.clip(0).sum())
    summed = coverage.group_by("location", "skill", day).agg(
        pl.col("required").sum() / 4,
        pl.col("rostered").sum() / 4,
        (short / 4).alias("short"),
    )
    ordered = summed.sort("location", "skill", "day")
    return tuple(DayCover(*row) for row in ordered.iter_rows())
