"""Hard rules on hours: of the contract, of the week, and on average over weeks."""

from collections.abc import Iterator

from staffing.roster.instance import Instance
from staffing.roster.result import Assignment, Roster
from staffing.roster.rules.own_shifts import EPSILON, staffed, weekly_hours
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation


def contract_hours(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """No overtime: the hours worked stay within the contract of the horizon."""
    for person, shifts in staffed(instance, roster):
        worked = sum(shift.worked_hours for shift in shifts)
        if worked > person.contract_hours + EPSILON:
            detail = f"{worked:g} hours worked of {person.contract_hours:g}"
            yield Violation("", detail, person.code)


def most_minutes(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At most the minutes of the horizon that a person's limits tell."""
    for person, shifts in staffed(instance, roster):
        most, worked = person.limits.most_minutes, _minutes(shifts)
        if most is not None and worked > most:
            detail = f"{worked} minutes worked, at most {most}"
            yield Violation("", detail, person.code)


def least_minutes(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At least the minutes of the horizon that a person's limits tell."""
    for person, shifts in staffed(instance, roster):
        least, worked = person.limits.least_minutes, _minutes(shifts)
        if worked < least:
            detail = f"{worked} minutes worked, at least {least}"
            yield Violation("", detail, person.code)


def _minutes(shifts: list[Assignment]) -> int:
    return round(60 * sum(shift.worked_hours for shift in shifts))


def longest_week(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """At most 60 hours a week from Monday, leave and sickness counted as worked."""
    most = instance.rules.max_week_hours
    for person, shifts in staffed(instance, roster):
        hours = weekly_hours(instance, person, shifts) if shifts else {}
        for week, counted in hours.items():
            if counted > most + EPSILON:
                detail = f"{counted:g} hours in a week, at most {most:g}"
                yield Violation("", detail, person.code, week)


def mean_hours(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """On average at most 55 hours over 4 weeks and 48 over 16, absence as worked.

    Judged over weeks that end in the horizon; weeks not known count as none.
    """
    for person, shifts in staffed(instance, roster):
        if not shifts:
            continue
        before = person.past.week_hours
        weeks = weekly_hours(instance, person, shifts)
        hours = [*before, *weeks.values()]
        for rule in instance.rules.max_mean_hours:
            for end, week in enumerate(weeks, len(before) + 1):
                mean = sum(hours[max(end - rule.weeks, 0) : end]) / rule.weeks
                if mean > rule.hours + EPSILON:
                    detail = (
                        f"{mean:.4g} hours a week over {rule.weeks} weeks, at most "
                        f"{rule.hours:g}"
                    )
                    yield Violation("", detail, person.code, week)


HOURS = (
    Rule(
        contract_hours,
        "Contract hours",
        "Contracturen",
        "the contract: no overtime",
    ),
    Rule(most_minutes, "Most minutes", "Hoogste aantal minuten", "the person's limits"),
    Rule(
        least_minutes, "Least minutes", "Laagste aantal minuten", "the person's limits"
    ),
    Rule(
        longest_week,
        "Longest week",
        "Langste week",
        "Arbeidstijdenwet 5:7; max_week_hours of labour.toml",
    ),
    Rule(
        mean_hours,
        "Mean hours",
        "Gemiddelde uren",
        "Arbeidstijdenwet 5:7; max_mean_hours of labour.toml",
    ),
)
