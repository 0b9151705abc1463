"""Weeks with everything in them, and rosters drawn at random: no solver is asked."""

import random
from datetime import date, timedelta
from functools import cache

from staffing.roster.bare import as_roster
from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.lawfulness import Lawfulness
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.standing import Standing
from staffing.roster.instance import Instance, Known, Settled
from staffing.roster.options import options
from staffing.roster.people import Away, Burden, Past, Person, Wish
from staffing.roster.result import Assignment, Roster
from staffing.roster.shapes import template_of
from staffing.roster.valuing import value
from staffing.roster.wanted import Ceiling, Presence, Separation
from tests.staffing.roster_weeks import WEEK, village_week

TUESDAY = WEEK + timedelta(days=1)


def dressed(person: Person, number: int) -> Person:
    """The person with wishes, a past, an absence and protected time."""
    told = {name: getattr(person, name) for name in Person.model_fields}
    first = person.days[0]
    return Person.model_validate(
        told
        | {
            "wishes": (Wish(day=first, wants=number % 2 == 0, weight=10.0),),
            "past": Past(burden=Burden(late=number, evening=number % 3)),
            "away": (Away(day=first, start=600, end=660),) if number == 1 else (),
            "set_apart": (Away(day=first, start=900, end=960),) if number == 2 else (),
            "authorisations": ("issue",) if number % 2 else ("apply",),
        }
    )


@cache
def full_week() -> Instance:
    """The village with desks, presence, separation, wishes, a past and a known roster."""
    plain = village_week()
    people = tuple(dressed(person, i) for i, person in enumerate(plain.people))
    place = "gemeentehuis"
    week = renewed(
        plain,
        people=people,
        ceilings=tuple(
            Ceiling(location=place, skills=("counter", "phone"), day=day, people=3)
            for day in plain.days[:5]
        ),
        presences=(
            Presence(
                name="minimum",
                location=place,
                day=TUESDAY,
                start=540,
                end=1020,
                least=3,
            ),
        ),
        separations=(
            Separation(location=place, skill="counter", first="apply", second="issue"),
        ),
    )
    known = tuple(
        Settled(
            person=shift.person,
            day=shift.day,
            location=shift.location,
            shift=template_of(week, shift),
        )
        for shift in drawn(week, 99)
    )
    return renewed(week, known=Known(shifts=known, affected=(TUESDAY,)))


def chance(seed: int) -> random.Random:
    """What is drawn by a seed."""
    return random.Random(seed)  # noqa: S311 - rosters to try, no secret


@cache
def full_roster(seed: int) -> tuple[Assignment, ...]:
    """A drawn roster of the full week."""
    return drawn(full_week(), seed)


def drawn(
    instance: Instance, seed: int, *, share: float = 0.7
) -> tuple[Assignment, ...]:
    """A lawful roster: shifts drawn one by one, each planned on those before it."""
    draw = chance(seed)
    found: list[Assignment] = []
    slots = [(person, day) for person in instance.people for day in person.days]
    draw.shuffle(slots)
    for person, day in slots:
        if draw.random() > share:
            continue
        shift = drawn_shift(instance, tuple(found), person, day, draw)
        if shift is not None and _is_lawful(instance, person, [*found, shift]):
            found.append(shift)
    return tuple(sorted(found, key=lambda shift: (shift.person, shift.day)))


def _is_lawful(instance: Instance, person: Person, shifts: list[Assignment]) -> bool:
    own = [shift for shift in shifts if shift.person == person.code]
    asked = Lawfulness(Standing(instance, ()))
    return not asked.of_person(person, sorted(own, key=lambda s: s.shift.start))


def drawn_shift(
    instance: Instance,
    others: tuple[Assignment, ...],
    person: Person,
    day: date,
    draw: random.Random,
) -> Assignment | None:
    """A shift by chance with the best activities beside the others; None if none fits."""
    fitting = options(instance, person, day, person.location)
    if not fitting:
        return None
    rest = tuple(s for s in others if (s.person, s.day) != (person.code, day))
    desk = Desk(Standing(instance, rest), person, person.location, day)
    return Planner(desk).shift(draw.choice(fitting))


def stated(instance: Instance, assignments: tuple[Assignment, ...]) -> Roster:
    """The assignments as a roster that states its objective and no bound."""
    objective = value(instance, assignments)
    plain = as_roster(instance, assignments)
    return plain.model_copy(
        update={
            "instance": instance.hash,
            "objective": objective,
            "bound": objective.total,
            "unavoidable": 0.0,
            "gap": 0.0,
        }
    )
