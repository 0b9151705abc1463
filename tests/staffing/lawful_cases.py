"""Tiny seeded instances for one person, and every schedule by enumeration."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, product

import numpy as np

from staffing.roster.clock import Clock
from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled
from staffing.roster.people import Limits, Lock, Past, Person
from staffing.roster.reading import FREE_RULES, NO_PRICES, PLACE
from staffing.roster.shifts import Span, Template
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
    person, rules = instance.people[0], instance.rules
    options = [compiled.options[o] for o in schedule if o >= 0]
    days = len(schedule)
    worked = [o >= 0 for o in schedule]
    limits = person.limits
    minutes = sum(o.shift.minutes for o in options)
    if not limits.least_minutes <= minutes <= (limits.most_minutes or 10**9):
        return False
    if minutes > 60 * person.contract_hours:
        return False
    for name, most in limits.most_shifts:
        if sum(o.shift.name == name for o in options) > most:
            return False
    for lock in person.locks:
        if not worked[(lock.day - instance.week).days]:
            return False
    dates = [instance.days[o.day] for o in options]
    sundays = sum(d.weekday() == 6 for d in dates)
    if sundays and not rules.sunday_work:
        return False
    if sundays > max(52 - rules.free_sundays - person.past.sundays, 0):
        return False
    weekends = {d.isocalendar()[:2] for d in dates if d.weekday() >= 5}
    if limits.most_weekends is not None and len(weekends) > limits.most_weekends:
        return False
    weeks: dict[tuple[int, int], int] = {}
    for option, day in zip(options, dates, strict=True):
        weeks[day.isocalendar()[:2]] = (
            weeks.get(day.isocalendar()[:2], 0) + option.shift.minutes
        )
    if any(m > 60 * rules.max_week_hours for m in weeks.values()):
        return False
    return _rows(instance, worked, days) and _rests(instance, options, short_rest)


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
    rules, past = instance.rules, instance.people[0].past
    start = Clock("UTC").moment(instance.week, 0)

    def minute(moment):
        return (moment - start) // timedelta(minutes=1)

    spans = [(minute(s.start), minute(s.end), "", -1) for s in past.shifts]
    known = len(spans)
    spans += [(o.begin, o.end, o.shift.name, o.day) for o in options]
    last_short, anchor = -(10**9), None
    for place, (begin, end, name, day) in enumerate(spans):
        rest = begin - spans[place - 1][1] if place else 10**9
        if name and place and spans[place - 1][3] == day - 1:
            if (spans[place - 1][2], name) in instance.forbidden:
                return False
        if rest < 60 * rules.daily_rest_hours:
            today = begin // 1440
            if place >= known and (
                not short_rest
                or rest < 60 * rules.short_rest_hours
                or today - last_short <= rules.short_rest_days
            ):
                return False
            last_short = today
        if anchor is None or rest >= 60 * rules.weekly_rest_hours:
            anchor = begin
        if place >= known and end > anchor + 60 * (168 - rules.weekly_rest_hours):
            return False
    return True
