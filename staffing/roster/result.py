"""A roster: who works when, where, at what, and what that is worth.

`activities` of an assignment holds one skill per quarter-hour from the start of the
shift to its end; null in a break, in time set apart, and where no skill of the person is
open or has a desk. Where shifts have names (plain shift cover) there are no activities.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from forecasting.calendar import SLOT
from forecasting.policy import Document, Policy
from staffing.roster.shifts import Span

Status = Literal["optimal", "feasible", "infeasible", "out_of_time"]
"""`infeasible`: no roster under the hard rules (see `conflicts`); `out_of_time`: none
was found within the time limit, which says nothing about whether there is one."""


class Assignment(Policy):
    """One shift of one person; `name` is the shift's where shifts have names."""

    person: str
    day: date
    location: str
    shift: Span
    breaks: tuple[Span, ...] = ()
    activities: tuple[str | None, ...] = ()
    name: str = ""

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
    """The objective in euros, by term; lower is better.

    `missing_presence` prices heads short of a `Presence` or `Separation`, `wishes` those
    not granted, `unevenness` unloved shifts of people who had many, `changes` days that
    differ from the roster people know, `under` and `over` plain shift cover.
    """

    late_contacts: float = 0.0
    short_quarters: float = 0.0
    short_deferrable: float = 0.0
    unused_hours: float = 0.0
    short_blocks: float = 0.0
    missing_presence: float = 0.0
    wishes: float = 0.0
    unevenness: float = 0.0
    changes: float = 0.0
    under: float = 0.0
    over: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the terms."""
        return float(sum(self.model_dump().values()))


class Cure(Policy):
    """What would lift a shortfall, with the euros it saves; in English and in Dutch."""

    text: str
    text_nl: str
    saves: float


class Shortfall(Policy):
    """Fewer people than required in a stretch of time, what binds and what would cure it."""

    location: str
    skill: str
    start: datetime
    end: datetime
    short: int
    quarters: int
    reason: str
    reason_nl: str
    cures: tuple[Cure, ...] = ()


class Conflict(Policy):
    """A hard rule that leaves no roster: the rule, whom it binds, and how far it is off."""

    rule: str
    person: str
    text: str
    text_nl: str


class Roster(Document):
    """A solved instance. `gap` is (objective - bound) / (bound - what nobody can change)."""

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
    conflicts: tuple[Conflict, ...] = ()

    @cached_property
    def own(self) -> dict[str, list[Assignment]]:
        """The shifts of each person who has any, in order of time."""
        found: dict[str, list[Assignment]] = {}
        for shift in sorted(
            self.assignments, key=lambda a: (a.shift.start, a.location)
        ):
            found.setdefault(shift.person, []).append(shift)
        return found
