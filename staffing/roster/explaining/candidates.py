"""An alternative before it is weighed: its words, extra paid hours, and how to make it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.stretches import Stretch
from staffing.roster.explaining.tables import Tables, quarter_of
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.shifts import Template


@dataclass(frozen=True)
class Candidate:
    """An alternative that may cure a stretch.

    `hours` are paid beyond the contracts of today; `worth` is a first sight of what it
    saves, by which the few are chosen that are worked out.
    """

    text: str
    text_nl: str
    hours: float
    worth: float
    make: Callable[[], Alternative]

    def instead(self) -> Alternative:
        """The alternative, worked out once."""
        return self._made

    @cached_property
    def _made(self) -> Alternative:
        return self.make()


def short_quarters(tables: Tables, stretch: Stretch) -> frozenset[int]:
    """The quarter-hours of the day in which somebody more would lift the stretch."""
    return frozenset(quarter_of(tables.instance, d.start) for d in stretch.demands)


def rostered(
    tables: Tables, stretch: Stretch
) -> Iterator[tuple[Person, Assignment, Template]]:
    """Authorised people at work that day where they serve it, not locked."""
    for person in tables.able(stretch.location, stretch.skill):
        shift = tables.standing.shift.get((person.code, stretch.day))
        if shift is None or person.lock_on(stretch.day) is not None:
            continue
        if tables.instance.served(shift.location, stretch.skill) == stretch.location:
            yield person, shift, tables.shape(shift)


def one_day(shift: Assignment, *people: Person) -> Alternative:
    """One shift instead of what its person has that day."""
    return Alternative({(shift.person, shift.day): shift}, people)


def with_fields(person: Person, **fields: object) -> Person:
    """The person with other fields, and nothing remembered of the old ones."""
    told = {name: getattr(person, name) for name in Person.model_fields}
    return Person.model_validate(told | fields)
