"""A person's shifts as an iCalendar file (RFC 5545) that any calendar can take in.

Each day of a person has one UID for good, so that an update replaces what was there.
SEQUENCE is the version and DTSTAMP when it came into its state, both from the store. A
day of an earlier published version that is no more is told as cancelled: a calendar that
only adds and replaces would keep it for ever.
"""

import hashlib
from datetime import date, datetime

from icalendar import Calendar, Event

from forecasting.workspace import Workspace
from staffing.publish.duties import Duty
from staffing.publish.marks import skill_name
from staffing.publish.sheets import WeekSheet, duties_of
from staffing.publish.time_zone import time_zone
from staffing.publish.versions import Version, is_there, read_version, versions

PRODUCT = "-//Piekwijzer//Rooster//NL"

Told = dict[tuple[str, date], tuple[Duty, ...]]
"""Shifts by person and day."""


def days_told_before(workspace: Workspace, version: Version) -> Told:
    """The days that earlier published versions of the week told, as told last.

    Empty for a version that is not published: a draft cancels nothing. Forgotten
    versions are passed over.
    """
    if not version.is_published:
        return {}
    told: Told = {}
    for earlier in versions(workspace, version.week):
        public = earlier.state == "superseded" and earlier.number < version.number
        if public and is_there(workspace, earlier):
            instance, roster = read_version(workspace, earlier)
            told |= by_day(duties_of(instance, roster.assignments, {}))
    return told


def by_day(duties: tuple[Duty, ...]) -> Told:
    """Shifts by person and day, in order of time."""
    found: Told = {}
    for duty in duties:
        key = (duty.person, duty.day)
        found[key] = (*found.get(key, ()), duty)
    return found


def calendar_of(week: WeekSheet, person: str, told: Told) -> bytes:
    """The shifts of a person in a week, and what was cancelled of what was `told`."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    label = week.people.get(person, person)
    calendar.add("x-wr-calname", f"Rooster {label}")
    calendar.add_component(time_zone(week.zone, week.week.year))
    now = {
        day: duties
        for (code, day), duties in by_day(week.duties).items()
        if code == person
    }
    was = {day: duties for (code, day), duties in told.items() if code == person}
    for day in sorted(now.keys() | was.keys()):
        standing = now.get(day, ())
        for place, duty in enumerate(standing):
            calendar.add_component(_event(week, duty, place))
        for place, duty in enumerate(was.get(day, ())[len(standing) :], len(standing)):
            calendar.add_component(_event(week, duty, place, cancelled=True))
    return bytes(calendar.to_ical())


def _event(
    week: WeekSheet, duty: Duty, place: int, *, cancelled: bool = False
) -> Event:
    event = Event()
    event.add("uid", uid(duty.person, duty.day, place))
    event.add("sequence", week.version.number)
    event.add("dtstamp", _whole(week.version.last.at))
    event.add("dtstart", duty.begin)
    event.add("dtend", duty.finish)
    event.add("summary", _summary(week, duty, cancelled=cancelled))
    event.add("location", duty.location)
    event.add("description", _description(week, duty, cancelled=cancelled))
    settled = "CONFIRMED" if week.version.is_published else "TENTATIVE"
    event.add("status", "CANCELLED" if cancelled else settled)
    event.add("categories", ["Rooster"])
    return event


def uid(person: str, day: date, place: int = 0) -> str:
    """What a calendar knows a day of a person by, whatever version tells of it."""
    code = hashlib.sha256(person.encode()).hexdigest()[:20]
    more = f"-{place + 1}" if place else ""
    return f"{day:%Y%m%d}-{code}{more}@rooster.piekwijzer"


def _whole(moment: datetime) -> datetime:
    """A moment in whole seconds, which is all that iCalendar knows."""
    return moment.replace(microsecond=0)


def _summary(week: WeekSheet, duty: Duty, *, cancelled: bool) -> str:
    work = skill_name(duty.main_activity) or duty.location
    mark = "VERVALLEN" if cancelled else week.warning
    return f"{mark}: {work}" if mark else work


def _description(week: WeekSheet, duty: Duty, *, cancelled: bool) -> str:
    lines = [f"{block.times} {skill_name(block.what)}" for block in duty.blocks]
    if cancelled:
        lines = ["Deze dienst vervalt."]
    return "\n".join([*lines, f"Rooster {week.name}, {week.stamp}."])
