"""Checks a roster against every rule from its assignments alone; knows no solver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules import each_shift, each_week, preferred
from staffing.roster.violation import Violation


@dataclass(frozen=True)
class Rule:
    """A named check with its labels; the source stands in the check's docstring."""

    check: Callable[[Instance, Roster], Iterator[Violation]]
    label_en: str
    label_nl: str
    hard: bool = True

    @property
    def name(self) -> str:
        """The name of the check."""
        return self.check.__name__

    def violations(self, instance: Instance, roster: Roster) -> Iterator[Violation]:
        """What the check finds, labelled."""
        for found in self.check(instance, roster):
            yield replace(
                found,
                rule=self.name,
                hard=self.hard,
                label_en=self.label_en,
                label_nl=self.label_nl,
            )


RULES: tuple[Rule, ...] = (
    Rule(each_week.same_instance, "Made for this week", "Gemaakt voor deze week"),
    Rule(each_shift.known_person, "Known person", "Bekende medewerker"),
    Rule(each_shift.well_formed, "Well-formed shift", "Kloppende dienst"),
    Rule(each_week.one_shift_a_day, "One shift a day", "Eén dienst per dag"),
    Rule(each_week.never_in_two_places, "One place at a time", "Eén plek tegelijk"),
    Rule(each_shift.available_day, "Available", "Beschikbaar"),
    Rule(each_shift.present, "Present", "Aanwezig"),
    Rule(each_shift.hours_of_the_day, "Hours of the day", "Uren van de dag"),
    Rule(each_shift.authorised, "Authorised", "Bevoegd"),
    Rule(each_shift.home_location, "Home location", "Eigen locatie"),
    Rule(each_shift.within_opening, "Opening hours", "Openingstijden"),
    Rule(each_shift.within_day_window, "Day window", "Dagvenster"),
    Rule(each_shift.activity_open, "Open activity", "Open activiteit"),
    Rule(each_shift.activities_in_shift, "Activity in shift", "Activiteit in dienst"),
    Rule(each_shift.longest_shift, "Longest shift", "Langste dienst"),
    Rule(each_shift.enough_break, "Enough break", "Genoeg pauze"),
    Rule(each_shift.break_inside, "Break inside shift", "Pauze binnen dienst"),
    Rule(each_week.daily_rest, "Daily rest", "Dagelijkse rust"),
    Rule(each_week.weekly_rest, "Weekly rest", "Wekelijkse rust"),
    Rule(each_week.contract_hours, "Contract hours", "Contracturen"),
    Rule(each_week.enough_desks, "Enough desks", "Genoeg werkplekken"),
    Rule(each_week.longest_week, "Longest week", "Langste week"),
    Rule(each_week.stated_objective, "Stated objective", "Opgegeven doelwaarde"),
    Rule(preferred.minimum_presence, "Minimum presence", "Minimale bezetting", False),
    Rule(
        preferred.blocks_of_an_hour, "Blocks of an hour", "Blokken van een uur", False
    ),
)


def verify(
    instance: Instance, roster: Roster, rules: tuple[Rule, ...] = RULES
) -> list[Violation]:
    """Every breach of every rule, hard ones first in the order of the rules."""
    return [found for rule in rules for found in rule.violations(instance, roster)]
