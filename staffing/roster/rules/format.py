"""What a roster must be before it can be judged: of this instance, people and shape."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.rules.own_shifts import breach
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation

MINUTE = timedelta(minutes=1)


def same_instance(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """The roster was made for this instance."""
    if roster.instance != instance.hash:
        yield Violation("", f"made for {roster.instance}, not {instance.hash}")
    if roster.week != instance.week:
        yield Violation("", f"begins on {roster.week}, not {instance.week}")


def known_person(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Only people of the instance work."""
    for shift in roster.assignments:
        if shift.person not in instance.person:
            yield breach(shift, "nobody in the instance has this code")


def well_formed(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """A shift has a length and stands on its own day of the horizon, on the grid.

    The grid is a quarter-hour where work is wanted per quarter-hour, else a minute.
    """
    for shift in roster.assignments:
        if problem := misshapen(instance, shift):
            yield breach(shift, problem)


def misshapen(instance: Instance, shift: Assignment) -> str | None:
    """Why a shift cannot be judged by the other rules, or None."""
    spans = (shift.shift, *shift.breaks)
    moments = [moment for span in spans for moment in (span.start, span.end)]
    if any(moment.tzinfo is None for moment in moments):
        return "a moment without a time zone"
    if shift.day not in instance.days:
        return "the day lies outside the horizon"
    first = instance.clock.moment(shift.day, 0)
    last = instance.clock.moment(shift.day, 1440)
    if not all(first <= moment <= last for moment in moments):
        return f"the shift or its break is not on its day: {_utc(moments[0])}"
    if shift.shift.end <= shift.shift.start:
        return "the shift ends before it begins"
    grid = 15 * MINUTE if instance.demands else MINUTE
    if any((moment - first) % grid for moment in moments):
        return f"the shift or its break is not in whole {grid // MINUTE} minutes"
    return None


def sound(instance: Instance, roster: Roster) -> Roster:
    """The roster without shifts of unknown people and without those misshapen."""
    kept = tuple(
        shift
        for shift in roster.assignments
        if shift.person in instance.person and misshapen(instance, shift) is None
    )
    if len(kept) == len(roster.assignments):
        return roster
    return roster.model_copy(update={"assignments": kept})


def _utc(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


FORMAT = (
    Rule(
        same_instance,
        "Made for these days",
        "Gemaakt voor deze dagen",
        "the roster's format: hash and first day of the instance",
    ),
    Rule(known_person, "Known person", "Bekende medewerker", "the people table"),
    Rule(
        well_formed,
        "Well-formed shift",
        "Kloppende dienst",
        "the roster's format: one day, whole quarter-hours",
    ),
)
