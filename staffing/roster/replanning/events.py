"""What may happen to a week that has a roster; never why somebody is absent."""

from collections.abc import Iterable
from datetime import date, timedelta

from pydantic import Field, model_validator

from forecasting.policy import Policy
from staffing.roster.shifts import Template
from staffing.roster.wanted import Demand


class Absent(Policy):
    """Somebody is absent from the first day to the last, or for a part of these days.

    Minutes after local midnight. What was rostered then counts as worked.
    """

    person: str
    first: date
    last: date
    start: int = Field(default=0, ge=0, lt=1440)
    end: int = Field(default=1440, gt=0, le=1440)

    @model_validator(mode="after")
    def _in_order(self) -> "Absent":
        if self.last < self.first or self.end <= self.start:
            raise ValueError("expected an absence that ends after it begins")
        return self

    @property
    def whole_days(self) -> bool:
        """Whether nothing is left of its days."""
        return (self.start, self.end) == (0, 1440)

    @property
    def days(self) -> tuple[date, ...]:
        """The days it touches."""
        number = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=i) for i in range(number))

    @property
    def people(self) -> tuple[str, ...]:
        """Whose days it changes."""
        return (self.person,)


class Available(Policy):
    """Somebody can work on a day, or in a part of it, where they could not.

    `hours` are contract hours more for that; none are needed by who has hours left.
    """

    person: str
    day: date
    start: int = Field(default=0, ge=0, lt=1440)
    end: int = Field(default=1440, gt=0, le=1440)
    hours: float = Field(default=0.0, ge=0, le=24)

    @property
    def days(self) -> tuple[date, ...]:
        """The day."""
        return (self.day,)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose day it changes."""
        return (self.person,)


class Settle(Policy):
    """A day of somebody is settled from now on: this shift, or (none) free."""

    person: str
    day: date
    shift: Template | None = None
    location: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """The day."""
        return (self.day,)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose day it changes."""
        return (self.person,)


class Asked(Policy):
    """Quarter-hours that ask for other numbers than the instance says."""

    on: tuple[date, ...]
    demands: tuple[Demand, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The local days of the quarter-hours."""
        return self.on

    @property
    def people(self) -> tuple[str, ...]:
        """Nobody's own days change by it."""
        return ()


Event = Absent | Available | Settle | Asked


def days_of(events: Iterable[Event]) -> tuple[date, ...]:
    """The days that the events give rise to change, in order."""
    return tuple(sorted({day for event in events for day in event.days}))
