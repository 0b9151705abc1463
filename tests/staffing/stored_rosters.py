"""Rosters of the invented village, made once and stored in homes of their own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl

from forecasting.records import ImportRecord
from forecasting.workspace import Workspace
from staffing.publish.storing import Draft
from staffing.roster.instance import Instance
from staffing.roster.options import options
from staffing.roster.people import Person
from staffing.roster.result import Assignment, Roster
from staffing.roster.shapes import shift_of
from staffing.roster.valuing import value
from tests.adopting import adopt
from tests.staffing.roster_weeks import staff, village_week

IN_TIME = datetime(2026, 12, 14, 8, tzinfo=UTC)
"""28 days before the week."""


def days_ahead(days: int) -> datetime:
    """A moment so many local days before the week."""
    return datetime(2027, 1, 11, 8, tzinfo=UTC) - timedelta(days=days)


@cache
def solved() -> Roster:
    """A lawful week of the village, made without a solver: each works up to three days.

    The first half of a shift is one skill, the second another, where they are open.
    """
    instance = village_week()
    shifts = tuple(
        _shift(instance, person, day, place)
        for place, person in enumerate(instance.people)
        for day in person.days[:3]
    )
    return Roster(
        instance=instance.hash,
        week=instance.week,
        seed=0,
        status="feasible",
        assignments=shifts,
        objective=value(instance, shifts),
        bound=0.0,
        unavoidable=0.0,
        gap=None,
        shortfalls=(),
    )


def _shift(instance: Instance, person: Person, day: date, place: int) -> Assignment:
    """The shift of most hours, then the earliest, that the person may have that day."""
    found = options(instance, person, day, person.location)
    shape = max(found, key=lambda t: (t.minutes <= 480, t.minutes, -t.start))
    own = person.skills[place % 3 :] + person.skills[: place % 3]
    worked = set(shape.quarters)
    middle = (shape.start + shape.end) // 30
    quarters = range(shape.start // 15, shape.end // 15)
    activities = tuple(
        _open_skill(
            instance, person, day, quarter, own if quarter < middle else own[1:]
        )
        if quarter in worked
        else None
        for quarter in quarters
    )
    return shift_of(instance, person.code, day, person.location, shape, activities)


def _open_skill(
    instance: Instance, person: Person, day: date, quarter: int, skills: Sequence[str]
) -> str | None:
    slots = instance.slots
    return next(
        (s for s in skills if quarter in slots.get((person.location, s, day), {})), None
    )


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
