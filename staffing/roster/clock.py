"""Local wall-clock time of a roster: days, minutes and quarter-hours, and back to UTC.

A quarter-hour is numbered by the wall clock (09:00 is 36), which is unambiguous outside
the night hours of a clock change; no shift runs there.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo


class Clock:
    """Converts between UTC moments and local days and minutes."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone."""
        return ZoneInfo(self.zone)

    def local(self, moment: datetime) -> datetime:
        """The moment on the local clock."""
        return moment.astimezone(self.tz)

    def quarter(self, moment: datetime) -> tuple[date, int]:
        """Local day and number of the quarter-hour that holds a moment."""
        local = self.local(moment)
        return local.date(), local.hour * 4 + local.minute // 15

    def moment(self, day: date, minute: int) -> datetime:
        """The UTC moment of a minute after local midnight."""
        days, rest = divmod(minute, 1440)
        clock = time(rest // 60, rest % 60)
        local = datetime.combine(day + timedelta(days=days), clock, self.tz)
        return local.astimezone(UTC)
