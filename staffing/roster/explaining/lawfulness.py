"""Which hard rules one person's days would break, asked of the verifier's own rules."""

from collections.abc import Iterable

from staffing.roster.bare import as_roster
from staffing.roster.building.renewing import renewed
from staffing.roster.explaining.alternatives import Alternative
from staffing.roster.explaining.seats import crowded
from staffing.roster.explaining.standing import Standing
from staffing.roster.instance import Instance
from staffing.roster.people import Person
from staffing.roster.result import Assignment
from staffing.roster.rules.activity import ACTIVITY
from staffing.roster.rules.rule import Rule
from staffing.roster.verifying import RULES, verify
from staffing.roster.violation import Violation

WHOLE = ("same_instance", "stated_objective", "stated_bound")
"""Rules about the roster's figures, not about what somebody does."""

OWN_RULES = tuple(rule for rule in RULES if rule.hard and rule.name not in WHOLE)

SHIFT_RULES = tuple(rule for rule in OWN_RULES if rule not in ACTIVITY)
"""Those that look at shifts, whatever is done in them."""


class Lawfulness:
    """Asks the rules about people of a roster one at a time; desks are asked apart."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._alone: dict[tuple[Person, frozenset[str]], Instance] = {}

    def breaches(self, instead: Alternative) -> list[Violation]:
        """Hard rules that the people who differ would break, and desks overfilled."""
        found: list[Violation] = []
        instance = self.standing.instance
        new = {person.code: person for person in instead.people}
        for code in sorted({code for code, _ in instead.days} | set(new)):
            person = new.get(code) or instance.person.get(code)
            shifts = self.standing.shifts_of(code, instead)
            if person is not None:
                found += self.of_person(person, shifts)
        for day, start in crowded(self.standing, instead):
            at = instance.clock.local(start)
            detail = f"more people than desks at {at:%H:%M}"
            found.append(Violation("enough_desks", detail, None, day))
        return found

    def of_person(
        self,
        person: Person,
        shifts: Iterable[Assignment],
        rules: tuple[Rule, ...] = OWN_RULES,
    ) -> list[Violation]:
        """Hard rules that a person's shifts break, whatever the others do."""
        own = tuple(shifts)
        places = {shift.location for shift in own} | set(person.locations)
        alone = self._instance_of(person, frozenset(places))
        return verify(alone, as_roster(alone, own), rules)

    def _instance_of(self, person: Person, places: frozenset[str]) -> Instance:
        if (person, places) not in self._alone:
            self._alone[person, places] = _cut_to(
                self.standing.instance, person, places
            )
        return self._alone[person, places]


def _cut_to(instance: Instance, person: Person, places: frozenset[str]) -> Instance:
    """The instance with one person, the demand of some places, and nothing shared."""
    served = {
        instance.served(place, skill) for place in places for skill in person.skills
    }
    return renewed(
        instance,
        people=(person,),
        demands=tuple(d for d in instance.demands if d.location in places | served),
        ceilings=(),
        presences=(),
        separations=(),
        known=None,
    )
