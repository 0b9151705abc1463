"""Hard rules on one day's work by itself: its hours, its length, its breaks."""

from collections.abc import Iterator
from datetime import timedelta

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import HOUR, breach, duties, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.shapes import template_of
from staffing.roster.violation import Violation

SHORTEST_BREAK = timedelta(minutes=15)
"""Of a break, or of a part of one (Arbeidstijdenwet 5:4)."""


def within_opening(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift stays within the opening of what the person can do, and its margin."""
    margin = instance.policy.opening_margin_minutes
    for shift in () if instance.covers else roster.assignments:
        skills = instance.person[shift.person].skills
        opening = instance.opening(shift.location, skills, shift.day)
        if opening is None:
            yield breach(shift, "nothing this person does is open that day")
            continue
        first = instance.clock.moment(shift.day, max(opening[0] - margin, 0))
        last = instance.clock.moment(shift.day, min(opening[1] + margin, 1440))
        if shift.shift.start < first or shift.shift.end > last:
            yield breach(shift, "the shift runs outside opening hours")


def known_shift(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Where shifts have names, a shift is one of the instance, with its own times."""
    for shift in roster.assignments if instance.covers else ():
        if template_of(instance, shift) not in instance.templates:
            yield breach(shift, f"no shift '{shift.name}' has these times")


def within_day_window(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift stays within the day window."""
    rules, clock = instance.rules, instance.clock
    for shift in roster.assignments:
        first = clock.moment(shift.day, 60 * rules.day_window_from_hour)
        last = clock.moment(shift.day, 60 * rules.day_window_to_hour)
        if shift.shift.start < first or shift.shift.end > last:
            yield breach(shift, "the shift runs outside the day window")


def longest_shift(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A day's work, from its first begin to its last end, is at most 12 hours.

    Stricter than the law, which does not count breaks.
    """
    most = instance.rules.max_shift_hours
    for person, shifts in staffed(instance, roster):
        days = {shift.day for shift in shifts}
        for duty in duties(instance, person, shifts):
            hours = (duty.end - duty.start) / HOUR
            if duty.day in days and hours > most:
                yield Violation(
                    "", f"a shift of {hours:g} hours", person.code, duty.day
                )


def enough_break(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Over 5.5 h there are 30 minutes of break, over 10 h 45, all breaks together.

    The whole shift counts, breaks included; a part under 15 minutes is no break.
    """
    for shift in roster.assignments:
        hours = shift.shift.length / HOUR
        due = (r.minutes for r in instance.rules.breaks if hours > r.over_hours)
        needed = max(due, default=0)
        parts = [p.length for p in shift.breaks if p.length >= SHORTEST_BREAK]
        rested = sum(parts, timedelta()) // timedelta(minutes=1)
        if rested < needed:
            yield breach(shift, f"{rested} minutes of break, {needed} needed")


def break_inside(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Each break is of 15 minutes or more, not at the start or end, nor in another."""
    for shift in roster.assignments:
        edge = shift.shift.start
        for pause in sorted(shift.breaks, key=lambda pause: (pause.start, pause.end)):
            if pause.length < SHORTEST_BREAK:
                yield breach(shift, "a break of under 15 minutes")
            elif pause.start <= edge or pause.end >= shift.shift.end:
                yield breach(shift, "a break is not inside the shift")
            edge = max(edge, pause.end)


SHIFT = (
    Rule(
        within_opening,
        "Opening hours",
        "Openingstijden",
        "the calendar; opening_margin_minutes of roster.toml",
    ),
    Rule(known_shift, "Known shift", "Bekende dienst", "the instance: named shifts"),
    Rule(
        within_day_window,
        "Day window",
        "Dagvenster",
        "CAO Gemeenten: dagvenster; day_window_* of labour.toml",
    ),
    Rule(
        longest_shift,
        "Longest shift",
        "Langste dienst",
        "Arbeidstijdenwet 5:7; max_shift_hours of labour.toml",
    ),
    Rule(
        enough_break,
        "Enough break",
        "Genoeg pauze",
        "Arbeidstijdenwet 5:4; breaks of labour.toml",
    ),
    Rule(
        break_inside,
        "Break inside shift",
        "Pauze binnen dienst",
        "Arbeidstijdenwet 5:4",
    ),
)
