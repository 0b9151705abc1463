"""A week laid out as floors: queues of one day that share people, and these people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import SLOT, local_day
from forecasting.errors import InputError, PolicyError
from staffing.proving.absence import Counts, Team
from staffing.proving.lines import Line
from staffing.standards import Standards

PLACE = ["location", "skill"]
TAIL = 8
"""Slots after closing in which what was begun is finished: two hours."""


@dataclass(frozen=True)
class Crew:
    """The people of a location at one activity, and the queues they serve by rank."""

    location: str
    skill: str
    serves: dict[str, int]


@dataclass(frozen=True)
class Floor:
    """Queues of a day, from its first open slot to `TAIL` after its last."""

    day: date
    starts: tuple[datetime, ...]
    lines: tuple[Line, ...]
    crews: tuple[Crew, ...]
    team: Team


def lay_floors(
    workload: pl.DataFrame, activities: pl.DataFrame, standards: Standards, zone: str
) -> list[Floor]:
    """The floors of a week, by day.

    `workload` is the `SlotWorkload` of the week and `activities` who does what in it
    (`Activities`). Work that can wait is no queue: who does it serves nobody, unless the
    standard of the skill says whom it `helps`.

    Raises:
        InputError: someone is rostered where or when nothing is open; the place and the
            moment are named.
        PolicyError: the skill of a queue has no standard.
    """
    _refuse_closed(workload, activities, standards, zone)
    _refuse_unknown(workload, standards)
    days = activities.with_columns(local_day("start", zone).alias("day"))
    floors = []
    for (day,), rows in workload.group_by("day", maintain_order=True):
        if not isinstance(day, date) or rows["waits"].all():
            continue
        people = days.filter(pl.col("day") == day)
        floors += _floors_of(day, rows, people, standards)
    return floors


def _refuse_closed(
    workload: pl.DataFrame, activities: pl.DataFrame, standards: Standards, zone: str
) -> None:
    """A pooled skill is open for all when it is open anywhere."""
    pooled = [name for name, one in standards.skill.items() if one.pooled]
    anywhere = activities.filter(pl.col("skill").is_in(pooled))
    elsewhere = activities.filter(~pl.col("skill").is_in(pooled))
    closed = pl.concat(
        [
            anywhere.join(workload, on=["skill", "start"], how="anti"),
            elsewhere.join(workload, on=[*PLACE, "start"], how="anti"),
        ]
    )
    if closed.is_empty():
        return
    start = pl.col("start").dt.convert_time_zone(zone)
    first = closed.sort("start", *PLACE).select(*PLACE, start)
    location, skill, moment = first.row(0)
    raise InputError(
        f"expected people on open quarter-hours only, came {closed.height} that are "
        f"closed; the first: {skill} at {location}, {moment:%A %d-%m-%Y %H:%M}",
        remedy="Mend the opening hours or make the roster again (piekwijzer roster).",
    )


def _refuse_unknown(workload: pl.DataFrame, standards: Standards) -> None:
    queued = set(workload.filter(~pl.col("waits"))["skill"])
    for skill in sorted(queued - set(standards.skill)):
        raise PolicyError(
            f"standards.toml: expected a standard for skill '{skill}', found none. "
            f"Add [skill.{skill}]."
        )


def _floors_of(
    day: date, rows: pl.DataFrame, people: pl.DataFrame, standards: Standards
) -> list[Floor]:
    starts = _grid(rows)
    place = {start: i for i, start in enumerate(starts)}
    lines = [
        Line.lay(found, _places(found, place), len(starts), standards)
        for _, found in rows.filter(~pl.col("waits")).group_by(
            PLACE, maintain_order=True
        )
    ]
    crews = _crews(rows, people, standards)
    floors = []
    for part in _parts(crews):
        here = tuple(crew for crew in crews if set(crew.serves) & part)
        team = _team(day, starts, place, people, here)
        queues = tuple(line for line in lines if line.name in part)
        floors.append(Floor(day, starts, queues, here, team))
    return floors


def _grid(rows: pl.DataFrame) -> tuple[datetime, ...]:
    first, last = rows["start"].min(), rows["start"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return ()
    return tuple(first + i * SLOT for i in range((last - first) // SLOT + 1 + TAIL))


def _places(rows: pl.DataFrame, place: dict[datetime, int]) -> NDArray[np.int64]:
    return np.array([place[start] for start in rows["start"]], dtype=np.int64)


def _crews(
    rows: pl.DataFrame, people: pl.DataFrame, standards: Standards
) -> list[Crew]:
    """One crew per location and skill; those that serve nobody left out."""
    queues = list(rows.filter(~pl.col("waits")).select(PLACE).unique().iter_rows())
    places = pl.concat([rows.select(PLACE), people.select(PLACE)]).unique().sort(PLACE)
    crews = [
        Crew(location, skill, _served(location, skill, queues, standards))
        for location, skill in places.iter_rows()
    ]
    return [crew for crew in crews if crew.serves]


def _served(
    location: str, skill: str, queues: list[tuple[str, str]], standards: Standards
) -> dict[str, int]:
    """The queues that people serve, by rank: their own, then those they help."""
    own = standards.skill.get(skill)
    order = [skill, *(own.helps if own else ())]
    return {
        f"{place}/{name}": order.index(name)
        for place, name in sorted(queues)
        if name in order and (place == location or standards.skill[name].pooled)
    }


def _parts(crews: list[Crew]) -> list[set[str]]:
    """Queues in sets that share no crew."""
    parts: list[set[str]] = []
    for crew in crews:
        shared = [part for part in parts if part & set(crew.serves)]
        apart = [part for part in parts if not part & set(crew.serves)]
        parts = [*apart, set(crew.serves).union(*shared)]
    return sorted(parts, key=min)


def _team(
    day: date,
    starts: tuple[datetime, ...],
    place: dict[datetime, int],
    people: pl.DataFrame,
    crews: tuple[Crew, ...],
) -> Team:
    number = {(crew.location, crew.skill): i for i, crew in enumerate(crews)}
    crew_of: dict[str, Counts] = {}
    columns = people.sort("person", "start").select("person", "start", *PLACE)
    for person, start, location, skill in columns.iter_rows():
        if (location, skill) in number:
            row = crew_of.setdefault(person, np.full(len(starts), -1))
            row[place[start]] = number[location, skill]
    midnight = starts[0].replace(hour=0, minute=0)
    quarters = [(start - midnight) // timedelta(minutes=15) % 96 for start in starts]
    return Team(day, np.array(quarters), crew_of)
