"""Cures by those who are there: a break or a shift half an hour moved, an hour more."""

from collections.abc import Callable, Iterator
from functools import partial

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.candidates import (
    Candidate,
    one_day,
    rostered,
    short_quarters,
    with_fields,
)
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables
from staffing.roster.explaining.wording import Words, of_day
from staffing.roster.people import Person
from staffing.roster.shifts import Template

HALF = 30
"""Minutes by which a break or a shift moves."""

MOST_EXTRA = 1.0
"""Contract hours more for somebody."""


def moved_breaks(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """Somebody's break half an hour earlier or later, the shift as it is."""
    short = short_quarters(tables, stretch)
    for person, shift, shape in rostered(tables, stretch):
        for other in tables.options(person, stretch.day, shift.location):
            if (other.start, other.end) != (shape.start, shape.end):
                continue
            by = _moved(shape.break_start, other.break_start)
            if abs(by) == HALF and _reaches(shape, other, short):
                span = of_day(other.break_start or 0, other.break_end or 0)
                words = _moved_words(by, f"the break of {person.code}", span, "pauze")
                make = partial(_planned, tables, stretch, person, shift.location, other)
                yield _candidate(tables, stretch, person, other, words, make)


def moved_shifts(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """Somebody's shift half an hour earlier or later, as long as it is."""
    short = short_quarters(tables, stretch)
    for person, shift, shape in rostered(tables, stretch):
        for other in tables.options(person, stretch.day, shift.location):
            by = other.start - shape.start
            if abs(by) != HALF or other.end - shape.end != by:
                continue
            if other.hours == shape.hours and _reaches(shape, other, short):
                span = of_day(other.start, other.end)
                words = _moved_words(by, f"the shift of {person.code}", span, "dienst")
                make = partial(_planned, tables, stretch, person, shift.location, other)
                yield _candidate(tables, stretch, person, other, words, make)


def longer(tables: Tables, stretch: Stretch) -> Iterator[Candidate]:
    """A contract hour more (or a part of one) for somebody, used that day."""
    short, day = short_quarters(tables, stretch), stretch.day
    for person in tables.able(stretch.location, stretch.skill):
        if person.lock_on(day) is not None:
            continue
        shift = tables.standing.shift.get((person.code, day))
        shape = tables.shape(shift) if shift else None
        own = tables.standing.by_person[person.code]
        left = person.contract_hours - sum(s.worked_hours for s in own)
        left += shape.hours if shape else 0.0
        for place in tables.serving(person, stretch.location, stretch.skill):
            if shift is not None and shift.location != place:
                continue
            for other in tables.options(person, day, place):
                extra = round(other.hours - left, 2)
                if 0 < extra <= MOST_EXTRA and _reaches(shape, other, short):
                    yield _longer(tables, stretch, person, place, other, extra)


def _longer(
    tables: Tables,
    stretch: Stretch,
    person: Person,
    place: str,
    other: Template,
    extra: float,
) -> Candidate:
    more = with_fields(person, contract_hours=person.contract_hours + extra)
    span = of_day(other.start, other.end)
    hours = "hour" if extra == 1 else "hours"
    words = (
        f"{extra:g} contract {hours} more for {person.code}, at work {span}",
        f"{extra:g} contractuur meer voor {person.code}, dienst {span}".replace(
            ".", ","
        ),
    )
    make = partial(_planned, tables, stretch, person, place, other, more)
    found = _candidate(tables, stretch, person, other, words, make)
    return Candidate(found.text, found.text_nl, extra, found.worth, make)


def _moved(before: int | None, after: int | None) -> int:
    return 0 if before is None or after is None else after - before


def _reaches(before: Template | None, after: Template, short: frozenset[int]) -> bool:
    """Whether somebody would be at work in a short quarter-hour they now are not."""
    had = frozenset(before.quarters) if before else frozenset()
    return bool(short & (frozenset(after.quarters) - had))


def _moved_words(by: int, what: str, span: str, wat: str) -> Words:
    code = what.rpartition(" ")[2]
    return (
        f"{what} half an hour {'later' if by > 0 else 'earlier'} ({span})",
        f"de {wat} van {code} een half uur {'later' if by > 0 else 'eerder'} ({span})",
    )


def _candidate(
    tables: Tables,
    stretch: Stretch,
    person: Person,
    other: Template,
    words: Words,
    make: Callable[[], Alternative],
) -> Candidate:
    shift = tables.standing.shift.get((person.code, stretch.day))
    place = shift.location if shift else person.location
    planner = tables.planner(person, stretch.day, place)
    worth = planner.worth(other)
    if shift is not None:
        worth -= planner.worth(tables.shape(shift))
    return Candidate(*words, 0.0, worth, make)


def _planned(
    tables: Tables,
    stretch: Stretch,
    person: Person,
    place: str,
    template: Template,
    *people: Person,
) -> Alternative:
    shift = tables.planner(person, stretch.day, place).shift(template)
    return one_day(shift, *people)
