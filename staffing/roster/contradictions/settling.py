"""Days that were settled so that they break a hard rule by themselves."""

from collections.abc import Iterator

from staffing.roster.bare import as_roster
from staffing.roster.instance import Instance
from staffing.roster.rules.rule import Rule
from staffing.roster.shapes import shift_of
from staffing.roster.verifying import RULES, verify

LATER = frozenset(
    {
        "same_instance",
        "known_person",
        "well_formed",
        "settled_day",
        "activities_in_shift",
        "least_minutes",
        "least_days_in_a_row",
        "least_days_off_in_a_row",
        "stated_objective",
        "stated_bound",
    }
)
"""Rules that the rest of a roster can still meet, and those of the mere format."""


def broken_by_locks(instance: Instance) -> Iterator[str]:
    """Each hard rule that the settled shifts break, whatever is added to them."""
    settled = tuple(
        shift_of(
            instance,
            person.code,
            lock.day,
            lock.location or person.location,
            lock.shift,
        )
        for person in instance.people
        for lock in {lock.day: lock for lock in person.locks}.values()
        if lock.shift is not None
    )
    alone = as_roster(instance, settled)
    for found in verify(instance, alone, lasting_rules()) if settled else ():
        where = f"person {found.person}: " if found.person else ""
        day = f" {found.day}" if found.day else ""
        label = found.label_en.lower()
        yield f"{where}settled{day} breaks the rule of {label}: {found.detail}"


def lasting_rules() -> tuple[Rule, ...]:
    """Hard rules that no further shift can mend."""
    return tuple(rule for rule in RULES if rule.hard and rule.name not in LATER)
