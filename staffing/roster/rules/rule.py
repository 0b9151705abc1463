"""What a rule is: a named check with labels for people, its source, and its weight."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.violation import Violation


@dataclass(frozen=True)
class Rule:
    """A check with its labels and its source: a law, an agreement, a table, a setting.

    A hard rule keeps a roster from being stored; a soft one may be bent, at a price.
    """

    check: Callable[[Instance, Roster], Iterator[Violation]]
    label_en: str
    label_nl: str
    source: str
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
