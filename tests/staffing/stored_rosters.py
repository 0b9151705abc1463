"""Rosters of the invented village, solved once and stored in homes of their own."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl

from forecasting.records import ImportRecord
from forecasting.workspace import Workspace
from staffing.publish.versions import Draft
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.solving import solve
from staffing.roster.valuing import value
from tests.adopting import adopt
from tests.staffing.roster_weeks import WEEK, staff, village_week

IN_TIME = datetime(2026, 12, 14, 8, tzinfo=UTC)
"""28 days before the week."""


def days_ahead(days: int) -> datetime:
    """A moment so many local days before the week."""
    return datetime(2027, 1, 11, 8, tzinfo=UTC) - timedelta(days=days)


@cache
def solved() -> Roster:
    """The village's week."""
    return solve(village_week(), time_limit_s=20, workers=1)


def with_shifts(
    shifts: Iterable[Assignment], instance: Instance | None = None
) -> Roster:
    """The village's week with other shifts, its objective worked out anew."""
    kept = tuple(shifts)
    found = value(instance or village_week(), kept)
    return solved().model_copy(update={"assignments": kept, "objective": found})


def without(person: str, day: date) -> Roster:
    """The village's week with a day off for somebody."""
    return with_shifts(
        shift
        for shift in solved().assignments
        if (shift.person, shift.day) != (person, day)
    )


def somebody() -> tuple[str, date]:
    """A person and a day worked in the village's week."""
    first = solved().assignments[0]
    return first.person, first.day


def keep(
    workspace: Workspace, roster: Roster | None = None, *, now: datetime = IN_TIME
) -> str:
    """Store a roster as the next version of the week; gives the id of its run."""
    kept = roster or solved()
    parameters = {"week": "2027-W02", "shifts": str(len(kept.assignments))}
    key = workspace.key("roster", [], parameters, 0)
    draft = Draft(workspace, key.id, village_week(), kept, now)
    figures: dict[str, object] = {"instance": kept.instance}
    return workspace.store(key, {}, figures, now=now, also=draft).id


def bring_staff(workspace: Workspace, people: pl.DataFrame | None = None) -> None:
    """Import the people of the village."""
    team = staff({"gemeentehuis": 6}) if people is None else people
    record = ImportRecord(
        id="people-1",
        source="people",
        kind="people",
        file="team.xlsx",
        sha256="0" * 64,
        rows_imported=team.height,
        rows_rejected=0,
        at=IN_TIME,
    )
    adopt(workspace, record, {"people": team}, now=IN_TIME)


def following_week() -> date:
    """The Monday after."""
    return WEEK + timedelta(days=7)
