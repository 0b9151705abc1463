"""The calendar of a town: when it is shut, when open, and the quarter-hours of a day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays

from forecasting.calendar.holidays import public_holidays
from forecasting.calendar.periods import FeeChange, Hours, Period, Times
from forecasting.policy import Policy

SLOT = timedelta(minutes=15)


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
