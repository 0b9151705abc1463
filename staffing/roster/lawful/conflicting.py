"""Which rule leaves a person no lawful schedule: each one dropped by itself."""

from collections.abc import Iterator
from typing import NamedTuple

from staffing.roster.instance import Instance
from staffing.roster.lawful.framing import compile_person
from staffing.roster.lawful.scheduling import any_schedule
from staffing.roster.people import Limits, Past, Person
from staffing.roster.result import Conflict


class Slack(NamedTuple):
    """An instance and person without one rule, and the rule's name in words."""

    rule: str
    text: str
    text_nl: str
    instance: Instance
    person: Person


def has_schedule(instance: Instance, person: Person) -> bool:
    """Whether a person has any lawful schedule; doubted, it is taken to be there."""
    found, certain = any_schedule(compile_person(instance, person))
    return found is not None or not certain


def conflicts(instance: Instance, person: Person) -> tuple[Conflict, ...]:
    """The rules each of which, dropped alone, would give a person a lawful schedule.

    Empty when there is one. When no single rule would do, that is said in one line.
    """
    if has_schedule(instance, person):
        return ()
    found = tuple(
        Conflict(
            rule=slack.rule,
            person=person.code,
            text=f"{person.code} would have a lawful schedule without: {slack.text}",
            text_nl=f"{person.code} zou een rooster hebben zonder: {slack.text_nl}",
        )
        for slack in _slacks(instance, person)
        if has_schedule(slack.instance, slack.person)
    )
    return found or (_several(person),)


def _several(person: Person) -> Conflict:
    return Conflict(
        rule="several",
        person=person.code,
        text=f"{person.code} has no lawful schedule: more than one rule stands in the way",
        text_nl=f"{person.code} heeft geen rooster: meer dan een regel staat in de weg",
    )


FREE = Limits()
OF_LIMITS = (
    ("least_minutes", "the least minutes of work", "het minimum aan minuten"),
    ("most_minutes", "the most minutes of work", "het maximum aan minuten"),
    ("most_shifts", "the most shifts of a kind", "het maximum per soort dienst"),
    ("most_days_in_a_row", "the most days in a row", "het maximum aan dagen achtereen"),
    (
        "least_days_in_a_row",
        "the least days in a row",
        "het minimum aan dagen achtereen",
    ),
    (
        "least_days_off_in_a_row",
        "the least days off in a row",
        "het minimum aan vrije dagen achtereen",
    ),
    ("most_weekends", "the most weekends", "het maximum aan weekenden"),
)
OF_LAW = (
    ("daily_rest", {"daily_rest_hours": 0}, "the daily rest", "de dagelijkse rust"),
    ("weekly_rest", {"weekly_rest_hours": 0}, "the weekly rest", "de wekelijkse rust"),
    (
        "longest_week",
        {"max_week_hours": 168, "max_mean_hours": ()},
        "the most hours of a week",
        "het maximum aan uren per week",
    ),
    (
        "sunday_work",
        {"sunday_work": True, "free_sundays": 0},
        "free Sundays",
        "de vrije zondagen",
    ),
)


def _slacks(instance: Instance, person: Person) -> Iterator[Slack]:
    for name, text, text_nl in OF_LIMITS:
        free = person.limits.model_copy(update={name: getattr(FREE, name)})
        yield Slack(
            name, text, text_nl, instance, person.model_copy(update={"limits": free})
        )
    for rule, changed, text, text_nl in OF_LAW:
        rules = instance.rules.model_copy(update=changed)
        yield Slack(
            rule, text, text_nl, instance.model_copy(update={"rules": rules}), person
        )
    yield from _own_slacks(instance, person)


def _own_slacks(instance: Instance, person: Person) -> Iterator[Slack]:
    hours = person.model_copy(update={"contract_hours": 24.0 * instance.length})
    yield Slack("contract_hours", "the contract", "het contract", instance, hours)
    days = person.model_copy(update={"days": instance.days, "most": (), "away": ()})
    yield Slack("available_day", "days off", "vrije dagen", instance, days)
    unlocked = person.model_copy(update={"locks": ()})
    yield Slack("locks", "what is settled", "wat vastligt", instance, unlocked)
    fresh = person.model_copy(update={"past": Past()})
    yield Slack("past", "what came before", "wat eraan voorafging", instance, fresh)
    free = instance.model_copy(update={"forbidden": ()})
    yield Slack(
        "forbidden", "shifts that may not follow", "verboden opvolging", free, person
    )
