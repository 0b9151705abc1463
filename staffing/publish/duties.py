"""A shift as people read it: local times, and what is done from when to when."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from forecasting.calendar import SLOT
from staffing.publish.marks import APART, OTHER, PAUSE
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Block:
    """A stretch of one thing, in local time: a skill, or a break or the like in words."""

    start: datetime
    end: datetime
    what: str
    is_skill: bool

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start) / HOUR

    @property
    def times(self) -> str:
        """Such as `09:00-12:30`."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class Duty:
    """One shift in local time."""

    person: str
    label: str
    location: str
    day: date
    begin: datetime
    finish: datetime
    hours: float
    blocks: tuple[Block, ...]

    @property
    def times(self) -> str:
        """Such as `08:30-17:00`."""
        return f"{self.begin:%H:%M}-{self.finish:%H:%M}"

    @property
    def pause(self) -> str:
        """The breaks, such as `12:00-12:30`; empty without any."""
        return " ".join(block.times for block in self.blocks if block.what == PAUSE)

    @property
    def activities(self) -> tuple[tuple[str, float], ...]:
        """Hours per skill, most first."""
        hours: Counter[str] = Counter()
        for block in self.blocks:
            if block.is_skill:
                hours[block.what] += block.hours  # type: ignore[assignment]
        return tuple(sorted(hours.items(), key=lambda item: (-item[1], item[0])))

    @property
    def main_activity(self) -> str:
        """The skill of most hours, empty without any."""
        return self.activities[0][0] if self.activities else ""


def duty_of(instance: Instance, shift: Assignment, label: str) -> Duty:
    """A shift of a roster, as shown."""
    local = instance.clock.local
    return Duty(
        person=shift.person,
        label=label,
        location=shift.location,
        day=shift.day,
        begin=local(shift.shift.start),
        finish=local(shift.shift.end),
        hours=shift.worked_hours,
        blocks=tuple(_blocks(instance, shift)),
    )


def _blocks(instance: Instance, shift: Assignment) -> Iterator[Block]:
    quarters = int((shift.shift.end - shift.shift.start) / SLOT)
    local = instance.clock.local
    said = [_said(instance, shift, place) for place in range(quarters)]
    place = 0
    for (what, is_skill), run in groupby(said):
        length = len(list(run))
        start = shift.shift.start + place * SLOT
        place += length
        end = shift.shift.start + place * SLOT
        yield Block(local(start), local(end), what, is_skill)


def _said(instance: Instance, shift: Assignment, place: int) -> tuple[str, bool]:
    """What a person does in a quarter-hour of a shift, and whether that is a skill."""
    start = shift.shift.start + place * SLOT
    if any(pause.start <= start < pause.end for pause in shift.breaks):
        return PAUSE, False
    skill = shift.activities[place] if place < len(shift.activities) else None
    if skill is not None:
        return skill, True
    return (APART if _is_apart(instance, shift.person, start) else OTHER), False


def _is_apart(instance: Instance, code: str, start: datetime) -> bool:
    person = instance.person.get(code)
    day, quarter = instance.clock.quarter(start)
    return person is not None and any(
        apart.day == day and apart.start <= 15 * quarter < apart.end
        for apart in person.set_apart
    )
