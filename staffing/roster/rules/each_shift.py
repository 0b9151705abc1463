"""Hard rules on a single shift; each yields what it finds wrong."""

from collections.abc import Iterator
from datetime import timedelta

from forecasting.calendar import SLOT
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.violation import Violation

HOUR = timedelta(hours=1)


def known_person(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Only people of the instance work. Source: the instance."""
    for shift in roster.assignments:
        if shift.person not in instance.person:
            yield _breach(shift, "nobody in the instance has this code")


def well_formed(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift has a length, stands on quarter-hours, on its own day of the week."""
    for shift in roster.assignments:
        local = instance.clock.local(shift.shift.start)
        if shift.shift.end <= shift.shift.start:
            yield _breach(shift, "the shift ends before it begins")
        if local.date() != shift.day or shift.day not in instance.days:
            yield _breach(shift, f"the shift starts on {local.date()}")
        if local.minute % 15 or shift.shift.length % SLOT:
            yield _breach(shift, "the shift is not in whole quarter-hours")


def available_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works on a free day or while absent. Source: the people table."""
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        if person and shift.day not in person.days:
            yield _breach(shift, "not available that day")


def present(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works while absent for a part of the day. Source: the availability table."""
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        for away in person.away if person else ():
            first = instance.clock.moment(away.day, away.start)
            last = instance.clock.moment(away.day, away.end)
            if shift.shift.start < last and first < shift.shift.end:
                yield _breach(shift, f"absent from {_clock(away.start)}")


def hours_of_the_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works longer than the pattern tells for the day. Source: the people table."""
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        if person is None or shift.day not in person.days:
            continue
        most = person.most_on(shift.day)
        if shift.worked_hours > most + 1e-6:
            yield _breach(
                shift, f"{shift.worked_hours:g} hours, {most:g} in the pattern"
            )


def authorised(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Everyone does only what they are authorised for. Source: the people table."""
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        skills = person.skills if person else ()
        for skill in sorted({s for s in shift.activities if s} - set(skills)):
            yield _breach(shift, f"not authorised for {skill}")


def home_location(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Everyone works at the home location. Source: the people table."""
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        if person and shift.location != person.location:
            yield _breach(shift, f"works at {shift.location}, not {person.location}")


def within_opening(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift stays within opening hours and the margin around them.

    Source: the calendar; `opening_margin_minutes` of roster.toml.
    """
    margin = instance.policy.opening_margin_minutes
    for shift in roster.assignments:
        person = instance.person.get(shift.person)
        skills = person.skills if person else ()
        opening = instance.opening(shift.location, skills, shift.day)
        if opening is None:
            yield _breach(shift, "nothing this person does is open that day")
            continue
        first = instance.clock.moment(shift.day, max(opening[0] - margin, 0))
        last = instance.clock.moment(shift.day, opening[1] + margin)
        if shift.shift.start < first or shift.shift.end > last:
            yield _breach(shift, "the shift runs outside opening hours")


def within_day_window(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift stays within the day window. Source: CAO Gemeenten."""
    rules, clock = instance.rules, instance.clock
    for shift in roster.assignments:
        first = clock.moment(shift.day, 60 * rules.day_window_from_hour)
        last = clock.moment(shift.day, 60 * rules.day_window_to_hour)
        if shift.shift.start < first or shift.shift.end > last:
            yield _breach(shift, "the shift runs outside the day window")


def longest_shift(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift is at most 12 hours. Source: Arbeidstijdenwet."""
    for shift in roster.assignments:
        hours = shift.shift.length / HOUR
        if hours > instance.rules.max_shift_hours:
            yield _breach(shift, f"a shift of {hours:g} hours")


def enough_break(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Over 5.5 h 30 minutes of break, over 10 h 45. Source: Arbeidstijdenwet."""
    for shift in roster.assignments:
        hours = shift.shift.length / HOUR
        due = (r.minutes for r in instance.rules.breaks if hours > r.over_hours)
        needed = max(due, default=0)
        rested = sum(pause.length / HOUR * 60 for pause in shift.breaks)
        if rested < needed:
            yield _breach(shift, f"{rested:g} minutes of break, {needed} needed")


def break_inside(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A break of at least 15 minutes lies inside the shift, not at its start or end.

    Source: Arbeidstijdenwet. Breaks of one shift do not overlap.
    """
    for shift in roster.assignments:
        edge = shift.shift.start
        for pause in sorted(shift.breaks, key=lambda pause: pause.start):
            short = pause.length < timedelta(minutes=15)
            if short or pause.start <= edge or pause.end >= shift.shift.end:
                yield _breach(shift, "a break is not inside the shift")
            edge = pause.end


def activities_in_shift(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Activities fill the shift and stop in the break. Source: the roster's format."""
    for shift in roster.assignments:
        if len(shift.activities) != shift.shift.length // SLOT:
            yield _breach(shift, "activities do not span the shift")
            continue
        for start, skill in shift.moments():
            if any(p.start < start + SLOT and start < p.end for p in shift.breaks):
                yield _breach(shift, f"{skill} during the break")
                break


def activity_open(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """An activity stands only in a quarter-hour that is open. Source: the calendar."""
    for shift in roster.assignments:
        for start, skill in shift.moments():
            day, quarter = instance.clock.quarter(start)
            if quarter not in instance.slots.get((shift.location, skill, day), {}):
                yield _breach(shift, f"{skill} is closed at {start:%H:%M} UTC")
                break


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _breach(shift: Assignment, detail: str) -> Violation:
    return Violation("", detail, shift.person, shift.day)
