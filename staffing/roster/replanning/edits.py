"""Changes a planner makes by hand, one at a time."""

from datetime import date

from pydantic import Field

from forecasting.policy import Policy
from staffing.roster.shifts import Template


class GiveShift(Policy):
    """Give somebody a shift, in place of what they have that day; "" is home."""

    person: str
    day: date
    shift: Template
    location: str = ""


class RemoveShift(Policy):
    """Give somebody a day off."""

    person: str
    day: date


class SwapShifts(Policy):
    """Two people take one another's shift of a day; who has none gets the day off."""

    first: str
    second: str
    day: date


class MoveBreak(Policy):
    """Move the break of a shift to begin at a minute after midnight, as long as it is."""

    person: str
    day: date
    start: int = Field(ge=0, lt=1440)


class SetActivity(Policy):
    """Another activity (None: none) from one minute after midnight to another."""

    person: str
    day: date
    start: int = Field(ge=0, lt=1440)
    end: int = Field(gt=0, le=1440)
    activity: str | None = None


Edit = GiveShift | RemoveShift | SwapShifts | MoveBreak | SetActivity
