"""Days and quarter-hours: public holidays, closures, opening hours, ISO weeks.

All local times are in the town's zone; a local day has 92, 96 or 100 quarter-hours.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

import holidays
import polars as pl
from pydantic import Field, model_validator

from forecasting.errors import InputError
from forecasting.policy import Policy

SLOT = timedelta(minutes=15)
YEARS = range(1900, 2200)
"""Years that a week may lie in."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Times = tuple[time, time]
"""From and to on the local clock."""


class Period(Policy):
    """A named stretch of days, both ends included, with its source or reason.

    With a `location` it concerns that one alone.
    """

    name: str
    first: date
    last: date
    source: str
    location: str | None = None


class Hours(Policy):
    """Opening hours of a location for some skills: per weekday the times open.

    They hold from `first` to `last`, both included, without an end where none is given.
    """

    location: str
    skills: tuple[str, ...]
    first: date | None = None
    last: date | None = None
    mon: Times | None = None
    tue: Times | None = None
    wed: Times | None = None
    thu: Times | None = None
    fri: Times | None = None
    sat: Times | None = None
    sun: Times | None = None

    def on(self, day: date) -> Times | None:
        """From and to on this weekday, or None when closed."""
        hours: Times | None = getattr(self, WEEKDAYS[day.weekday()])
        return hours

    def hold(self, day: date) -> bool:
        """Whether a day lies in their validity."""
        return self.begin <= day <= (self.last or date.max)

    @property
    def begin(self) -> date:
        """The first day of their validity."""
        return self.first or date.min


class FeeChange(Policy):
    """A fee of a service that changes on `day`; ages where it concerns some alone.

    `old` and `new` are in euros, where known.
    """

    name: str = Field(min_length=1)
    service: str = Field(min_length=1)
    day: date
    old: float | None = Field(default=None, ge=0)
    new: float | None = Field(default=None, ge=0)
    min_age: int = Field(default=0, ge=0)
    max_age: int = Field(default=150, ge=0)
    source: str

    @model_validator(mode="after")
    def _ages_ascend(self) -> Self:
        if self.min_age > self.max_age:
            raise ValueError("min_age must not exceed max_age")
        return self


class Calendar(Policy):
    """The town's calendar: policy (`config/calendar.toml`) and what was imported.

    Several `hours` of one location, skill and weekday that begin together are spans of
    one day, such as around a lunch closing. Of those that begin on different days the
    latest holds. Where `imported_hours` hold, those of the policy do not.
    """

    zone: str = "Europe/Amsterdam"
    country: str = "NL"
    school_region: str | None = None
    closed_holidays: tuple[str, ...] = ()
    closures: tuple[Period, ...] = ()
    excluded: tuple[Period, ...] = ()
    elections: tuple[date, ...] = ()
    fee_changes: tuple[FeeChange, ...] = ()
    hours: tuple[Hours, ...] = ()
    imported_hours: tuple[Hours, ...] = ()

    @property
    def locations(self) -> set[str]:
        """The locations whose opening hours are given."""
        return {hours.location for hours in (*self.hours, *self.imported_hours)}

    @property
    def tz(self) -> ZoneInfo:
        """The town's zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def _closed(self) -> "holidays.HolidayBase":
        return public_holidays(self.country)

    def is_closed(self, day: date, location: str | None = None) -> bool:
        """Whether the whole town, or else one location, is shut that day."""
        shut = day in self._closed and self._counts_as_closed(day)
        return shut or any(
            c.first <= day <= c.last and c.location in (None, location)
            for c in self.closures
        )

    def _counts_as_closed(self, day: date) -> bool:
        names = self._closed.get_list(day)
        return not self.closed_holidays or any(n in self.closed_holidays for n in names)

    def spans(
        self, location: str, skill: str, day: date
    ) -> list[tuple[datetime, datetime]]:
        """The spans (UTC) in which a skill is open at a location on a day, in order."""
        if self.is_closed(day, location):
            return []
        return sorted(
            (self._moment(day, first), self._moment(day, last))
            for first, last in self._times(location, skill, day)
        )

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.tz).astimezone(UTC)

    def _times(self, location: str, skill: str, day: date) -> list[Times]:
        """The spans that hold on a day: imported before policy, the latest begun."""
        for layer in (self._imported_of, self._hours_of):
            valid = [h for h in layer.get((location, skill), ()) if h.hold(day)]
            if valid:
                spans = [(h.begin, on) for h in valid if (on := h.on(day)) is not None]
                latest = max((begin for begin, _ in spans), default=None)
                return [on for begin, on in spans if begin == latest]
        return []

    @cached_property
    def _hours_of(self) -> dict[tuple[str, str], list[Hours]]:
        return _by_place(self.hours)

    @cached_property
    def _imported_of(self) -> dict[tuple[str, str], list[Hours]]:
        return _by_place(self.imported_hours)

    def opening(
        self, location: str, skill: str, day: date
    ) -> tuple[datetime, datetime] | None:
        """First opening and last closing (UTC) of a skill at a location; None: closed."""
        spans = self.spans(location, skill, day)
        if not spans:
            return None
        return spans[0][0], max(last for _, last in spans)

    def knows(self, location: str, skill: str) -> bool:
        """Whether opening hours are given for a skill at a location."""
        place = (location, skill)
        return place in self._hours_of or place in self._imported_of

    def skills_at(self, location: str) -> list[str]:
        """The skills whose opening hours are given at a location."""
        places = {*self._hours_of, *self._imported_of}
        return sorted(skill for place, skill in places if place == location)

    def slots(self, location: str, skill: str, day: date) -> list[datetime]:
        """The open quarter-hours (UTC starts) of a skill at a location on a day."""
        found = {
            first + i * SLOT
            for first, last in self.spans(location, skill, day)
            for i in range(int((last - first) / SLOT))
        }
        return sorted(found)


def _by_place(hours: tuple[Hours, ...]) -> dict[tuple[str, str], list[Hours]]:
    found: dict[tuple[str, str], list[Hours]] = {}
    for given in hours:
        for skill in given.skills:
            found.setdefault((given.location, skill), []).append(given)
    return found


def public_holidays(country: str, subdiv: str | None = None) -> "holidays.HolidayBase":
    """Public and, where the country has them, optional holidays, named in English."""
    known = holidays.country_holidays(country, subdiv=subdiv)
    wanted = {"public", "optional"} & set(known.supported_categories)
    return holidays.country_holidays(
        country, subdiv=subdiv, categories=tuple(sorted(wanted)), language="en_US"
    )


def school_holidays(
    country: str, region: str | None, years: tuple[int, int]
) -> dict[date, str]:
    """The days of school holidays in a region, by name; none where none are known.

    The source is the package `holidays` (the Netherlands by region, 2014 to 2030).
    """
    known = holidays.country_holidays(country)
    if "school" not in known.supported_categories or region not in known.subdivisions:
        return {}
    book = holidays.country_holidays(
        country,
        subdiv=region,
        categories=("school",),
        language="en_US",
        years=range(years[0], years[1] + 1),
    )
    return dict(sorted(book.items()))


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
