"""Compile a person: options into choices, and every rule into the arrays of a frame."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from staffing.roster.instance import Instance
from staffing.roster.lawful.compiling import Compiled, Option, options_of
from staffing.roster.lawful.frame import (
    ANCHOR,
    BEGIN,
    BIG,
    CHOICE,
    COUNTS,
    DAYS,
    END,
    FREELY,
    HEAD,
    KINDS,
    LAST_END,
    LAST_SHORT,
    LAST_TAIL,
    LONE_SUNDAY,
    LONG_ENOUGH,
    MINUTES,
    NO_WEEKEND,
    NONE,
    PARENT,
    SATURDAY,
    SUNDAY,
    TAIL,
    WITH_SHORT_REST,
    Bytes,
    Floats,
    Frame,
    Ints,
)
from staffing.roster.lawful.limiting import Bounds
from staffing.roster.people import Person

DAY = 1440
FRIDAY = 4
Ends = tuple[int, str]
"""A minute of the day and a shift's name: what succession looks at."""


def compile_person(
    instance: Instance,
    person: Person,
    *,
    short_rest: bool = False,
    is_priced: bool = False,
) -> Compiled:
    """A person's options and rules as arrays.

    `short_rest`: the daily rest may be `short_rest_hours` once in `short_rest_days`.
    `is_priced`: schedules cost what their unloved shifts do.
    """
    found = tuple(options_of(instance, person))
    bounds = Bounds(instance, person, found)
    dues = bounds.dues if is_priced else {}
    kinds = (*bounds.kinds, *((name, instance.length) for name in dues))
    nights, night_of = _nights(instance, bounds)
    shapes = {id(option.shift): option.shift for option in found}.values()
    heads = _numbered((shape.start, shape.name) for shape in shapes)
    tails = _numbered((shape.end, shape.name) for shape in shapes)
    follow = _follow(instance, list(tails), list(heads), nights, short_rest)
    past = _after_past(instance, bounds, list(heads), short_rest)
    follow, tail_class = _merged(np.concatenate([follow, past], axis=1), 1)
    follow, head_class = _merged(follow, 2)
    classes = {
        id(shape): (
            int(head_class[heads[shape.start, shape.name]]),
            int(tail_class[tails[shape.end, shape.name]]),
        )
        for shape in shapes
    }
    rows = _rows(bounds, found, classes, [name for name, _ in kinds])
    choices, choice = _choices(rows, found, instance.length)
    free = np.ones((follow.shape[0], 1, follow.shape[2]), np.uint8)
    return Compiled(
        person=person,
        options=found,
        choice=choice,
        day=np.array([option.day for option in found], np.int64),
        must=_must(instance, person),
        frame=Frame(
            choices=choices,
            days=_days(instance, bounds, night_of),
            follow=np.concatenate([follow, free], axis=1),
            most_kind=np.array([most for _, most in kinds], np.int64),
            limits=_limits(bounds),
            entry=_entry(bounds, int(tail_class[-1]), len(kinds)),
            dues=_dues(instance, dues, len(bounds.kinds)),
        ),
    )


def _numbered(found: Iterable[Ends]) -> dict[Ends, int]:
    return {key: number for number, key in enumerate(sorted(set(found)))}


def _nights(instance: Instance, bounds: Bounds) -> tuple[list[int], list[int]]:
    """Minutes from midnight to midnight that occur, and which of them ends on each day."""
    moments = [instance.clock.moment(day, 0) for day in instance.days]
    lengths = [DAY] + [
        (late - early).seconds // 60 + DAY * (late - early).days
        for early, late in pairwise(moments)
    ]
    known = sorted(set(lengths))
    return known, [known.index(length) for length in lengths]


def _follow(
    instance: Instance,
    tails: list[Ends],
    heads: list[Ends],
    nights: list[int],
    short_rest: bool,
) -> Bytes:
    """How each head may follow each tail, per length of the day between."""
    ends = np.array([end for end, _ in tails], np.int64)
    starts = np.array([start for start, _ in heads], np.int64)
    rest = np.array(nights)[:, None, None] + starts - ends[:, None]
    allowed = _by_rest(instance, rest, short_rest)
    banned = set(instance.forbidden)
    names = [[(a, b) not in banned for _, b in heads] for _, a in tails]
    return allowed * np.array(names, np.uint8).reshape(len(tails), len(heads))


def _by_rest(instance: Instance, rest: Ints, short_rest: bool) -> Bytes:
    rules = instance.rules
    allowed = np.where(rest >= 60 * rules.daily_rest_hours, FREELY, 0)
    if short_rest:
        short = (allowed == 0) & (rest >= 60 * rules.short_rest_hours)
        allowed[short] = WITH_SHORT_REST
    return allowed.astype(np.uint8)


