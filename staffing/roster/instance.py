"""One week to be rostered: demand, people, shift templates, labour rules, prices.

An instance is self-contained and frozen; its JSON and hash say exactly what was solved.
"""

import hashlib
import math
from datetime import date, datetime, timedelta
from functools import cached_property

from pydantic import Field

from forecasting.policy import Document, Policy
from staffing.roster.clock import Clock
from staffing.rules import LabourRules, RosterPolicy


class Demand(Policy):
    """What each number of people buys at a location, for a skill, in a quarter-hour.

    `late[n]` counts the contacts that n people are valued to leave not served in time;
    more people than the list holds buy no more than its last entry. Deferrable work has
    no `late`: its `required` people may be made up in any open quarter-hour of the day.
    """

    location: str
    skill: str
    start: datetime
    required: int = Field(ge=0)
    minimum: int = Field(default=0, ge=0)
    deferrable: bool = False
    late: tuple[float, ...] = (0.0,)

    def late_with(self, people: int) -> float:
        """Expected late contacts with a number of people."""
        return self.late[min(people, len(self.late) - 1)]

    def shortage(self, people: int) -> float:
        """Person-quarters short, weighed: all of r missing count twice, few about once.

        `short x (1 + short / r)`: a shortage spread over a lunch hour is better than a
        counter that is shut for half of it.
        """
        short = max(0, self.required - people)
        return short * (1 + short / self.required) if short else 0.0


class Template(Policy):
    """A shift in minutes after local midnight, with at most one break."""

    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)
    break_start: int | None = None
    break_end: int | None = None

    @property
    def break_minutes(self) -> int:
        """Length of the break, 0 without one."""
        if self.break_start is None or self.break_end is None:
            return 0
        return self.break_end - self.break_start

    @property
    def hours(self) -> float:
        """Hours worked, the break not counted."""
        return (self.end - self.start - self.break_minutes) / 60

    @property
    def quarters(self) -> tuple[int, ...]:
        """Worked quarter-hours after local midnight."""
        pause = range((self.break_start or 0) // 15, (self.break_end or 0) // 15)
        return tuple(
            q for q in range(self.start // 15, self.end // 15) if q not in pause
        )


class Away(Policy):
    """A part of a day on which a person cannot work, in minutes after local midnight."""

    day: date
    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)


class Person(Policy):
    """Someone who can be rostered: hours of this week, days, skills, home location.

    `most` are the most hours of each of the `days`, where the pattern tells them.
    """

    code: str
    location: str
    skills: tuple[str, ...]
    contract_hours: float = Field(ge=0)
    days: tuple[date, ...]
    most: tuple[float, ...] = ()
    away: tuple[Away, ...] = ()

    def most_on(self, day: date) -> float:
        """The most hours to work on one of the days; infinite when none are told."""
        return self.most[self.days.index(day)] if self.most else math.inf

    def is_there(self, day: date, template: Template) -> bool:
        """Whether a shift lies clear of every absence of the day."""
        return not any(
            away.day == day and template.start < away.end and away.start < template.end
            for away in self.away
        )


class Ceiling(Policy):
    """At most so many people at once at some skills of a location on a day: its desks."""

    location: str
    skills: tuple[str, ...]
    day: date
    people: int = Field(ge=0)


class Instance(Document):
    """A week to be rostered."""

    week: date
    zone: str
    policy: RosterPolicy
    rules: LabourRules
    demands: tuple[Demand, ...]
    templates: tuple[Template, ...]
    people: tuple[Person, ...]
    ceilings: tuple[Ceiling, ...] = ()

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
        """The seven days of the week."""
        return tuple(self.week + timedelta(days=i) for i in range(7))

    @cached_property
    def person(self) -> dict[str, Person]:
        """People by code."""
        return {person.code: person for person in self.people}

    @cached_property
    def slots(self) -> dict[tuple[str, str, date], dict[int, Demand]]:
        """Open quarter-hours per location, skill and local day."""
        table: dict[tuple[str, str, date], dict[int, Demand]] = {}
        for demand in self.demands:
            day, quarter = self.clock.quarter(demand.start)
            key = (demand.location, demand.skill, day)
            table.setdefault(key, {})[quarter] = demand
        return table

    def opening(
        self, location: str, skills: tuple[str, ...], day: date
    ) -> tuple[int, int] | None:
        """First minute open and minute of closing of any of the skills, or None."""
        found = [self.slots.get((location, skill, day), {}) for skill in skills]
        quarters = [quarter for slots in found for quarter in slots]
        return (15 * min(quarters), 15 * max(quarters) + 15) if quarters else None
