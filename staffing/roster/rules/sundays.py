"""Hard rules on Sundays."""

from collections.abc import Iterator
from datetime import timedelta

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import breach, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation

SUNDAY = 6
YEAR = 52
"""Weeks over which free Sundays are counted."""


def sunday_off(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Nobody works on a Sunday, unless that was agreed and is necessary."""
    for shift in () if instance.rules.sunday_work else roster.assignments:
        if shift.day.weekday() == SUNDAY:
            yield breach(shift, "works on a Sunday, which was not agreed")


def free_sundays(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Of 52 Sundays at least 13 are free.

    Those worked in the 52 weeks before count in full for the first 52 weeks of the
    horizon: which of them they were is not known.
    """
    most = YEAR - instance.rules.free_sundays
    year = timedelta(weeks=YEAR)
    for person, shifts in staffed(instance, roster):
        worked = sorted({s.day for s in shifts if s.day.weekday() == SUNDAY})
        for sunday in worked:
            number = sum(sunday - year < day <= sunday for day in worked)
            if sunday < instance.week + year:
                number += person.past.sundays
            if number > most:
                detail = f"{number} Sundays worked in 52 weeks, at most {most}"
                yield Violation("", detail, person.code, sunday)
                break


SUNDAYS = (
    Rule(
        sunday_off,
        "Sunday off",
        "Zondag vrij",
        "Arbeidstijdenwet 5:6; sunday_work of labour.toml",
    ),
    Rule(
        free_sundays,
        "Free Sundays",
        "Vrije zondagen",
        "Arbeidstijdenwet 5:6; free_sundays of labour.toml",
    ),
)
