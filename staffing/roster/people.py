"""The people of an instance: what they may do, when, and what they did before."""

import math
from datetime import date
from functools import cached_property

from pydantic import Field

from forecasting.policy import Policy
from staffing.roster.shifts import Span, Template


class Away(Policy):
    """A part of a day in minutes after local midnight: absent, or set apart."""

    day: date
    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)


class Limits(Policy):
    """Limits on one person's shifts within the horizon, besides law and contract.

    `most_shifts` are pairs of a shift's name and the most of it. Runs of work or of days
    off that touch either end of the horizon may be shorter than the least, for what lies
    beyond is not known; the longest run counts days worked before (`Past.shifts`).
    A weekend is worked when its Saturday or its Sunday is.
    """

    least_minutes: int = Field(default=0, ge=0)
    most_minutes: int | None = Field(default=None, ge=0)
    most_shifts: tuple[tuple[str, int], ...] = ()
    most_days_in_a_row: int | None = Field(default=None, ge=1)
    least_days_in_a_row: int = Field(default=1, ge=1)
    least_days_off_in_a_row: int = Field(default=1, ge=1)
    most_weekends: int | None = Field(default=None, ge=0)


class Wish(Policy):
    """Something a person would like on a day; not granted, it costs `weight` euros.

    Wanted (`wants`): a shift that day within the minutes, with the name if one is given.
    Not wanted: no shift that day that touches the minutes (with the name, if given).
    """

    day: date
    wants: bool
    shift: str = ""
    start: int = Field(default=0, ge=0, lt=1440)
    end: int = Field(default=1440, gt=0, le=1440)
    weight: float = Field(ge=0)

    def granted(self, shift: Template | None) -> bool:
        """Whether a day with this shift, or without one, grants it."""
        named = shift is not None and self.shift in ("", shift.name)
        if self.wants:
            return bool(
                named and shift and self.start <= shift.start and shift.end <= self.end
            )
        return not (
            named and shift and shift.start < self.end and self.start < shift.end
        )


class Lock(Policy):
    """A day of a person that is settled: this shift, or (none) free."""

    day: date
    shift: Template | None = None
    location: str = ""


class Burden(Policy):
    """Unloved shifts of the last 12 weeks: late, on Saturday, in the evening."""

    late: int = Field(default=0, ge=0)
    saturday: int = Field(default=0, ge=0)
    evening: int = Field(default=0, ge=0)


class Past(Policy):
    """What rules that look back need to know of a person before the horizon.

    `shifts` are those of the last 14 days, in order. `week_hours` are hours counted per
    whole week before (leave and sickness included), the latest last; what is missing is
    not known and counts as none. `sundays` were worked in the 52 weeks before.
    """

    shifts: tuple[Span, ...] = ()
    week_hours: tuple[float, ...] = ()
    sundays: int = Field(default=0, ge=0)
    burden: Burden = Burden()


class Person(Policy):
    """Someone who can be rostered: hours of this horizon, days, skills, home location.

    `most` are the most hours of each of the `days`, where the pattern tells them.
    `authorisations` are those that are no activity. Besides the home location a person
    may be sent to `elsewhere`. `set_apart` is protected time: at work then, they have no
    activity. `absent_hours` are hours of leave and sickness in the horizon: they count
    as worked for the law's maxima, and `contract_hours` are without them.
    """

    code: str
    location: str
    skills: tuple[str, ...]
    contract_hours: float = Field(ge=0)
    days: tuple[date, ...]
    most: tuple[float, ...] = ()
    away: tuple[Away, ...] = ()
    authorisations: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    set_apart: tuple[Away, ...] = ()
    absent_hours: float = Field(default=0, ge=0)
    limits: Limits = Limits()
    wishes: tuple[Wish, ...] = ()
    locks: tuple[Lock, ...] = ()
    past: Past = Past()

    @cached_property
    def able(self) -> frozenset[str]:
        """Skills and authorisations."""
        return frozenset(self.skills) | frozenset(self.authorisations)

    @cached_property
    def locations(self) -> tuple[str, ...]:
        """Where the person may work, home first."""
        return (self.location, *self.elsewhere)

    def lock_on(self, day: date) -> Lock | None:
        """What is settled for a day, if anything."""
        return next((lock for lock in self.locks if lock.day == day), None)

    def most_on(self, day: date) -> float:
        """The most hours to work on one of the days; infinite when none are told."""
        return self.most[self.days.index(day)] if self.most else math.inf

    def is_there(self, day: date, template: Template) -> bool:
        """Whether a shift lies clear of every absence of the day."""
        return not any(
            away.day == day and template.start < away.end and away.start < template.end
            for away in self.away
        )
