"""A roster: who works when, where, at what, and what that is worth.

`activities` of an assignment holds one skill per quarter-hour from the start of the
shift to its end; null in a break and where no skill of the person is open or has a desk.
"""

from datetime import date, datetime, timedelta
from typing import Literal

from forecasting.calendar import SLOT
from forecasting.policy import Document, Policy

Status = Literal["optimal", "feasible", "infeasible", "out_of_time"]
"""`infeasible`: no roster under the hard rules; `out_of_time`: the wall clock ended it."""


class Span(Policy):
    """A stretch of time in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


class Assignment(Policy):
    """One shift of one person."""

    person: str
    day: date
    location: str
    shift: Span
    breaks: tuple[Span, ...] = ()
    activities: tuple[str | None, ...] = ()

    @property
    def worked_hours(self) -> float:
        """Hours of the shift without its breaks."""
        paused = sum((pause.length for pause in self.breaks), timedelta())
        return (self.shift.length - paused) / timedelta(hours=1)

    def moments(self) -> list[tuple[datetime, str]]:
        """Start and skill of every quarter-hour with an activity."""
        starts = (self.shift.start + i * SLOT for i in range(len(self.activities)))
        pairs = zip(starts, self.activities, strict=True)
        return [(start, skill) for start, skill in pairs if skill is not None]


class Objective(Policy):
    """The objective in euros, by term; lower is better."""

    late_contacts: float = 0.0
    short_quarters: float = 0.0
    short_deferrable: float = 0.0
    unused_hours: float = 0.0
    short_blocks: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the terms."""
        return (
            self.late_contacts
            + self.short_quarters
            + self.short_deferrable
            + self.unused_hours
            + self.short_blocks
        )


class Shortfall(Policy):
    """Fewer people than required in a stretch of time, and what binds."""

    location: str
    skill: str
    start: datetime
    end: datetime
    short: int
    quarters: int
    reason: str
    reason_nl: str


class Roster(Document):
    """A solved week. `gap` is (objective - bound) / (bound - what nobody can change)."""

    instance: str
    week: date
    seed: int
    status: Status
    assignments: tuple[Assignment, ...]
    objective: Objective
    bound: float
    unavoidable: float
    gap: float | None
    shortfalls: tuple[Shortfall, ...]
