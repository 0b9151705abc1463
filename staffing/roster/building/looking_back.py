"""What people did before a week: shifts, hours, Sundays, unloved shifts, wishes granted."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import monday
from staffing.roster.building.renewing import renewed
from staffing.roster.clock import Clock
from staffing.roster.instance import Instance
from staffing.roster.people import Burden, Past, Person
from staffing.roster.personal import unloved
from staffing.roster.result import Roster
from staffing.roster.shapes import template_of
from staffing.roster.shifts import Span
from staffing.rules import RosterPolicy
from staffing.supply.sites import WishTurns

FORTNIGHT = timedelta(days=14)
HOURS_WEEKS, SUNDAY_WEEKS, BURDEN_WEEKS = 15, 52, 12
"""Weeks that the mean over 16 (this one included), Sundays and evenness look back."""

HOUR = timedelta(hours=1)
SUNDAY = 6

Absent = Callable[[str, date], Mapping[date, float]]
"""Hours of leave and sickness per day, of a person in the week of a Monday."""


@dataclass(frozen=True)
class Duty:
    """A shift that somebody had, on the town's clock; `end` in minutes after midnight."""

    day: date
    span: Span
    hours: float
    end: int


def with_past(instance: Instance, shifts: pl.DataFrame, absent: Absent) -> Instance:
    """The instance with the past of its people, from a table `PublishedShifts`.

    Hours of leave and sickness count as worked on days without a shift. Without any
    shift nothing is known, and nothing is told.
    """
    duties = _duties(shifts, instance)
    if not duties:
        return instance
    people = tuple(
        person.model_copy(update={"past": _past(instance, person, duties, absent)})
        for person in instance.people
    )
    return renewed(instance, people=people)


def _duties(shifts: pl.DataFrame, instance: Instance) -> dict[str, list[Duty]]:
    """Shifts before the instance by person, in order of time."""
    found: dict[str, list[Duty]] = defaultdict(list)
    rows = shifts.sort("person", "start")
    columns = ("person", "start", "end", "break_start", "break_end")
    for person, start, end, pause, resumed in rows.select(columns).iter_rows():
        duty = _duty(instance.clock, start, end, (resumed - pause) if pause else None)
        if duty.day < instance.week:
            found[person].append(duty)
    return found


def _duty(
    clock: Clock, start: datetime, end: datetime, pause: timedelta | None
) -> Duty:
    local = clock.local(start)
    minutes = (
        60 * local.hour + local.minute + round((end - start) / timedelta(minutes=1))
    )
    worked = (end - start - (pause or timedelta())) / HOUR
    return Duty(local.date(), Span(start=start, end=end), worked, min(minutes, 1440))


def _past(
    instance: Instance, person: Person, duties: Mapping[str, list[Duty]], absent: Absent
) -> Past:
    own, week = duties.get(person.code, []), instance.week
    return Past(
        shifts=tuple(duty.span for duty in own if duty.day >= week - FORTNIGHT),
        week_hours=_week_hours(person.code, own, week, absent),
        sundays=sum(
            duty.day.weekday() == SUNDAY
            and duty.day >= week - timedelta(weeks=SUNDAY_WEEKS)
            for duty in own
        ),
        burden=_burden(instance.policy, own, week),
    )


def _week_hours(
    code: str, own: Iterable[Duty], week: date, absent: Absent
) -> tuple[float, ...]:
    """Hours counted in each of the weeks before, from the first that has any."""
    weeks = [week - timedelta(weeks=back) for back in range(HOURS_WEEKS, 0, -1)]
    hours = dict.fromkeys(weeks, 0.0)
    worked = {duty.day for duty in own}
    for duty in own:
        if (begin := monday(duty.day)) in hours:
            hours[begin] += duty.hours
    for begin in weeks:
        away = absent(code, begin).items()
        hours[begin] += sum(number for day, number in away if day not in worked)
    counted = [round(hours[begin], 4) for begin in weeks]
    first = next((i for i, number in enumerate(counted) if number > 0), len(counted))
    return tuple(counted[first:])


def _burden(policy: RosterPolicy, own: Iterable[Duty], week: date) -> Burden:
    since = week - timedelta(weeks=BURDEN_WEEKS)
    counts = Counter(
        kind
        for duty in own
        if duty.day >= since
        for kind in unloved(policy, duty.day, duty.end)
    )
    return Burden(
        late=counts["late"], saturday=counts["saturday"], evening=counts["evening"]
    )


def wish_factors(
    instance: Instance, before: Mapping[date, tuple[Instance, Roster]], turns: WishTurns
) -> dict[str, float]:
    """What the wishes of each person weigh, by those granted in the weeks before.

    `before` are rosters by their Monday. The mean is of all people of a home location.
    """
    since = instance.week - timedelta(weeks=turns.weeks)
    granted: Counter[str] = Counter()
    for week, (earlier, roster) in before.items():
        if since <= week < instance.week:
            granted.update(_granted(earlier, roster))
    team: dict[str, list[int]] = defaultdict(list)
    for person in instance.people:
        team[person.location].append(granted[person.code])
    means = {place: sum(numbers) / len(numbers) for place, numbers in team.items()}
    return {
        person.code: turns.factor(granted[person.code], means[person.location])
        for person in instance.people
    }


def _granted(instance: Instance, roster: Roster) -> Counter[str]:
    """Wishes granted per person in a roster."""
    shapes = {
        (shift.person, shift.day): template_of(instance, shift)
        for shift in roster.assignments
    }
    return Counter(
        person.code
        for person in instance.people
        for wish in person.wishes
        if wish.granted(shapes.get((person.code, wish.day)))
    )
