"""Checks a roster against every rule from its assignments alone; knows no solver."""

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.catalogue import RULES
from staffing.roster.rules.format import FORMAT, sound
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation

__all__ = ["RULES", "Rule", "verify"]


def verify(
    instance: Instance, roster: Roster, rules: tuple[Rule, ...] = RULES
) -> list[Violation]:
    """Every breach of every rule, hard ones first in the order of the rules.

    No roster makes it fail, whatever stands in it: shifts of unknown people or of no
    shape are named by the rules of the format, and the other rules judge the rest.
    """
    kept = sound(instance, roster)
    return [
        found
        for rule in rules
        for found in rule.violations(instance, roster if rule in FORMAT else kept)
    ]
