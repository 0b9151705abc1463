"""The limits of a person over the horizon: minutes, rows, weekends, kinds, weeks."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import SUNDAY_SHIFT, Option, minutes
from staffing.roster.lawful.frame import BIG
from staffing.roster.people import Person
from staffing.roster.personal import UNLOVED, dues, unloved

UNLOVED_SHIFTS = {f"\0{kind}": kind for kind in UNLOVED}
"""The kinds of shifts that cost the more the more of them somebody has."""

WEEK_MINUTES = 7 * 1440
EPSILON = 1e-6


@dataclass(frozen=True)
class Bounds:
    """What limits one person, from person, contract and law together."""

    instance: Instance
    person: Person
    options: tuple[Option, ...]

    @property
    def most_minutes(self) -> int:
        """Contract, limit, and in a horizon of one week the law's."""
        most = 60 * self.person.contract_hours + EPSILON
        if self.person.limits.most_minutes is not None:
            most = min(most, self.person.limits.most_minutes)
        if len(self._weeks) == 1:
            most = min(most, self.most_of_week)
        return int(min(most, BIG // 4))

    @cached_property
    def _weeks(self) -> list[tuple[int, int]]:
        return sorted({day.isocalendar()[:2] for day in self.instance.days})

    @cached_property
    def most_of_week(self) -> int:
        """Minutes of each week of the horizon within the law's week and means."""
        rules, past = self.instance.rules, self.person.past.week_hours
        most = rules.max_week_hours
        for mean in rules.max_mean_hours:
            for inside in range(1, min(mean.weeks, len(self._weeks)) + 1):
                before = mean.weeks - inside
                had = (
                    sum(past[len(past) - before :]) if before < len(past) else sum(past)
                )
                had = had if before else 0.0
                most = min(most, (mean.hours * mean.weeks - had) / inside)
        return int(60 * max(most - self.person.absent_hours, 0) + EPSILON)

    @cached_property
    def weekly(self) -> bool:
        """Whether the law's most of a week can bind in a horizon of several weeks."""
        if len(self._weeks) == 1 or not self.options:
            return False
        longest = max(option.shift.minutes for option in self.options)
        return self.most_of_week < min(7 * longest, self.most_minutes)

    @cached_property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """Names of shifts that are limited in a way that can bind, and the most of them."""
        rules, person = self.instance.rules, self.person
        sundays = 52 - rules.free_sundays - person.past.sundays
        limited = [*person.limits.most_shifts, (SUNDAY_SHIFT, max(sundays, 0))]
        return tuple(
            (name, most) for name, most in limited if self._days_of(name) > most
        )

    @property
    def dues(self) -> dict[str, list[float]]:
        """Euros of the first, the second ... unloved shift, by kind."""
        if self.instance.policy.price_uneven_shift == 0:
            return {}
        found = {kind for kinds in self._unloved.values() for kind in kinds}
        return {
            name: dues(self.instance, self.person, kind)
            for name, kind in UNLOVED_SHIFTS.items()
            if kind in found
        }

    @cached_property
    def _unloved(self) -> dict[tuple[int, int], tuple[str, ...]]:
        """As what the options of a day count that end at a minute."""
        policy, days = self.instance.policy, self.instance.days
        ends = {(option.day, option.shift.end) for option in self.options}
        return {(day, end): unloved(policy, days[day], end) for day, end in ends}

    @cached_property
    def _days_by_name(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        names = {id(o.shift): o.shift.name for o in self.options}
        for day, shape in {(o.day, id(o.shift)) for o in self.options}:
            found.setdefault(names[shape], set()).add(day)
        return found

    @cached_property
    def sundays(self) -> frozenset[int]:
        """Days of the horizon that are Sundays."""
        days = enumerate(self.instance.days)
        return frozenset(number for number, day in days if day.weekday() == 6)

    def _days_of(self, name: str) -> int:
        if name == SUNDAY_SHIFT:
            return len({o.day for o in self.options} & self.sundays)
        return len(self._days_by_name.get(name, ()))

    def is_of(self, option: Option, kind: str) -> bool:
        """Whether an option counts for a limited kind, or for an unloved one."""
        if kind == SUNDAY_SHIFT:
            return option.day in self.sundays
        if kind in UNLOVED_SHIFTS:
            return UNLOVED_SHIFTS[kind] in self._unloved[option.day, option.shift.end]
        return option.shift.name == kind

    @cached_property
    def most_weekends(self) -> int:
        """Weekends that may be worked."""
        most = self.person.limits.most_weekends
        return BIG if most is None else most

    @cached_property
    def _past(self) -> list[tuple[int, int]]:
        start = self.instance.clock.moment(self.instance.week, 0)
        spans = self.person.past.shifts
        return sorted((minutes(start, s.start), minutes(start, s.end)) for s in spans)

    @property
    def last_end(self) -> int:
        """When the last shift before the horizon ended; far back without one."""
        return self._past[-1][1] if self._past else -BIG

    @cached_property
    def anchor(self) -> int:
        """Start of the first shift since the last weekly rest before the horizon."""
        rest = int(60 * self.instance.rules.weekly_rest_hours)
        anchor = self._past[0][0] if self._past else -BIG
        for (_, end), (begin, _) in pairwise(self._past):
            anchor = begin if begin - end >= rest else anchor
        return anchor

    @cached_property
    def last_short(self) -> int:
        """The day (below 0) of the last short daily rest before the horizon."""
        needed = 60 * self.instance.rules.daily_rest_hours
        short = [b for (_, e), (b, _) in pairwise(self._past) if b - e < needed]
        return short[-1] // 1440 if short else -BIG

    @cached_property
    def days_worked(self) -> int:
        """Days worked in a row up to the horizon."""
        start = self.instance.clock.local
        days = {start(span.start).date() for span in self.person.past.shifts}
        before = [(self.instance.week - day).days for day in days]
        return next(n for n in range(len(before) + 1) if n + 1 not in before)

    @cached_property
    def rest_span(self) -> int:
        """Minutes from anchor to latest end; -1 where the weekly rest cannot bind."""
        span = WEEK_MINUTES - int(60 * self.instance.rules.weekly_rest_hours)
        if not self.options or span >= WEEK_MINUTES:
            return -1
        earliest = min(option.begin for option in self.options)
        first = self.anchor if self._anchored(earliest) else earliest
        return -1 if self.finish <= first + span else span

    def _anchored(self, earliest: int) -> bool:
        rest = 60 * self.instance.rules.weekly_rest_hours
        return self.anchor > -BIG and earliest - self.last_end < rest

    @cached_property
    def finish(self) -> int:
        """The latest end of all options."""
        return max((option.end for option in self.options), default=0)
