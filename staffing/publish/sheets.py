"""The weekly roster as rows to print: per person and day, per day and skill, per shift.

What stands here knows no file format; times are local.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import week_name
from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing import store
from staffing.publish.duties import Duty, duty_of
from staffing.publish.marks import Shown, shown_skills
from staffing.publish.versions import Version, choose_version, read_version
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.valuing import headcount
from staffing.tables import Coverage

DAY_NAMES = ("ma", "di", "wo", "do", "vr", "za", "zo")
STATES = {
    "draft": "concept",
    "verified": "concept",
    "published": "gepubliceerd",
    "superseded": "vervallen",
}
"""The Dutch word for each state of a version: what is only verified is a draft still."""


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
    """A version of a week, ready to be laid out; `labels` per home location by code.

    `codes` are those of everybody in the roster, also where only one person is shown.
    """

    version: Version
    duties: tuple[Duty, ...]
    cover: tuple[DayCover, ...]
    labels: dict[str, dict[str, str]]
    codes: tuple[str, ...]
    zone: str

    @property
    def week(self) -> date:
        """The Monday."""
        return self.version.week

    @property
    def name(self) -> str:
        """The ISO week."""
        return week_name(self.week)

    @property
    def state(self) -> str:
        """The state in Dutch."""
        return STATES[self.version.state]

    @property
    def warning(self) -> str:
        """What must stand large on what nobody is to go by; empty when published."""
        return "" if self.version.is_published else self.state.upper()

    @property
    def stamp(self) -> str:
        """Such as `versie 2, gepubliceerd 14-12-2026`."""
        step = self.version.last
        told = f"versie {self.version.number}, {self.state}"
        return f"{told} {step.at:%d-%m-%Y}" if self.version.is_published else told

    @property
    def days(self) -> list[date]:
        """Days with work, Monday to Friday at least."""
        worked = {duty.day for duty in self.duties}
        week = [self.week + timedelta(days=i) for i in range(7)]
        return [day for day in week if day.weekday() < 5 or day in worked]

    @property
    def locations(self) -> list[str]:
        """Locations with people."""
        return sorted(self.labels.keys() | {duty.location for duty in self.duties})

    @property
    def people(self) -> dict[str, str]:
        """Everybody's label by code, in order of label."""
        codes = {c: label for home in self.labels.values() for c, label in home.items()}
        return dict(sorted(codes.items(), key=lambda item: (item[1], item[0])))

    def people_at(self, location: str) -> dict[str, str]:
        """Labels of those whose home it is or who work there that week, in order."""
        there = {duty.person for duty in self.duties if duty.location == location}
        home = self.labels.get(location, {})
        return {c: label for c, label in self.people.items() if c in there or c in home}

    def shifts_of(self, person: str) -> dict[date, list[Duty]]:
        """The shifts of a person by day."""
        found: dict[date, list[Duty]] = {}
        for duty in self.duties:
            if duty.person == person:
                found.setdefault(duty.day, []).append(duty)
        return found

    def shown(self, location: str | None = None) -> dict[str, Shown]:
        """How the skills of the week, or those at a location, show."""
        every = {c.skill for c in self.cover}
        every |= {skill for duty in self.duties for skill, _ in duty.activities}
        here = {c.skill for c in self.cover if location in (None, c.location)}
        at = [duty for duty in self.duties if location in (None, duty.location)]
        here |= {skill for duty in at for skill, _ in duty.activities}
        return {s: how for s, how in shown_skills(every).items() if s in here}


def day_name(day: date) -> str:
    """Such as `ma 11-01`."""
    return f"{DAY_NAMES[day.weekday()]} {day:%d-%m}"


def read_week(
    workspace: Workspace,
    week: date,
    number: int | None = None,
    *,
    person: str | None = None,
) -> WeekSheet:
    """A version of the week of a Monday: the published, else the newest; of one person.

    Raises:
        MissingStepError: no roster of that week was made.
        InputError: there is no such version, or no such person in it.
        StoreError: it was changed since it was stored, or is gone.
    """
    version = choose_version(workspace, week, number)
    instance, roster = read_version(workspace, version)
    labels = _labels(workspace, instance)
    waiting = store.catalogue(workspace).waiting_skills
    sheet = WeekSheet(
        version=version,
        duties=duties_of(instance, roster.assignments, labels),
        cover=_cover(_coverage(instance, roster), instance.zone, waiting),
        labels=labels,
        codes=tuple(person.code for person in instance.people),
        zone=instance.zone,
    )
    return sheet if person is None else _of_one(sheet, person)


def duties_of(
    instance: Instance,
    shifts: Sequence[Assignment],
    labels: dict[str, dict[str, str]],
) -> tuple[Duty, ...]:
    """Shifts as shown, by person and day."""
    told = {code: label for home in labels.values() for code, label in home.items()}
    ordered = sorted(shifts, key=lambda s: (s.person, s.day, s.shift.start))
    return tuple(duty_of(instance, s, told.get(s.person, s.person)) for s in ordered)


def _labels(workspace: Workspace, instance: Instance) -> dict[str, dict[str, str]]:
    """Labels as they are now; who left shows by code."""
    told = dict(store.people(workspace).select("code", "label").iter_rows())
    labels: dict[str, dict[str, str]] = {}
    for person in instance.people:
        label = told.get(person.code, person.code)
        labels.setdefault(person.location, {})[person.code] = label
    return labels


def _of_one(sheet: WeekSheet, person: str) -> WeekSheet:
    if person not in sheet.people:
        raise InputError(
            f"--person: expected the code of somebody in the roster of {sheet.name}, "
            f"came '{person:.60}'"
        )
    homes = {home: codes for home, codes in sheet.labels.items() if person in codes}
    return replace(
        sheet,
        duties=tuple(duty for duty in sheet.duties if duty.person == person),
        labels={home: {person: codes[person]} for home, codes in homes.items()},
    )


def _coverage(instance: Instance, roster: Roster) -> pl.DataFrame:
    people = headcount(instance, roster.assignments)
    rows = [
        (d.location, d.skill, d.start, d.required, people[d.location, d.skill, d.start])
        for d in instance.demands
    ]
    schema = Coverage.create_empty().schema
    return pl.DataFrame(rows, schema=schema, orient="row")


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
