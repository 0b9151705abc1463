"""Days to be rostered: what is wanted, people, shift templates, labour rules, prices.

An instance is self-contained and frozen; its JSON and hash say exactly what was solved.
It wants people per quarter-hour (`demands`: a week at the town hall), or numbers per
named shift (`covers`: plain shift cover over any number of weeks).
"""

import hashlib
from collections import Counter
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field

from forecasting.policy import Document, Policy
from staffing.roster.clock import Clock
from staffing.roster.people import Person
from staffing.roster.shifts import Template
from staffing.roster.wanted import (
    Ceiling,
    Demand,
    Pool,
    Presence,
    Separation,
    ShiftCover,
    Travel,
)
from staffing.rules import LabourRules, RosterPolicy


class Settled(Policy):
    """A shift of a roster that people know already."""

    person: str
    day: date
    location: str
    shift: Template


class Known(Policy):
    """The roster that people know: to differ from it costs, per person and day.

    A day differs when begin, end or location does, or when only one of the two works.
    On the days `affected` a change costs `price_change_affected`, on others
    `price_change`.
    """

    shifts: tuple[Settled, ...]
    affected: tuple[date, ...] = ()

    @cached_property
    def by_person_and_day(self) -> dict[tuple[str, date], Settled]:
        """Each known shift; of several on one day the last."""
        return {(shift.person, shift.day): shift for shift in self.shifts}

    @cached_property
    def _of(self) -> dict[tuple[str, date], tuple[Settled, ...]]:
        found: dict[tuple[str, date], tuple[Settled, ...]] = {}
        for shift in self.shifts:
            key = (shift.person, shift.day)
            found[key] = (*found.get(key, ()), shift)
        return found

    def of(self, person: str, day: date) -> tuple[Settled, ...]:
        """The known shifts of a person on a day; two when at two locations."""
        return self._of.get((person, day), ())


class Instance(Document):
    """Days to be rostered, from `week` (their first day) on.

    `forbidden` are pairs of shifts by name: the second may not begin on the day after
    the first (plain shift cover, where rest in hours is told by names). `skills` and
    `locations` are known besides those that are wanted in this horizon.
    """

    week: date
    length: int = Field(default=7, ge=1, le=400)
    zone: str
    policy: RosterPolicy
    rules: LabourRules
    demands: tuple[Demand, ...] = ()
    covers: tuple[ShiftCover, ...] = ()
    templates: tuple[Template, ...]
    people: tuple[Person, ...]
    ceilings: tuple[Ceiling, ...] = ()
    presences: tuple[Presence, ...] = ()
    separations: tuple[Separation, ...] = ()
    pools: tuple[Pool, ...] = ()
    travels: tuple[Travel, ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()
    skills: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    known: Known | None = None

    @cached_property
    def hash(self) -> str:
        """Hash of the content: 16 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @cached_property
    def clock(self) -> Clock:
        """Local times of this instance."""
        return Clock(self.zone)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the horizon."""
        return tuple(self.week + timedelta(days=i) for i in range(self.length))

    @cached_property
    def person(self) -> dict[str, Person]:
        """People by code."""
        return {person.code: person for person in self.people}

    @cached_property
    def mean_burdens(self) -> dict[str, dict[str, float]]:
        """Unloved shifts had on average by the people of each home location, by kind."""
        found: dict[str, dict[str, float]] = {}
        homes = Counter(person.location for person in self.people)
        for person in self.people:
            means = found.setdefault(person.location, {})
            for kind, had in person.past.burden.model_dump().items():
                means[kind] = means.get(kind, 0.0) + had / homes[person.location]
        return found

    @cached_property
    def slots(self) -> dict[tuple[str, str, date], dict[int, Demand]]:
        """Open quarter-hours per location, skill and local day."""
        table: dict[tuple[str, str, date], dict[int, Demand]] = {}
        for demand in self.demands:
            day, quarter = self.clock.quarter(demand.start)
            key = (demand.location, demand.skill, day)
            table.setdefault(key, {})[quarter] = demand
        return table

    @cached_property
    def _served(self) -> dict[tuple[str, str], str]:
        return {
            (member, pool.skill): pool.location
            for pool in self.pools
            for member in pool.members
        }

    def served(self, location: str, skill: str) -> str:
        """Where the demand stands that somebody at a location serves with a skill."""
        return self._served.get((location, skill), location)

    def opening(
        self, location: str, skills: tuple[str, ...], day: date
    ) -> tuple[int, int] | None:
        """First minute open and minute of closing of any of the skills, or None."""
        found = [
            self.slots.get((self.served(location, skill), skill, day), {})
            for skill in skills
        ]
        quarters = [quarter for slots in found for quarter in slots]
        return (15 * min(quarters), 15 * max(quarters) + 15) if quarters else None
