"""Shifts: their shape on the town's clock, and stretches of time."""

from datetime import datetime, timedelta

from pydantic import Field

from forecasting.policy import Policy


class Span(Policy):
    """A stretch of time in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


class Template(Policy):
    """A shift in minutes after local midnight, with at most one break.

    `name` is given where shifts have names of their own (plain shift cover).
    """

    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)
    break_start: int | None = Field(default=None, ge=0, le=1440)
    break_end: int | None = Field(default=None, ge=0, le=1440)
    name: str = ""

    @property
    def break_minutes(self) -> int:
        """Length of the break, 0 without one."""
        if self.break_start is None or self.break_end is None:
            return 0
        return self.break_end - self.break_start

    @property
    def minutes(self) -> int:
        """Minutes worked, the break not counted."""
        return self.end - self.start - self.break_minutes

    @property
    def hours(self) -> float:
        """Hours worked, the break not counted."""
        return self.minutes / 60

    @property
    def quarters(self) -> tuple[int, ...]:
        """Worked quarter-hours after local midnight."""
        pause = range((self.break_start or 0) // 15, (self.break_end or 0) // 15)
        return tuple(
            q for q in range(self.start // 15, self.end // 15) if q not in pause
        )
