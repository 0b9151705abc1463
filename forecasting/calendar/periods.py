"""What a calendar is written in: stretches of days, opening hours, changes of fees."""

from datetime import date, time
from typing import Self

from pydantic import Field, model_validator

from forecasting.policy import Policy

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Times = tuple[time, time]
"""From and to on the local clock."""


class Period(Policy):
    """A named stretch of days, both ends included, with its source or reason.

    With a `location` it concerns that one alone.
    """

    name: str
    first: date
    last: date
    source: str
    location: str | None = None


class Hours(Policy):
    """Opening hours of a location for some skills: per weekday the times open.

    They hold from `first` to `last`, both included, without an end where none is given.
    """

    location: str
    skills: tuple[str, ...]
    first: date | None = None
    last: date | None = None
    mon: Times | None = None
    tue: Times | None = None
    wed: Times | None = None
    thu: Times | None = None
    fri: Times | None = None
    sat: Times | None = None
    sun: Times | None = None

    def on(self, day: date) -> Times | None:
        """From and to on this weekday, or None when closed."""
        hours: Times | None = getattr(self, WEEKDAYS[day.weekday()])
        return hours

    def hold(self, day: date) -> bool:
        """Whether a day lies in their validity."""
        return self.begin <= day <= (self.last or date.max)

    @property
    def begin(self) -> date:
        """The first day of their validity."""
        return self.first or date.min


class FeeChange(Policy):
    """A fee of a service that changes on `day`; ages where it concerns some alone.

    `old` and `new` are in euros, where known.
    """

    name: str = Field(min_length=1)
    service: str = Field(min_length=1)
    day: date
    old: float | None = Field(default=None, ge=0)
    new: float | None = Field(default=None, ge=0)
    min_age: int = Field(default=0, ge=0)
    max_age: int = Field(default=150, ge=0)
    source: str

    @model_validator(mode="after")
    def _ages_ascend(self) -> Self:
        if self.min_age > self.max_age:
            raise ValueError("min_age must not exceed max_age")
        return self
