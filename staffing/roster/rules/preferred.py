"""Rules that a roster may bend, at a price: presence and blocks of activity."""

from collections.abc import Iterator

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.valuing import headcount, minimum_block, short_blocks
from staffing.roster.violation import Violation


def minimum_presence(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At least the minimum number of people where work is open. Source: standards."""
    people = headcount(instance, roster.assignments)
    for demand in instance.demands:
        present = people[demand.location, demand.skill, demand.start]
        if present < demand.minimum and not demand.deferrable:
            local = instance.clock.local(demand.start)
            detail = (
                f"{demand.location} {demand.skill} {local:%H:%M}: "
                f"{present} of at least {demand.minimum}"
            )
            yield Violation("", detail, None, local.date())


def blocks_of_an_hour(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Activities change at most once an hour. Source: `minimum_block_minutes`."""
    for shift in roster.assignments:
        count = short_blocks(shift, minimum_block(instance))
        if count:
            detail = f"{count} short blocks of activity"
            yield Violation("", detail, shift.person, shift.day)
