"""The room of each day at a location: opening hours, people, desks, printers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import polars as pl

from forecasting.calendar import SLOT, Calendar
from forecasting.errors import InputError
from staffing.agenda.at_hand import Hours
from staffing.agenda.booking import Floats
from staffing.agenda.policy import AgendaPolicy
from staffing.agenda.room import UNKNOWN, DayRoom
from staffing.supply.limits import limits_on

SLOT_MINUTES = int(SLOT.total_seconds() // 60)
Key = tuple[str, str, datetime]
"""A location, a skill and the start of a quarter-hour."""


@dataclass(frozen=True)
class Supply:
    """What there is beside appointments, and who is there for both.

    `walk_ins` are people at work whom walk-ins need per location, skill and quarter-hour;
    `at_hand` hours of people at work per day; `rostered` people at work where a roster is
    known, which then holds; `ordered` documents that walk-ins order per location and day.
    `limits` is typed `Limits`; `desk_skills` need a desk each.
    """

    calendar: Calendar
    limits: pl.DataFrame
    desk_skills: frozenset[str]
    walk_ins: Mapping[Key, float] = field(default_factory=dict)
    at_hand: Hours = field(default_factory=dict)
    rostered: Mapping[Key, float] = field(default_factory=dict)
    ordered: Mapping[tuple[str, date], float] = field(default_factory=dict)


def rooms_of(
    location: str,
    skills: Sequence[str],
    days: Sequence[date],
    supply: Supply,
    policy: AgendaPolicy,
) -> tuple[DayRoom | None, ...]:
    """The room of each day at a location for skills with appointments; None: shut.

    Raises:
        InputError: the calendar knows no opening hours of a skill at the location.
    """
    for skill in skills:
        if not supply.calendar.knows(location, skill):
            raise InputError(
                f"expected opening hours of {location}/{skill}, came none",
                remedy="Add them to calendar.toml, or import the template of hours.",
            )
    desks = limits_on(supply.limits, "desks", days)
    applications = limits_on(supply.limits, "applications", days)
    here = sorted({*skills, *_others(location, supply)})
    rooms: list[DayRoom | None] = []
    for day in days:
        opened = {s: supply.calendar.slots(location, s, day) for s in here}
        if not any(opened[skill] for skill in skills):
            rooms.append(None)
            continue
        limited = _Day(location, day, supply, policy, opened)
        key = (location, day)
        rooms.append(limited.room(desks.get(key), applications.get(key)))
    return tuple(rooms)


def _others(location: str, supply: Supply) -> set[str]:
    """Skills at a location that need desks, whether or not they take appointments."""
    return set(supply.calendar.skills_at(location)) & supply.desk_skills


@dataclass(frozen=True)
class _Day:
    """One open day of a location, with the open quarter-hours of each skill."""

    location: str
    day: date
    supply: Supply
    policy: AgendaPolicy
    opened: Mapping[str, Sequence[datetime]]

    @property
    def slots(self) -> list[datetime]:
        """Quarter-hours from the first opening to the last closing."""
        every = sorted({at for slots in self.opened.values() for at in slots})
        size = int((every[-1] - every[0]) / SLOT) + 1
        return [every[0] + i * SLOT for i in range(size)]

    def room(self, desks: int | None, applications: int | None) -> DayRoom:
        slots = self.slots
        needs = {skill: self._needs(skill, slots) for skill in self.opened}
        hours = {skill: self._hours(skill) for skill in self.opened}
        walk_in_hours = {
            skill: float(np.nansum(need)) * SLOT_MINUTES / 60
            for skill, need in needs.items()
        }
        left = {
            skill: self._there(skill, slots, hours[skill]) - need
            for skill, need in needs.items()
        }
        desk_needs = [
            n for skill, n in needs.items() if skill in self.supply.desk_skills
        ]
        taken = np.nansum(np.array(desk_needs), axis=0) if desk_needs else 0.0
        at_desks = (UNKNOWN if desks is None else float(desks)) - taken
        ordered = self.supply.ordered.get((self.location, self.day), 0.0)
        return DayRoom(
            opens=slots[0],
            cell_minutes=self.policy.grid_minutes,
            people={skill: self._cells(values) for skill, values in left.items()},
            desks=self._cells(np.broadcast_to(at_desks, len(slots))),
            hours={
                skill: np.inf
                if known is None
                else self.policy.fill * max(0.0, known - walk_in_hours[skill])
                for skill, known in hours.items()
            },
            applications=np.inf if applications is None else applications - ordered,
            walk_in_hours=walk_in_hours,
            at_hand_hours=hours,
            desk_limit=desks,
            application_limit=applications,
            needs={skill: self._cells(need) for skill, need in needs.items()},
            ordered=ordered,
        )

    def _needs(self, skill: str, slots: Sequence[datetime]) -> Floats:
        """People whom walk-ins need per slot; NaN where the skill is shut."""
        is_open = set(self.opened[skill])
        return np.array(
            [
                self.supply.walk_ins.get((self.location, skill, at), 0.0)
                if at in is_open
                else np.nan
                for at in slots
            ]
        )

    def _rostered(self, skill: str) -> list[float] | None:
        keys = [(self.location, skill, at) for at in self.opened[skill]]
        if not any(key in self.supply.rostered for key in keys):
            return None
        return [self.supply.rostered.get(key, 0.0) for key in keys]

    def _hours(self, skill: str) -> float | None:
        """Hours at hand of a roster, or of people's patterns; None: no staff known."""
        rostered = self._rostered(skill)
        if rostered is not None:
            return sum(rostered) * SLOT_MINUTES / 60
        return self.supply.at_hand.get((self.location, skill, self.day))

    def _there(
        self, skill: str, slots: Sequence[datetime], hours: float | None
    ) -> Floats:
        """People at once per slot: as rostered, else whole people spread evenly."""
        if hours is None:
            return np.full(len(slots), UNKNOWN)
        if self._rostered(skill) is None:
            opened = len(self.opened[skill]) * SLOT_MINUTES / 60
            people = np.ceil(hours / opened - 1e-9) if opened else 0.0
            return np.full(len(slots), people)
        found = self.supply.rostered
        return np.array(
            [np.ceil(found.get((self.location, skill, at), 0.0) - 1e-9) for at in slots]
        )

    def _cells(self, values: Floats) -> Floats:
        return np.repeat(values, SLOT_MINUTES // self.policy.grid_minutes)


def by_slot(frame: pl.DataFrame, column: str) -> dict[Key, float]:
    """A column of a slot table (`location, skill, start`) as a mapping."""
    found: dict[Key, float] = defaultdict(float)
    for location, skill, start, value in frame.select(
        "location", "skill", "start", column
    ).iter_rows():
        found[location, skill, start] += value
    return dict(found)
