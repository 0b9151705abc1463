"""The shape of an assignment on the town's clock, as a template."""

from datetime import datetime, timedelta

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template


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


def _minute(instance: Instance, moment: datetime) -> int:
    local = instance.clock.local(moment)
    return 60 * local.hour + local.minute


def _after(minute: int, length: timedelta) -> int:
    return min(max(minute + length // timedelta(minutes=1), minute + 1), 1440)
