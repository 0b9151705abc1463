"""Tiny seeded instances for one person, and every schedule by enumeration."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise, product

import numpy as np

from staffing.roster.clock import Clock
from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled
from staffing.roster.people import Limits, Lock, Past, Person
from staffing.roster.reading import PLACE
from staffing.roster.shifts import Span, Template
from staffing.roster.unruled import FREE_RULES, NO_PRICES
from staffing.roster.wanted import ShiftCover

MONDAY = date(2027, 1, 11)
SHAPES = (
    Template(start=0, end=480, name="E"),
    Template(start=480, end=960, name="D"),
    Template(start=840, end=1440, name="L"),
)


def instance_of(person: Person, *, length=6, **changes) -> Instance:
    """An instance of one person that wants nothing."""
    start = changes.pop("week", MONDAY)
    fields = {
        "week": start,
        "length": length,
        "zone": "UTC",
        "policy": NO_PRICES,
        "rules": FREE_RULES,
        "templates": SHAPES,
        "people": (person,),
        "covers": (
            ShiftCover(day=start, shift="E", wanted=1, price_under=1, price_over=1),
        ),
    }
    return Instance(**{**fields, **changes})


def person_of(limits=None, *, length=6, start=MONDAY, **changes) -> Person:
    """Somebody available every day."""
    fields = {
        "code": "A",
        "location": PLACE,
        "skills": (),
        "contract_hours": 1000,
        "days": tuple(start + timedelta(days=i) for i in range(length)),
        "limits": limits or Limits(),
    }
    return Person(**{**fields, **changes})


def drawn(seed: int) -> Instance:
    """A seeded instance of one person with some rules of every sort."""
    draw = np.random.default_rng(seed)
    length = int(draw.integers(4, 8))
    start = MONDAY + timedelta(days=int(draw.integers(7)))
    chance = draw.random(14)
    limits = Limits(
        least_minutes=480 * int(draw.integers(0, 3)),
        most_minutes=60 * int(draw.integers(16, 48)) if chance[0] < 0.6 else None,
        most_shifts=(("L", int(draw.integers(0, 3))), ("E", 2))[
            : int(draw.integers(3))
        ],
        most_days_in_a_row=int(draw.integers(2, 5)) if chance[1] < 0.7 else None,
        least_days_in_a_row=int(draw.integers(1, 4)),
        least_days_off_in_a_row=int(draw.integers(1, 4)),
        most_weekends=int(draw.integers(0, 2)) if chance[2] < 0.5 else None,
    )
    limits = limits.model_copy(
        update={"least_days_in_a_row": min(limits.least_days_in_a_row, 2)}
    )
    lock = Lock(day=start + timedelta(days=2), shift=SHAPES[1], location=PLACE)
    person = person_of(
        limits,
        length=length,
        start=start,
        locks=(lock,) if chance[3] < 0.3 else (),
        past=_past(start, draw),
    )
    gone = {int(day) for day in draw.choice(length, int(draw.integers(3)))} - {2}
    days = tuple(day for i, day in enumerate(person.days) if i not in gone)
    person = person.model_copy(update={"days": days})
    rests = chance[4] < 0.6
    rules = FREE_RULES.model_copy(
        update={
            "daily_rest_hours": 11 if rests else 0,
            "short_rest_hours": 8 if rests else 0,
            "short_rest_days": 3,
            "weekly_rest_hours": 36 if chance[5] < 0.5 else 0,
            "sunday_work": chance[6] < 0.7,
            "free_sundays": 51 if chance[7] < 0.5 else 0,
            "max_week_hours": int(draw.choice([24, 30, 60])),
        }
    )
    return instance_of(
        person,
        length=length,
        week=start,
        rules=rules,
        forbidden=(("L", "D"), ("D", "E")) if chance[8] < 0.5 else (),
    )


def _past(start: date, draw: np.random.Generator) -> Past:
    clock, spans = Clock("UTC"), []
    for back in range(int(draw.integers(0, 6)), 0, -1):
        if draw.random() < 0.8:
            shape = SHAPES[int(draw.integers(3))]
            day = start - timedelta(days=back)
            spans.append(
                Span(
                    start=clock.moment(day, shape.start),
                    end=clock.moment(day, shape.end),
                )
            )
    return Past(shifts=tuple(spans), sundays=int(draw.integers(0, 2)))


def every_schedule(compiled: Compiled) -> Iterator[tuple[int, ...]]:
    """Each choice of an option or none per day."""
    days = [
        [-1, *range(compiled.first[day], compiled.first[day + 1])]
        for day in range(compiled.must.size)
    ]
    yield from product(*days)


def runs(worked: list[bool]) -> list[tuple[bool, int, int]]:
    """Whether worked, first day and length of each run."""
    found, day = [], 0
    for kind, group in groupby(worked):
        size = len(list(group))
        found.append((kind, day, size))
        day += size
    return found


def lawful(instance: Instance, compiled: Compiled, schedule, *, short_rest) -> bool:
    """Every rule, one after the other, from the dates and times alone."""
    options = [compiled.options[o] for o in schedule if o >= 0]
    worked = [o >= 0 for o in schedule]
    return (
        _totals(instance, options)
        and _settled(instance, worked)
        and _sundays(instance, options)
        and _weeks(instance, options)
        and _rows(instance, worked, len(schedule))
        and _rests(instance, options, short_rest)
    )


def _totals(instance: Instance, options) -> bool:
    person = instance.people[0]
    limits, minutes = person.limits, sum(o.shift.minutes for o in options)
    most = min(limits.most_minutes or 10**9, 60 * person.contract_hours)
    had = Counter(o.shift.name for o in options)
    return limits.least_minutes <= minutes <= most and all(
        had[name] <= most for name, most in limits.most_shifts
    )


def _settled(instance: Instance, worked: list[bool]) -> bool:
    locks = instance.people[0].locks
    return all(worked[(lock.day - instance.week).days] for lock in locks)


def _sundays(instance: Instance, options) -> bool:
    rules, past = instance.rules, instance.people[0].past
    sundays = sum(instance.days[o.day].weekday() == 6 for o in options)
    if sundays and not rules.sunday_work:
        return False
    return bool(sundays <= max(52 - rules.free_sundays - past.sundays, 0))


def _weeks(instance: Instance, options) -> bool:
    weekends: set[object] = set()
    minutes: Counter[object] = Counter()
    for option in options:
        day = instance.days[option.day]
        minutes[day.isocalendar()[:2]] += option.shift.minutes
        if day.weekday() >= 5:
            weekends.add(day.isocalendar()[:2])
    most = instance.people[0].limits.most_weekends
    if most is not None and len(weekends) > most:
        return False
    return all(m <= 60 * instance.rules.max_week_hours for m in minutes.values())


def _rows(instance: Instance, worked: list[bool], days: int) -> bool:
    limits, past = instance.people[0].limits, instance.people[0].past
    had = {span.start.date() for span in past.shifts}
    before = 0
    while instance.week - timedelta(days=before + 1) in had:
        before += 1
    for kind, first, size in runs(worked):
        length = size + (before if kind and first == 0 else 0)
        if kind and limits.most_days_in_a_row and length > limits.most_days_in_a_row:
            return False
        inside = first > 0 and first + size < days
        least = limits.least_days_in_a_row if kind else limits.least_days_off_in_a_row
        if inside and size < least:
            return False
    return True


def _rests(instance: Instance, options, short_rest: bool) -> bool:
    past = instance.people[0].past
    start = Clock("UTC").moment(instance.week, 0)

    def minute(moment):
        return (moment - start) // timedelta(minutes=1)

    spans = [(minute(s.start), minute(s.end), "", -99) for s in past.shifts]
    known = len(spans)
    spans += [(o.begin, o.end, o.shift.name, o.day) for o in options]
    return (
        _may_follow(instance, spans)
        and _daily(instance, spans, known, short_rest)
        and _weekly(instance, spans, known)
    )


def _may_follow(instance: Instance, spans) -> bool:
    return not any(
        day == before_day + 1 and (before, name) in instance.forbidden
        for (_, _, before, before_day), (_, _, name, day) in pairwise(spans)
    )


def _daily(instance: Instance, spans, known: int, short_rest: bool) -> bool:
    """Eleven hours between shifts; once in some days eight, where that is allowed."""
    rules, last_short = instance.rules, -(10**9)
    for place, ((_, end, _, _), (begin, _, _, _)) in enumerate(pairwise(spans), 1):
        rest, today = begin - end, begin // 1440
        if rest >= 60 * rules.daily_rest_hours:
            continue
        enough = rest >= 60 * rules.short_rest_hours and short_rest
        if place >= known and not (
            enough and today - last_short > rules.short_rest_days
        ):
            return False
        last_short = today
    return True


def _weekly(instance: Instance, spans, known: int) -> bool:
    """No shift ends later than a week less the rest after the first since a rest."""
    rest, anchor, last = 60 * instance.rules.weekly_rest_hours, None, None
    for place, (begin, end, _, _) in enumerate(spans):
        if anchor is None or begin - last >= rest:
            anchor = begin
        if place >= known and end > anchor + 7 * 1440 - rest:
            return False
        last = end
    return True