def _after_past(
    instance: Instance, bounds: Bounds, heads: list[Ends], short_rest: bool
) -> Bytes:
    """How each head may follow, on the first day, the last shift before the horizon."""
    starts = np.array([start for start, _ in heads], np.int64)
    allowed = _by_rest(instance, starts - bounds.last_end, short_rest)
    nights = len(_nights(instance, bounds)[0])
    return np.broadcast_to(allowed, (nights, 1, len(heads)))


def _merged(follow: Bytes, axis: int) -> tuple[Bytes, Ints]:
    """One of each tail (or head) that the table treats alike, and where each one went."""
    if not follow.shape[axis]:
        return follow, np.zeros(0, np.int64)
    merged, where = np.unique(follow, axis=axis, return_inverse=True)
    return merged, np.asarray(where, np.int64).ravel()


def _rows(
    bounds: Bounds,
    found: tuple[Option, ...],
    classes: dict[int, tuple[int, int]],
    kinds: Sequence[str],
) -> list[tuple[int, ...]]:
    """Fields of each option's choice; the same for the same shift from Monday to Friday."""
    known: dict[tuple[int, int], tuple[int, ...]] = {}
    binds, days, rows = bounds.rest_span >= 0, bounds.instance.days, []
    for option in found:
        when = option.day if binds else -max(days[option.day].weekday(), FRIDAY)
        key = id(option.shift), when
        if key not in known:
            known[key] = _row(bounds, option, classes[id(option.shift)], kinds)
        rows.append(known[key])
    return rows


def _row(
    bounds: Bounds, option: Option, ends: tuple[int, int], kinds: Sequence[str]
) -> tuple[int, ...]:
    """Fields of an option's choice; begin and end only where the weekly rest binds."""
    bits = sum(bounds.is_of(option, name) << place for place, name in enumerate(kinds))
    binds = bounds.rest_span >= 0
    fields = {
        HEAD: ends[0],
        TAIL: ends[1],
        MINUTES: option.shift.minutes,
        KINDS: bits,
        BEGIN: option.begin if binds else 0,
        END: option.end if binds else 0,
    }
    return tuple(fields[field] for field in range(6))


def _choices(
    rows: list[tuple[int, ...]], found: tuple[Option, ...], length: int
) -> tuple[Ints, Ints]:
    """Choices per day (days, most choices, 6), and the choice of each option."""
    known: list[dict[tuple[int, ...], int]] = [{} for _ in range(length)]
    numbers = [
        known[option.day].setdefault(row, len(known[option.day]))
        for row, option in zip(rows, found, strict=True)
    ]
    choices = np.zeros((length, max(map(len, known), default=0), 6), np.int64)
    choices[..., HEAD] = NONE
    for day, of_day in enumerate(known):
        for row, number in of_day.items():
            choices[day, number] = row
    return choices, np.array(numbers, np.int64)


def _days(instance: Instance, bounds: Bounds, nights: list[int]) -> Ints:
    most = bounds.most_of_week if bounds.weekly else BIG
    return np.array(
        [
            (night, _weekend(number, day), day.weekday() == 0, most)
            for number, (day, night) in enumerate(
                zip(instance.days, nights, strict=True)
            )
        ],
        np.int64,
    )


def _weekend(number: int, day: date) -> int:
    if day.weekday() == 5:
        return SATURDAY
    if day.weekday() == 6:
        return SUNDAY if number else LONE_SUNDAY
    return NO_WEEKEND


def _must(instance: Instance, person: Person) -> Ints:
    locks = [person.lock_on(day) for day in instance.days]
    return np.array([bool(lock and lock.shift) for lock in locks], np.int64)


def _limits(bounds: Bounds) -> Ints:
    limits = bounds.person.limits
    return np.array(
        [
            limits.least_minutes,
            bounds.most_minutes,
            min(bounds.most_weekends, BIG // 4),
            limits.most_days_in_a_row or BIG,
            limits.least_days_in_a_row,
            limits.least_days_off_in_a_row,
            bounds.rest_span,
            bounds.instance.rules.short_rest_days,
            bounds.finish,
        ],
        np.int64,
    )


def _dues(instance: Instance, dues: dict[str, list[float]], limited: int) -> Floats:
    """Euros by kind and number: none of those limited, and no table where none has any."""
    if not dues:
        return np.zeros((0, 0))
    return np.concatenate([np.zeros((limited, instance.length)), [*dues.values()]])


def _entry(bounds: Bounds, tail: int, kinds: int) -> Ints:
    """The label before the first day."""
    worked, limits = bounds.days_worked, bounds.person.limits
    binds = bounds.rest_span >= 0
    entry = np.zeros(COUNTS + kinds, np.int64)
    entry[[PARENT, CHOICE]] = NONE
    entry[LAST_TAIL] = tail
    entry[DAYS] = worked or -limits.least_days_off_in_a_row
    entry[LONG_ENOUGH] = 1
    entry[ANCHOR] = bounds.anchor if binds else -BIG
    entry[LAST_END] = bounds.last_end if binds else -BIG
    entry[LAST_SHORT] = bounds.last_short
    return entry
