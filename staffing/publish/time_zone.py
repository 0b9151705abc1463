"""The time zone of a calendar file, with the rule by which its clocks change.

The European Union changes at 01:00 UTC on the last Sundays of March and October
(directive 2000/84/EC). The onset is written as the clock showed before the change, which
RFC 5545 asks and generated zones get wrong by an hour.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

SINCE = {
    3: datetime(1997, 3, 30, 1, tzinfo=UTC),
    10: datetime(1997, 10, 26, 1, tzinfo=UTC),
}
"""Changes to begin with, by month: last Sundays, 01:00 UTC."""


def time_zone(name: str, year: int) -> Timezone:
    """The zone of a name as its clocks go in a year: by the European rule, or never."""
    zone = ZoneInfo(name)
    winter = _offset(zone, datetime(year, 1, 1, tzinfo=UTC))
    summer = _offset(zone, datetime(year, 7, 1, tzinfo=UTC))
    made = Timezone()
    made.add("tzid", name)
    standard = TimezoneStandard()
    _fill(standard, _short(zone, datetime(year, 1, 1, tzinfo=UTC)), summer, winter, 10)
    made.add_component(standard)
    if summer != winter:
        daylight = TimezoneDaylight()
        name_then = _short(zone, datetime(year, 7, 1, tzinfo=UTC))
        _fill(daylight, name_then, winter, summer, 3)
        made.add_component(daylight)
    return made


def _fill(
    part: TimezoneStandard | TimezoneDaylight,
    name: str,
    before: timedelta,
    after: timedelta,
    month: int,
) -> None:
    part.add("dtstart", (SINCE[month] + before).replace(tzinfo=None))
    part.add("tzname", name)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    if before != after:
        part.add("rrule", vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY="-1SU"))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _short(zone: ZoneInfo, moment: datetime) -> str:
    return moment.astimezone(zone).tzname() or "UTC"
