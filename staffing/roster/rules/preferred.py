"""Rules that a roster may bend, at a price: presence, separation, blocks of activity."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from staffing.roster.activity_blocks import minimum_block, short_blocks
from staffing.roster.headcounts import headcount
from staffing.roster.instance import Instance
from staffing.roster.presence import missing_heads
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import breach
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation
from staffing.roster.wanted import Presence, Separation
from staffing.rules import RosterPolicy


def minimum_presence(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At least the minimum number of people at an activity where its work is open."""
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


def heads_present(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At least so many heads at work as a location wants, whatever they do."""
    for what, day, detail in _short(instance, roster):
        if isinstance(what, Presence) and not over_lunch(instance.policy, what):
            yield Violation("", detail, None, day)


def lunch_cover(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At least so many heads at work while others have lunch."""
    for what, day, detail in _short(instance, roster):
        if isinstance(what, Presence) and over_lunch(instance.policy, what):
            yield Violation("", detail, None, day)


def function_separation(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Two people at work for two functions that one may not both fulfil."""
    for what, day, detail in _short(instance, roster):
        if isinstance(what, Separation):
            yield Violation("", detail, None, day)


def blocks_of_an_hour(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Activities change at most once an hour."""
    for shift in roster.assignments:
        count = short_blocks(shift, minimum_block(instance))
        if count:
            yield breach(shift, f"{count} short blocks of activity")


def over_lunch(policy: RosterPolicy, presence: Presence) -> bool:
    """Whether a minimum is one of the hours in which people have their break."""
    first, last = 60 * policy.break_earliest_hour, 60 * policy.break_latest_hour
    return first <= presence.start and presence.end <= last


def _short(
    instance: Instance, roster: Roster
) -> Iterator[tuple[Presence | Separation, date, str]]:
    """Each minimum not met: what, day, and for each stretch of it how many are short."""
    found = missing_heads(instance, roster.assignments)
    for (what, day), spells in groupby(found, key=lambda row: row[:2]):
        rows = [(quarter, heads) for *_, quarter, heads in spells]
        number = max(heads for _, heads in rows)
        clock = f"{rows[0][0] // 4:02d}:{rows[0][0] % 4 * 15:02d}"
        name = (
            what.name if isinstance(what, Presence) else f"{what.first}/{what.second}"
        )
        detail = (
            f"{what.location} {name}: {number} short from {clock}, "
            f"{len(rows)} quarter-hours"
        )
        yield what, day, detail


PREFERRED = (
    Rule(
        minimum_presence,
        "Minimum presence",
        "Minimale bezetting",
        "minimum_people of standards.toml",
        hard=False,
    ),
    Rule(
        heads_present,
        "People present",
        "Aanwezige mensen",
        "the planner's presence; price_presence_quarter of roster.toml",
        hard=False,
    ),
    Rule(
        lunch_cover,
        "Lunch cover",
        "Bezetting tijdens lunch",
        "the planner's presence in the lunch window; price_presence_quarter",
        hard=False,
    ),
    Rule(
        function_separation,
        "Separation of functions",
        "Functiescheiding",
        "RAAS: who takes an application does not issue the document",
        hard=False,
    ),
    Rule(
        blocks_of_an_hour,
        "Blocks of an hour",
        "Blokken van een uur",
        "minimum_block_minutes of roster.toml",
        hard=False,
    ),
)
