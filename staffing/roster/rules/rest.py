"""Hard rules on rest between days of work, each with what was worked before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from staffing.roster.instance import Instance
from staffing.roster.result import Roster
from staffing.roster.rules.own_shifts import HOUR, Duty, duties, staffed
from staffing.roster.rules.rule import Rule
from staffing.roster.violation import Violation
from staffing.rules import LabourRules

WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)


def daily_rest(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """11 hours of rest between the work of two days; once in 7 x 24 hours 8 will do.

    No stretch of 7 x 24 hours, whenever it begins, holds two rests under 11 hours.
    """
    begin = instance.clock.moment(instance.week, 0)
    for person, shifts in staffed(instance, roster):
        for duty, rest in short_rests(instance.rules, duties(instance, person, shifts)):
            if duty.start >= begin:
                yield Violation("", f"{rest:g} hours of rest", person.code, duty.day)


def short_rests(rules: LabourRules, worked: list[Duty]) -> Iterator[tuple[Duty, float]]:
    """Work that begins after too short a rest, and the hours of that rest."""
    shortened: datetime | None = None
    spell = timedelta(days=rules.short_rest_days)
    for early, late in pairwise(worked):
        rest = (late.start - early.end) / HOUR
        if rest >= rules.daily_rest_hours:
            continue
        again = shortened is not None and late.start - shortened <= spell
        if again or rest < rules.short_rest_hours:
            yield late, rest
        shortened = early.end


def weekly_rest(instance: Instance, roster: Roster) -> Iterator[Violation]:
    """Every 7 x 24 hours from the begin of a shift hold 36 unbroken hours of rest.

    Or the 14 x 24 hours from it hold 72, in parts of 32 or more. A window from any
    moment would cut weekends in two and forbid ordinary weeks from Monday to Friday.
    Beyond the horizon nobody is taken to work: a window of 7 x 24 hours is broken only
    when no later roster can mend it. The 72 hours must lie within what is known.
    """
    first = instance.clock.moment(instance.week, 0)
    last = instance.clock.moment(instance.days[-1], 1440)
    for person, shifts in staffed(instance, roster):
        if not shifts:
            continue
        worked = duties(instance, person, shifts)
        for duty, rest in weeks_without_rest(instance.rules, worked, first, last):
            detail = f"at most {rest:g} hours of rest in the 7 days from {duty.day}"
            yield Violation("", detail, person.code, duty.day)


def weeks_without_rest(
    rules: LabourRules, worked: list[Duty], first: datetime, last: datetime
) -> Iterator[tuple[Duty, float]]:
    """Work from whose begin on rest is too short, and the longest rest in hours.

    Of windows that overlap the first one counts; those that hold no work of the horizon
    (from `first` to `last`) are past mending and do not count.
    """
    told = None
    for i, duty in enumerate(worked):
        if told is not None and duty.start < told:
            continue
        within = _before(worked[i : i + 15], duty.start + WEEK)
        longest = max(_rests(within, duty.start + WEEK))
        if within[-1].start < first or longest >= rules.weekly_rest_hours:
            continue
        end = min(duty.start + FORTNIGHT, last)
        more = _before(worked[i : i + 15], end)
        parts = [h for h in _rests(more, end) if h >= rules.fortnight_part_hours]
        if sum(parts) < rules.fortnight_rest_hours:
            told = duty.start + WEEK
            yield duty, longest


def _before(worked: list[Duty], end: datetime) -> list[Duty]:
    return list(takewhile(lambda duty: duty.start < end, worked))


def _rests(worked: list[Duty], end: datetime) -> list[float]:
    """Hours of rest after each day's work, up to the next one or the end."""
    begins = [*(duty.start for duty in worked[1:]), end]
    return [
        max((begin - duty.end) / HOUR, 0.0)
        for duty, begin in zip(worked, begins, strict=True)
    ]


REST = (
    Rule(
        daily_rest,
        "Daily rest",
        "Dagelijkse rust",
        "Arbeidstijdenwet 5:3; daily_rest_hours, short_rest_* of labour.toml",
    ),
    Rule(
        weekly_rest,
        "Weekly rest",
        "Wekelijkse rust",
        "Arbeidstijdenwet 5:5; weekly_rest_hours, fortnight_* of labour.toml",
    ),
)
