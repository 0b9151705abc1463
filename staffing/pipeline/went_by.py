"""What people went by before a week: rosters published here or elsewhere, or just made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from forecasting.workspace import Workspace
from staffing.pipeline.publishing import published, published_shifts
from staffing.publish.versions import Version, versions
from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.staff_tables import PublishedShifts

Rostered = tuple[Instance, Roster]

Before = Mapping[date, Rostered | None]
"""Rosters of earlier weeks by their Monday; None: made anew, and not known yet."""


@dataclass(frozen=True)
class WentBy:
    """Published rosters and shifts from the day `since`, each read once."""

    workspace: Workspace
    zone: str
    since: date

    def followed(self, week: date, before: Before, weeks: int) -> list[Version]:
        """The published rosters of some weeks ahead of one, but those of `before`."""
        since = week - timedelta(weeks=weeks)
        return [
            version
            for version in self._versions
            if since <= version.week < week and version.week not in before
        ]

    def rosters(self, week: date, before: Before, weeks: int) -> dict[date, Rostered]:
        """The rosters of those weeks, and of `before`, by their Monday."""
        known = (v.week for v in self.followed(week, before, weeks))
        found = {**{monday: self._published(monday) for monday in known}, **before}
        return {monday: pair for monday, pair in found.items() if pair is not None}

    def shifts(self, before: Before) -> pl.DataFrame:
        """Shifts that people went by, those of `before` in the place of their weeks."""
        day = pl.col("start").dt.convert_time_zone(self.zone).dt.date()
        kept = self._shifts.filter(~day.dt.truncate("1w").is_in([*before]))
        own = [shifts_of(pair[1]) for pair in before.values() if pair is not None]
        return pl.concat([kept, *own]).sort("person", "start")

    @cached_property
    def _versions(self) -> list[Version]:
        found = versions(self.workspace)
        return [version for version in found if version.is_published]

    def _published(self, week: date) -> Rostered | None:
        """The published roster of a week, read once; None where it is forgotten."""
        if week not in self._read:
            self._read[week] = published(self.workspace, week)
        return self._read[week]

    @cached_property
    def _read(self) -> dict[date, Rostered | None]:
        return {}

    @cached_property
    def _shifts(self) -> pl.DataFrame:
        return published_shifts(self.workspace, self.since)


def shifts_of(roster: Roster) -> pl.DataFrame:
    """The shifts of a roster with their first break, typed `PublishedShifts`."""
    rows = [
        {
            "person": shift.person,
            "start": shift.shift.start,
            "end": shift.shift.end,
            "break_start": shift.breaks[0].start if shift.breaks else None,
            "break_end": shift.breaks[0].end if shift.breaks else None,
            "activity": None,
        }
        for shift in roster.assignments
    ]
    return PublishedShifts.validate(
        pl.DataFrame(rows, schema=PublishedShifts.create_empty().schema)
    )
