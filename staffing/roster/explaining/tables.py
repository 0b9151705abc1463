"""What is kept while a roster is explained: planners and verdicts, worked out once."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.lawfulness import SHIFT_RULES, Lawfulness
from staffing.roster.explaining.planning import Desk, Planner
from staffing.roster.explaining.standing import Standing
from staffing.roster.instance import Instance
from staffing.roster.options import options
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.shapes import shift_of, template_of
from staffing.roster.shifts import Template


@dataclass
class Tables:
    """A fixed roster with what was asked about it before."""

    standing: Standing
    _planners: dict[tuple[str, date, str], Planner] = field(default_factory=dict)
    _against: dict[tuple[str, date, str, int, int], frozenset[str]] = field(
        default_factory=dict
    )
    _options: dict[tuple[str, date, str], tuple[Template, ...]] = field(
        default_factory=dict
    )
    _shapes: dict[tuple[str, date], Template] = field(default_factory=dict)

    @property
    def instance(self) -> Instance:
        """The instance."""
        return self.standing.instance

    @cached_property
    def lawfulness(self) -> Lawfulness:
        """The hard rules."""
        return Lawfulness(self.standing)

    def able(self, location: str, skill: str) -> list[Person]:
        """Who may do a skill that is asked for at a location."""
        return [
            person
            for person in self.instance.people
            if skill in person.skills and self.serving(person, location, skill)
        ]

    def serving(self, person: Person, location: str, skill: str) -> list[str]:
        """Where a person could sit to serve the demand of a location."""
        served = self.instance.served
        return [at for at in person.locations if served(at, skill) == location]

    def planner(self, person: Person, day: date, location: str) -> Planner:
        """The planner of a person's day at a place."""
        key = (person.code, day, location)
        if key not in self._planners:
            desk = Desk(self.standing, person, location, day)
            self._planners[key] = Planner(desk)
        return self._planners[key]

    def options(self, person: Person, day: date, location: str) -> tuple[Template, ...]:
        """The shifts of a person on a day, each by itself."""
        key = (person.code, day, location)
        if key not in self._options:
            self._options[key] = options(self.instance, person, day, location)
        return self._options[key]

    def shape(self, shift: Assignment) -> Template:
        """The shape of a shift of the roster."""
        key = (shift.person, shift.day)
        if key not in self._shapes:
            self._shapes[key] = template_of(self.instance, shift)
        return self._shapes[key]

    def against(
        self, person: Person, day: date, location: str, template: Template
    ) -> frozenset[str]:
        """Hard rules that the shift would break beside the person's other days."""
        key = (person.code, day, location, template.start, template.end)
        if key not in self._against:
            bare = unplanned(self.instance, person, day, location, template)
            instead = Alternative({(person.code, day): bare})
            shifts = self.standing.shifts_of(person.code, instead)
            found = self.lawfulness.of_person(person, shifts, SHIFT_RULES)
            self._against[key] = frozenset(v.rule for v in found)
        return self._against[key]


def unplanned(
    instance: Instance, person: Person, day: date, location: str, template: Template
) -> Assignment:
    """A shift without activities."""
    length = 0 if instance.covers else (template.end - template.start) // 15
    doing = (None,) * length
    return shift_of(instance, person.code, day, location, template, doing)


def quarter_of(instance: Instance, start: datetime) -> int:
    """The number of a quarter-hour on its local day."""
    return instance.clock.quarter(start)[1]
