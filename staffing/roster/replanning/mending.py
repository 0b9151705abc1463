"""The days of the events made as good as single replies get: a start for the search."""

from collections.abc import Iterator

from staffing.roster.explaining.alternatives import Alternative, PersonDay
from staffing.roster.explaining.differing import saving
from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.tables import Tables
from staffing.roster.gap import CLOSE
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template

ROUNDS = 5
"""Rounds over all people; each ends without gain long before, as a rule."""

TRIED = 4
"""Shifts of a day worked out in full, those worth most at first sight."""


def mend(
    instance: Instance, assignments: tuple[Assignment, ...]
) -> tuple[Assignment, ...]:
    """The shifts, each person's reply to the others improved on the affected days.

    A reply is another shift, a day off, or other activities; it is taken when it is
    lawful and lowers the objective, changes of what people know included.
    """
    tables = Tables(Standing(instance, assignments))
    for _ in range(ROUNDS):
        before = tables
        for key in _days(instance):
            better = _reply(tables, key)
            if better is not None:
                shifts = better.assignments(tables.standing.assignments)
                tables = Tables(Standing(instance, shifts))
        if tables is before:
            break
    return tables.standing.assignments


def _days(instance: Instance) -> Iterator[PersonDay]:
    affected = instance.known.affected if instance.known else ()
    for day in affected:
        yield from ((p.code, day) for p in instance.people if day in p.days)


def _reply(tables: Tables, key: PersonDay) -> Alternative | None:
    """The best lawful reply that lowers the objective, if there is one."""
    person = tables.instance.person[key[0]]
    weighed = [
        (saving(tables.standing, instead), number, instead)
        for number, instead in enumerate(_replies(tables, person, key))
    ]
    for saves, _, instead in sorted(weighed, key=lambda one: (-one[0], one[1])):
        if saves <= CLOSE:
            return None
        if not tables.lawfulness.breaches(instead):
            return instead
    return None


def _replies(tables: Tables, person: Person, key: PersonDay) -> Iterator[Alternative]:
    lock = person.lock_on(key[1])
    if lock is None:
        yield Alternative({key: None})
    ranked: list[tuple[float, str, Template]] = []
    for place in person.locations:
        planner = tables.planner(person, key[1], place)
        prices = tables.instance.policy
        for template in tables.options(person, key[1], place):
            worth = planner.worth(template) + prices.price_hour * template.hours
            ranked.append((-worth, place, template))
    ranked.sort(key=lambda one: (one[0], one[1], one[2].start, one[2].break_start or 0))
    now = tables.standing.shift.get(key)
    if now is not None:
        ranked.insert(0, (0.0, now.location, tables.shape(now)))
    for _, place, template in ranked[: TRIED + 1]:
        shift = tables.planner(person, key[1], place).shift(template)
        yield Alternative({key: shift})
