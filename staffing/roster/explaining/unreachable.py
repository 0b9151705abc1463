"""Which shortages nobody could have prevented, with the people and desks there are.

As `unavoidable` of a roster takes it: as if everybody who may do the work came, each in
any shift of theirs, at all their work at once; only desks still limit. What is short
even then no roster of this week would serve.
"""

from collections import Counter
from datetime import date, datetime

from staffing.roster.explaining.standing import Standing
from staffing.roster.explaining.stretches import Stretch, find_stretches
from staffing.roster.explaining.tables import Tables
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Roster
from staffing.roster.wanted import Demand

Key = tuple[str, str, datetime]
"""Location, skill and begin of a shortfall."""


def unpreventable(instance: Instance, roster: Roster) -> dict[Key, int]:
    """Person-quarters of each shortfall that no roster could have served; none left out.

    Keys are those of `roster.shortfalls`.
    """
    reach = Reach(Tables(Standing(instance, roster.assignments)))
    found = {
        (stretch.location, stretch.skill, stretch.start): reach.left_by_all(stretch)
        for stretch in find_stretches(reach.tables.standing)
    }
    return {key: quarters for key, quarters in found.items() if quarters}


class Reach:
    """How many people could be at some work at once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._quarters: dict[tuple[str, date, str], frozenset[int]] = {}

    def left_by_all(self, stretch: Stretch) -> int:
        """Person-quarters of a stretch that stay short with everybody there."""
        if stretch.worst.deferrable:
            done = sum(self.people(demand) for demand in stretch.demands)
            return max(sum(d.required for d in stretch.demands) - done, 0)
        return sum(max(d.required - self.people(d), 0) for d in stretch.demands)

    def people(self, demand: Demand) -> int:
        """Everybody who could serve a quarter-hour, no more than have a desk."""
        day, quarter = self.tables.instance.clock.quarter(demand.start)
        seats: Counter[str] = Counter()
        for person in self.tables.able(demand.location, demand.skill):
            for place in self.tables.serving(person, demand.location, demand.skill):
                seats[place] += quarter in self._at_work(person, day, place)
        return sum(
            min(number, self._desks(place, demand.skill, day))
            for place, number in seats.items()
        )

    def _at_work(self, person: Person, day: date, place: str) -> frozenset[int]:
        """Quarter-hours of any of the person's shifts, without protected time."""
        key = (person.code, day, place)
        if key not in self._quarters:
            apart = {
                quarter
                for span in person.set_apart
                if span.day == day
                for quarter in range(span.start // 15, -(-span.end // 15))
            }
            shifts = self.tables.options(person, day, place)
            worked = {quarter for shift in shifts for quarter in shift.quarters}
            self._quarters[key] = frozenset(worked - apart)
        return self._quarters[key]

    def _desks(self, place: str, skill: str, day: date) -> int:
        limits = [
            ceiling.people
            for ceiling in self.tables.instance.ceilings
            if (ceiling.location, ceiling.day) == (place, day)
            and skill in ceiling.skills
        ]
        return min(limits, default=len(self.tables.instance.people))
