"""Hard rules on the activity plan; where nothing is wanted per quarter-hour, none."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from forecasting.calendar import SLOT
from staffing.roster.headcounts import seated
from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import breach
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation


def authorised(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Everyone does only what they are authorised for."""
    for shift in roster.assignments:
        skills = instance.person[shift.person].skills
        for skill in sorted({s for s in shift.activities if s} - set(skills)):
            yield breach(shift, f"not authorised for {skill}")


def activities_in_shift(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Activities fill the shift and stop in the break; shifts by name have none."""
    for shift in roster.assignments:
        slots = shift.shift.length // SLOT if instance.demands else 0
        if len(shift.activities) != slots:
            detail = f"{len(shift.activities)} quarter-hours of activity, not {slots}"
            yield breach(shift, detail)
            continue
        for start, skill in shift.moments():
            if any(p.start < start + SLOT and start < p.end for p in shift.breaks):
                yield breach(shift, f"{skill} during the break")
                break


def activity_open(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """An activity stands only in a quarter-hour in which its work is open."""
    for shift in roster.assignments:
        for start, skill in shift.moments():
            day, quarter = instance.clock.quarter(start)
            place = instance.served(shift.location, skill)
            if quarter not in instance.slots.get((place, skill, day), {}):
                yield breach(shift, f"{skill} is closed at {start:%H:%M} UTC")
                break


def protected_time(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At work in time that is set apart, somebody has no activity."""
    for shift in roster.assignments:
        for apart in instance.person[shift.person].set_apart:
            if apart.day != shift.day:
                continue
            first = instance.clock.moment(apart.day, apart.start)
            last = instance.clock.moment(apart.day, apart.end)
            if any(s < last and first < s + SLOT for s, _ in shift.moments()):
                clock = f"{apart.start // 60:02d}:{apart.start % 60:02d}"
                yield breach(shift, f"an activity in time set apart from {clock}")


def enough_desks(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No more people at once than there are desks, or phones."""
    people = seated(roster.assignments) if instance.ceilings else Counter()
    for ceiling in instance.ceilings:
        taken: Counter[datetime] = Counter()
        for (location, skill, start), number in people.items():
            if location == ceiling.location and skill in ceiling.skills:
                taken[start] += number
        for start, number in sorted(taken.items()):
            local = instance.clock.local(start)
            if local.date() == ceiling.day and number > ceiling.people:
                detail = (
                    f"{ceiling.location} {local:%H:%M}: {number} people at "
                    f"{ceiling.people} desks"
                )
                yield Violation("", detail, None, ceiling.day)


ACTIVITY = (
    Rule(authorised, "Authorised", "Bevoegd", "the people table: skills"),
    Rule(
        activities_in_shift,
        "Activity in shift",
        "Activiteit in dienst",
        "the roster's format: one activity per quarter-hour, none in a break",
    ),
    Rule(
        activity_open,
        "Open activity",
        "Open activiteit",
        "the calendar: opening hours per skill",
    ),
    Rule(
        protected_time,
        "Protected time",
        "Beschermde tijd",
        "the people table: time set apart from demand",
    ),
    Rule(
        enough_desks,
        "Enough desks",
        "Genoeg werkplekken",
        "the table of limits: desks and phones",
    ),
)
