"""The days of a municipality: opening times, seasons, shocks and elections as factors."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from forecasting.calendar import Calendar, monday
from forecasting.reference.assumptions import Place, ReferencePolicy, Shock
from forecasting.reference.streams import Counts, Numbers

BEYOND = 10  # weeks: further ahead than any booking
BLOCK = 1040  # weeks: the axis grows in such steps, so that a later `until` adds to the
# history and does not rewrite it


@dataclass(frozen=True)
class Days:
    """Whole weeks of days from a Monday on, with the opening minutes of each location.

    `opens` and `minutes` hold, per `location/skill`, the local minute of opening and the
    minutes open (0 when closed) of each day.
    """

    first: date
    number: int
    until: date
    start: date
    opens: dict[str, Counts]
    minutes: dict[str, Counts]

    @property
    def dates(self) -> list[date]:
        """All days."""
        return [self.first + timedelta(days=i) for i in range(self.number)]

    @property
    def weekday(self) -> Counts:
        """0 for Monday to 6 for Sunday."""
        return np.arange(self.number, dtype=np.int64) % 7

    @property
    def month(self) -> Counts:
        """0 for January to 11 for December."""
        stamps = np.datetime64(self.first) + np.arange(self.number)
        return stamps.astype("datetime64[M]").astype(np.int64) % 12

    @property
    def since_2013(self) -> Numbers:
        """Years since 1 January 2013."""
        offset = (self.first - date(2013, 1, 1)).days
        return (np.arange(self.number) + offset) / 365.25

    @property
    def past(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which days lie within the history."""
        index = np.arange(self.number)
        return (index >= self.index(self.start)) & (index <= self.index(self.until))

    def index(self, day: date) -> int:
        """The place of a day on the axis."""
        return (day - self.first).days

    def is_open(self, location: str, skill: str) -> Numbers:
        """1 on open days, 0 on closed ones."""
        return np.sign(self.minutes[f"{location}/{skill}"]).astype(float)


def build_days(place: Place, calendar: Calendar, until: date) -> Days:
    """Lay out the days of a place from its first day to well beyond `until`."""
    first = monday(place.start)
    weeks = (monday(until) - first).days // 7 + BEYOND
    number = 7 * BLOCK * math.ceil(weeks / BLOCK)
    dates = [first + timedelta(days=i) for i in range(number)]
    wanted = [(location.id, "counter") for location in place.locations]
    wanted.append((place.desk, "phone"))
    opens, minutes = {}, {}
    for location, skill in wanted:
        spans = [_local_minutes(calendar, location, skill, day) for day in dates]
        opens[f"{location}/{skill}"] = np.array([a for a, _ in spans], dtype=np.int64)
        minutes[f"{location}/{skill}"] = np.array(
            [b - a for a, b in spans], dtype=np.int64
        )
    return Days(first, number, until, place.start, opens, minutes)


def _local_minutes(
    calendar: Calendar, location: str, skill: str, day: date
) -> tuple[int, int]:
    opening = calendar.opening(location, skill, day)
    if opening is None:
        return 0, 0
    first, last = (moment.astimezone(calendar.tz) for moment in opening)
    return 60 * first.hour + first.minute, 60 * last.hour + last.minute


def shock_factor(
    shocks: tuple[Shock, ...], dates: list[date], service: str, channel: str
) -> Numbers:
    """The product of all shocks that touch a service and channel, per day."""
    factor = np.ones(len(dates))
    ordinals = np.array([day.toordinal() for day in dates])
    for shock in shocks:
        if shock.services and service not in shock.services:
            continue
        if shock.channels and channel not in shock.channels:
            continue
        inside = (ordinals >= shock.first.toordinal()) & (
            ordinals <= shock.last.toordinal()
        )
        factor[inside] *= shock.factor
    return factor


def election_factor(calendar: Calendar, dates: list[date], rise: float) -> Numbers:
    """Voting passes and replaced polling cards: a rise in the two weeks before."""
    factor = np.ones(len(dates))
    for i, day in enumerate(dates):
        if any(0 < (vote - day).days <= 14 for vote in calendar.elections):
            factor[i] = rise
    return factor


def season_factor(policy: ReferencePolicy, name: str, days: Days) -> Numbers:
    """A monthly season of mean 1, per day."""
    values = np.array(policy.season[name].values)
    factor: Numbers = (values / values.mean())[days.month]
    return factor


def weekday_factor(policy: ReferencePolicy, name: str, days: Days) -> Numbers:
    """A weekday pattern, per day."""
    return np.array(policy.weekday[name].values)[days.weekday]


def after_closure(days: Days, location: str, bump: float) -> Numbers:
    """Work that waited: the first open day after a closed weekday draws more."""
    is_open = days.is_open(location, "counter")
    closed_workday = (is_open == 0) & (days.weekday < 5)
    factor = np.ones(days.number)
    for i in np.flatnonzero(closed_workday):
        later = np.flatnonzero(is_open[i + 1 : i + 8])
        if later.size:
            factor[i + 1 + later[0]] = bump
    return factor


def usual_before(weekly: Numbers) -> Numbers:
    """The median of each week and the two years before it."""
    return np.array(
        [np.median(weekly[max(i - 104, 0) : i + 1]) for i in range(weekly.size)]
    )
