"""Hard rules on where somebody works, and on how often on one day."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import breach, by_day, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation


def one_shift_a_day(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody has two shifts on one day at one location."""
    for person, shifts in staffed(instance, roster):
        for day, own in by_day(shifts).items():
            places = [shift.location for shift in own]
            for place in sorted({p for p in places if places.count(p) > 1}):
                detail = f"{places.count(place)} shifts at {place}"
                yield Violation("", detail, person.code, day)


def never_in_two_places(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody is in two shifts at one time."""
    for person, shifts in staffed(instance, roster):
        for early, late in pairwise(shifts):
            if late.shift.start < early.shift.end:
                yield Violation("", "two shifts at one time", person.code, late.day)


def allowed_location(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Everyone works at the home location, or where they may be sent."""
    for shift in roster.assignments:
        person = instance.person[shift.person]
        if shift.location not in person.locations:
            allowed = ", ".join(person.locations)
            yield breach(shift, f"works at {shift.location}, may at {allowed}")


def travel_time(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Between shifts of one day at two locations lies the travel between them.

    Where no travel is told between two locations, nobody works at both on one day.
    """
    minutes = {frozenset(t.between): t.minutes for t in instance.travels}
    for person, shifts in staffed(instance, roster):
        for early, late in pairwise(shifts):
            places = frozenset((early.location, late.location))
            left = late.shift.start - early.shift.end
            if early.day != late.day or len(places) < 2 or left < timedelta():
                continue
            needed = minutes.get(places)
            if needed is None or left < timedelta(minutes=needed):
                told = "no travel is told" if needed is None else f"{needed} needed"
                detail = f"{left // timedelta(minutes=1)} minutes to travel, {told}"
                yield Violation("", detail, person.code, late.day)


PLACE = (
    Rule(
        one_shift_a_day,
        "One shift a day",
        "Eén dienst per dag",
        "this product: a second shift of a day only at another location",
    ),
    Rule(
        never_in_two_places,
        "One place at a time",
        "Eén plek tegelijk",
        "nature",
    ),
    Rule(
        allowed_location,
        "Allowed location",
        "Toegestane locatie",
        "the people table: home location and elsewhere",
    ),
    Rule(
        travel_time,
        "Travel between locations",
        "Reistijd tussen locaties",
        "the table of travel between locations",
    ),
)
