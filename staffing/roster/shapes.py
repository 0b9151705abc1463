"""Shapes on the town's clock and shifts in UTC: the one from the other."""

from datetime import date, datetime, timedelta

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment
from staffing.roster.shifts import Span, Template


def template_of(instance: Instance, shift: Assignment) -> Template:
    """The shape of a shift on the town's clock; its first break is the one that counts.

    A shift that is none (it ends before it begins, or runs past midnight) is cut to fit:
    other rules name it.
    """
    start = _minute(instance, shift.shift.start)
    end = _after(start, shift.shift.length)
    pause = shift.breaks[0] if shift.breaks else None
    first = _minute(instance, pause.start) if pause else None
    last = _after(first, pause.length) if pause and first is not None else None
    return Template(
        start=start, end=end, break_start=first, break_end=last, name=shift.name
    )


def shift_of(
    instance: Instance,
    person: str,
    day: date,
    location: str,
    shape: Template,
    activities: tuple[str | None, ...] = (),
) -> Assignment:
    """A shift of a shape, of the person of a code; what `template_of` takes back."""

    def span(first: int, last: int) -> Span:
        moment = instance.clock.moment
        return Span(start=moment(day, first), end=moment(day, last))

    pauses: tuple[Span, ...] = ()
    if shape.break_start is not None and shape.break_end is not None:
        pauses = (span(shape.break_start, shape.break_end),)
    return Assignment(
        person=person,
        day=day,
        location=location,
        shift=span(shape.start, shape.end),
        breaks=pauses,
        activities=activities,
        name=shape.name,
    )


def _minute(instance: Instance, moment: datetime) -> int:
    local = instance.clock.local(moment)
    return 60 * local.hour + local.minute


def _after(minute: int, length: timedelta) -> int:
    return min(max(minute + length // timedelta(minutes=1), minute + 1), 1440)
