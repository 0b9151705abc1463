"""A roster otherwise: other days of some people, and people or desks as they would be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from staffing.roster.building.renewing import renewed
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.wanted import Ceiling

PersonDay = tuple[str, date]


@dataclass(frozen=True)
class Alternative:
    """What differs from a roster and its instance.

    `days` are shifts (None: free) of people by code and day. `people` replace those of
    the same code, or come besides. `ceilings` replace all ceilings.
    """

    days: Mapping[PersonDay, Assignment | None]
    people: tuple[Person, ...] = ()
    ceilings: tuple[Ceiling, ...] | None = None

    def instance(self, before: Instance) -> Instance:
        """The instance as it would be; the same object when nothing of it differs."""
        if not self.people and self.ceilings is None:
            return before
        others = {person.code: person for person in before.people}
        others |= {person.code: person for person in self.people}
        ceilings = before.ceilings if self.ceilings is None else self.ceilings
        return renewed(before, people=tuple(others.values()), ceilings=ceilings)

    def assignments(self, before: Iterable[Assignment]) -> tuple[Assignment, ...]:
        """The assignments as they would be, by person and day."""
        kept = [a for a in before if (a.person, a.day) not in self.days]
        kept += [shift for shift in self.days.values() if shift is not None]
        return tuple(sorted(kept, key=lambda a: (a.person, a.day, a.shift.start)))
