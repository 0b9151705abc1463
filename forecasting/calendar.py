"""Days and quarter-hours: public holidays, closures, opening hours, ISO weeks.

All local times are in the town's zone; a local day has 92, 96 or 100 quarter-hours.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays
import polars as pl

from forecasting.errors import InputError
from forecasting.policy import Policy

SLOT = timedelta(minutes=15)
YEARS = range(1900, 2200)
"""Years that a week may lie in."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Period(Policy):
    """A named stretch of days, both ends included, with its source or reason."""

    name: str
    first: date
    last: date
    source: str


class Hours(Policy):
    """Opening hours of a location for some skills: per weekday the times open."""

    location: str
    skills: tuple[str, ...]
    mon: tuple[time, time] | None = None
    tue: tuple[time, time] | None = None
    wed: tuple[time, time] | None = None
    thu: tuple[time, time] | None = None
    fri: tuple[time, time] | None = None
    sat: tuple[time, time] | None = None
    sun: tuple[time, time] | None = None

    def on(self, day: date) -> tuple[time, time] | None:
        """From and to on this weekday, or None when closed."""
        hours: tuple[time, time] | None = getattr(self, WEEKDAYS[day.weekday()])
        return hours


class Calendar(Policy):
    """The town's calendar (`config/calendar.toml`)."""

    zone: str = "Europe/Amsterdam"
    country: str = "NL"
    school_region: str | None = None
    closed_holidays: tuple[str, ...] = ()
    closures: tuple[Period, ...] = ()
    excluded: tuple[Period, ...] = ()
    elections: tuple[date, ...] = ()
    hours: tuple[Hours, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """The town's zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def _closed(self) -> "holidays.HolidayBase":
        return public_holidays(self.country)

    def is_closed(self, day: date) -> bool:
        """Whether the whole town hall is shut that day: a holiday or a closure."""
        shut = day in self._closed and self._counts_as_closed(day)
        return shut or any(c.first <= day <= c.last for c in self.closures)

    def _counts_as_closed(self, day: date) -> bool:
        names = self._closed.get_list(day)
        return not self.closed_holidays or any(n in self.closed_holidays for n in names)

    def opening(
        self, location: str, skill: str, day: date
    ) -> tuple[datetime, datetime] | None:
        """Opening and closing time (UTC) of a skill at a location, or None: closed."""
        for hours in self.hours:
            if hours.location == location and skill in hours.skills:
                times = None if self.is_closed(day) else hours.on(day)
                if times is None:
                    return None
                first, last = (datetime.combine(day, t, self.tz) for t in times)
                return first.astimezone(UTC), last.astimezone(UTC)
        return None

    def knows(self, location: str, skill: str) -> bool:
        """Whether opening hours are given for a skill at a location."""
        return any(h.location == location and skill in h.skills for h in self.hours)

    def slots(self, location: str, skill: str, day: date) -> list[datetime]:
        """The open quarter-hours (UTC starts) of a skill at a location on a day."""
        opening = self.opening(location, skill, day)
        if opening is None:
            return []
        first, last = opening
        return [first + i * SLOT for i in range(int((last - first) / SLOT))]


def public_holidays(country: str, subdiv: str | None = None) -> "holidays.HolidayBase":
    """Public and, where the country has them, optional holidays, named in English."""
    known = holidays.country_holidays(country, subdiv=subdiv)
    wanted = {"public", "optional"} & set(known.supported_categories)
    return holidays.country_holidays(
        country, subdiv=subdiv, categories=tuple(sorted(wanted)), language="en_US"
    )


def monday(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def parse_week(text: str) -> date:
    """The Monday of an ISO week written as `2027-W02`.

    Raises:
        InputError: the text is no ISO week.
    """
    try:
        week = datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007
    except ValueError:
        week = date.min
    if week.year not in YEARS:
        raise InputError(
            f"expected an ISO week such as 2027-W02, came '{text:.60}'"
        ) from None
    return week


def week_name(day: date) -> str:
    """The ISO week of a day, as `2027-W02`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def local_day(column: str, zone: str) -> pl.Expr:
    """The local day of a UTC column."""
    return pl.col(column).dt.convert_time_zone(zone).dt.date()


def first_week_beyond(day: date, notice_days: int) -> date:
    """The first Monday that is at least `notice_days` after a day."""
    return monday(day + timedelta(days=notice_days + 6))
