"""Checks a roster against every rule from its assignments alone; knows no solver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from staffing.roster import shift_rules, soft_rules, week_rules
from staffing.roster.instance import Instance
from staffing.roster.result import Roster
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
    Rule(week_rules.same_instance, "Made for this week", "Gemaakt voor deze week"),
    Rule(shift_rules.known_person, "Known person", "Bekende medewerker"),
    Rule(shift_rules.well_formed, "Well-formed shift", "Kloppende dienst"),
    Rule(week_rules.one_shift_a_day, "One shift a day", "Eén dienst per dag"),
    Rule(week_rules.never_in_two_places, "One place at a time", "Eén plek tegelijk"),
    Rule(shift_rules.available_day, "Available", "Beschikbaar"),
    Rule(shift_rules.present, "Present", "Aanwezig"),
    Rule(shift_rules.hours_of_the_day, "Hours of the day", "Uren van de dag"),
    Rule(shift_rules.authorised, "Authorised", "Bevoegd"),
    Rule(shift_rules.home_location, "Home location", "Eigen locatie"),
    Rule(shift_rules.within_opening, "Opening hours", "Openingstijden"),
    Rule(shift_rules.within_day_window, "Day window", "Dagvenster"),
    Rule(shift_rules.activity_open, "Open activity", "Open activiteit"),
    Rule(shift_rules.activities_in_shift, "Activity in shift", "Activiteit in dienst"),
    Rule(shift_rules.longest_shift, "Longest shift", "Langste dienst"),
    Rule(shift_rules.enough_break, "Enough break", "Genoeg pauze"),
    Rule(shift_rules.break_inside, "Break inside shift", "Pauze binnen dienst"),
    Rule(week_rules.daily_rest, "Daily rest", "Dagelijkse rust"),
    Rule(week_rules.weekly_rest, "Weekly rest", "Wekelijkse rust"),
    Rule(week_rules.contract_hours, "Contract hours", "Contracturen"),
    Rule(week_rules.enough_desks, "Enough desks", "Genoeg werkplekken"),
    Rule(week_rules.longest_week, "Longest week", "Langste week"),
    Rule(week_rules.stated_objective, "Stated objective", "Opgegeven doelwaarde"),
    Rule(soft_rules.minimum_presence, "Minimum presence", "Minimale bezetting", False),
    Rule(
        soft_rules.blocks_of_an_hour, "Blocks of an hour", "Blokken van een uur", False
    ),
)


def verify(
    instance: Instance, roster: Roster, rules: tuple[Rule, ...] = RULES
) -> list[Violation]:
    """Every breach of every rule, hard ones first in the order of the rules."""
    return [found for rule in rules for found in rule.violations(instance, roster)]
