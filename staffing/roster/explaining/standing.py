"""A fixed roster, counted once: what other days of people are compared with."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.minima import minima_of
from staffing.roster.headcounts import Headcount, headcount, seated
from staffing.roster.instance import Instance
from staffing.roster.result import Assignment
from staffing.roster.wanted import Demand

Place = tuple[str, str, datetime]
"""Location of the demand, skill and quarter-hour."""


class Standing:
    """A roster with its people counted; nothing in it changes.

    `shift` is what each person has on a day: where that is two, at two locations, the
    first.
    """

    def __init__(self, instance: Instance, assignments: Iterable[Assignment]) -> None:
        self.instance = instance
        self.assignments = tuple(assignments)
        self.shift = {(a.person, a.day): a for a in reversed(self.assignments)}
        self._known_minima: dict[tuple[str, date], Instance | None] = {}

    @cached_property
    def heads(self) -> Headcount:
        """People per location of the demand, skill and quarter-hour."""
        return headcount(self.instance, self.assignments)

    @cached_property
    def seats(self) -> Headcount:
        """People per location where they sit, skill and quarter-hour."""
        return seated(self.assignments)

    @cached_property
    def demand(self) -> dict[Place, Demand]:
        """What is asked for, by place."""
        return {(d.location, d.skill, d.start): d for d in self.instance.demands}

    @cached_property
    def waiting(self) -> Counter[tuple[str, str, date]]:
        """Person-quarters left of work that can wait (below 0: to spare)."""
        left: Counter[tuple[str, str, date]] = Counter()
        for (location, skill, day), slots in self.instance.slots.items():
            for demand in slots.values():
                if demand.deferrable:
                    done = self.heads[location, skill, demand.start]
                    left[location, skill, day] += demand.required - done
        return left

    @cached_property
    def by_day(self) -> dict[date, list[Assignment]]:
        """The shifts of each day."""
        found: dict[date, list[Assignment]] = defaultdict(list)
        for shift in self.assignments:
            found[shift.day].append(shift)
        return found

    @cached_property
    def by_person(self) -> dict[str, list[Assignment]]:
        """The shifts of each person."""
        found: dict[str, list[Assignment]] = defaultdict(list)
        for shift in self.assignments:
            found[shift.person].append(shift)
        return found

    def had(self, instead: Alternative) -> list[Assignment]:
        """The shifts that an alternative takes the place of."""
        return [s for key in instead.days for s in self.on(*key)]

    def on(self, code: str, day: date) -> list[Assignment]:
        """The shifts of a person on a day."""
        return [shift for shift in self.by_person[code] if shift.day == day]

    def shifts_of(self, code: str, instead: Alternative) -> list[Assignment]:
        """A person's shifts as they would be."""
        kept = [s for s in self.by_person[code] if (code, s.day) not in instead.days]
        own = [s for (who, _), s in instead.days.items() if who == code and s]
        return sorted(kept + own, key=lambda shift: shift.shift.start)

    def minima(self, location: str, day: date) -> Instance | None:
        """An instance of the minima of one place and day alone, if there are any."""
        if (location, day) not in self._known_minima:
            self._known_minima[location, day] = minima_of(self.instance, location, day)
        return self._known_minima[location, day]


def doing(shift: Assignment, start: datetime) -> str | None:
    """The activity of a shift in a quarter-hour; None in a break or outside."""
    place = int((start - shift.shift.start).total_seconds() // 900)
    return shift.activities[place] if 0 <= place < len(shift.activities) else None
