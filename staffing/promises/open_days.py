"""Working days by the town's calendar: how many lie between, and when something is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import Calendar

BEYOND = timedelta(days=120)
"""Days after the last that is asked about, so that what is due then is known too."""
WORKDAYS = 5
CLOSED_SOON = timedelta(hours=2)
"""A source that ends within this of closing time has told of the day."""


@dataclass(frozen=True)
class OpenDays:
    """The open days of locations: those of a skill, where its hours are known.

    Else those of any skill there; of a location without hours, Monday to Friday, less
    the days on which the town is shut.
    """

    calendar: Calendar
    skill: str

    def is_open(self, location: str, day: date) -> bool:
        """Whether it is a working day."""
        closing = self.closing(location, day)
        if self._skills(location):
            return closing is not None
        return day.isoweekday() <= WORKDAYS and not self.calendar.is_closed(
            day, location
        )

    def closing(self, location: str, day: date) -> datetime | None:
        """The last closing time of a day; None where closed, or hours are not known."""
        known = (
            self.calendar.opening(location, skill, day)
            for skill in self._skills(location)
        )
        return max((hours[1] for hours in known if hours), default=None)

    def _skills(self, location: str) -> list[str]:
        if self.calendar.knows(location, self.skill):
            return [self.skill]
        return self.calendar.skills_at(location)

    def between(self, location: str, first: date, last: date) -> list[date]:
        """The open days from the first to the last, both included."""
        days = (first + timedelta(days=i) for i in range((last - first).days + 1))
        return [day for day in days if self.is_open(location, day)]

    def numbered(self, locations: list[str], first: date, last: date) -> pl.DataFrame:
        """`location, day, number`: how many days were open up to and with each day.

        A difference of numbers is a number of working days; what is asked on a closed
        day is asked before the next open one, which is the first of its working days.
        """
        end = last + BEYOND
        days = pl.date_range(first, end, eager=True)
        frames = [
            pl.DataFrame(
                {"location": location, "day": days, "open": days.is_in(opened)}
            ).with_columns(pl.col("open").cum_sum().cast(pl.Int64).alias("number"))
            for location in locations
            for opened in [self.between(location, first, end)]
        ]
        empty = {"location": pl.String, "day": pl.Date, "number": pl.Int64}
        found = [frame.select(*empty) for frame in frames]
        return pl.concat([pl.DataFrame(schema=empty), *found])

    def due(
        self, locations: list[str], first: date, last: date, within: int
    ) -> pl.DataFrame:
        """`location, day, number, due`: the day by whose end what is asked is due."""
        numbered = self.numbered(locations, first, last)
        opened = numbered.group_by("location", "number").agg(
            pl.col("day").min().alias("due")
        )
        wanted = numbered.with_columns((pl.col("number") + within).alias("at"))
        found = wanted.join(
            opened.rename({"number": "at"}), on=["location", "at"], how="left"
        )
        return found.drop("at")

    def is_told(self, location: str, week: date, until: datetime) -> bool:
        """Whether a source that ends at a moment tells of all open days of a week."""
        opened = self.between(location, week, week + timedelta(days=6))
        if not opened:
            return True
        last = opened[-1]
        closing = self.closing(location, last)
        ends = until.astimezone(self.calendar.tz).date()
        if ends != last or closing is None:
            return ends > last
        return until >= closing - CLOSED_SOON
