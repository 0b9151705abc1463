"""Rules that roll over days and weeks, against a second implementation by the minute.

The second one marks every minute of work in a long row and looks at every window.
"""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.roster.instance import Instance
from staffing.roster.people import Past, Person
from staffing.roster.result import Assignment
from staffing.roster.rules.hours import longest_week, mean_hours
from staffing.roster.rules.rest import daily_rest, weekly_rest
from staffing.roster.shifts import Span
from staffing.rules import LabourRules
from tests.staffing.planted_breaches import open_days, person, roster
from tests.staffing.roster_weeks import moment, rules

SPRING = date(2027, 3, 22)
"""A Monday of the week that ends with a change of the clock."""
PAST_DAYS = 14
HOUR, DAY = 60, 1440
Row = np.ndarray[tuple[int], np.dtype[np.bool_]]

shifts = st.none() | st.tuples(st.integers(28, 56), st.integers(12, 44))
"""A free day, or the first quarter-hour of a shift and its number of quarter-hours."""


@st.composite
def sequences(draw: st.DrawFn) -> tuple[Instance, list[Assignment]]:
    """Two weeks before and one to three of the horizon, mostly worked, by one person."""
    length = draw(st.sampled_from([7, 14, 21]))
    busy = st.one_of(shifts, st.tuples(st.integers(32, 40), st.integers(20, 36)))
    days = draw(
        st.lists(busy, min_size=PAST_DAYS + length, max_size=PAST_DAYS + length)
    )
    spans = [
        (SPRING + timedelta(days=number - PAST_DAYS), _span(number - PAST_DAYS, *shift))
        for number, shift in enumerate(days)
        if shift is not None
    ]
    before = tuple(span for day, span in spans if day < SPRING)
    hours = draw(st.lists(st.sampled_from([40.0, 50.0, 60.0]), max_size=16))
    someone = person(
        past=Past(shifts=before, week_hours=tuple(hours)),
        absent_hours=draw(st.sampled_from([0.0, 12.0, 36.0])),
    )
    work = [
        Assignment(person="A", day=day, location="hall", shift=span)
        for day, span in spans
        if day >= SPRING
    ]
    return _horizon(length, someone), work


def _span(number: int, first: int, quarters: int) -> Span:
    day = SPRING + timedelta(days=number)
    last = min(first + quarters, 92)
    return Span(start=moment(day, first / 4), end=moment(day, last / 4))


def _horizon(length: int, someone: Person) -> Instance:
    told = {"week": SPRING, "length": length, "demands": (), "people": (someone,)}
    return open_days().model_copy(update=told)


class Minutes:
    """Every minute from two weeks before the horizon to two weeks beyond it."""

    def __init__(self, instance: Instance, work: list[Assignment]) -> None:
        self.rules: LabourRules = instance.rules
        self.zero = moment(SPRING - timedelta(days=PAST_DAYS + 1), 0)
        spans = [*instance.people[0].past.shifts, *(shift.shift for shift in work)]
        self.spans = [(self.of(span.start), self.of(span.end)) for span in spans]
        self.first = self.of(moment(SPRING, 0))
        self.last = self.of(moment(SPRING + timedelta(days=instance.length), 0))
        self.works = np.zeros(self.last + 15 * DAY, bool)
        for start, end in self.spans:
            self.works[start:end] = True

    def of(self, instant: object) -> int:
        """The number of a moment's minute."""
        return int((instant - self.zero) / timedelta(minutes=1))  # type: ignore[operator]

    def short_nights(self) -> set[int]:
        """Begins of work in the horizon after too short a rest, looking at all windows."""
        rests = [
            (free, until)
            for free, until in _free_runs(self.works)
            if free > 0 and until < len(self.works)
        ]
        short = [r for r in rests if r[1] - r[0] < self.rules.daily_rest_hours * HOUR]
        found = {b for a, b in short if b - a < self.rules.short_rest_hours * HOUR}
        width = self.rules.short_rest_days * DAY
        for begin in range(0, self.last, 15):
            within = [b for a, b in short if begin <= a and b <= begin + width]
            found |= set(within[1:])
        return {begin for begin in found if begin >= self.first}

    def restless(self) -> list[int]:
        """Begins of work from which on no week holds the rest, nor a fortnight."""
        return [start for start, _ in self.spans if not self.rested(start)]

    def rested(self, start: int) -> bool:
        """Whether the 7 x 24 hours from a begin hold the rest, or the 14 x 24."""
        week = self.works[start : start + 7 * DAY]
        if not week[max(self.first - start, 0) :].any():
            return True
        if _longest(week) >= self.rules.weekly_rest_hours * HOUR:
            return True
        known = self.works[start : min(start + 14 * DAY, self.last)]
        parts = [b - a for a, b in _free_runs(known)]
        least = self.rules.fortnight_part_hours * HOUR
        rested = sum(part for part in parts if part >= least)
        return rested >= self.rules.fortnight_rest_hours * HOUR


def _free_runs(works: Row) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(works.astype(int), prepend=1, append=1))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _longest(works: Row) -> int:
    return max((end - begin for begin, end in _free_runs(works)), default=0)


@given(sequences())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_daily_rest_is_that_of_every_window_by_the_minute(case):
    instance, work = case
    found = {v.day for v in daily_rest(instance, roster(instance, *work))}
    peer = Minutes(instance, work)
    begins = {shift.day: peer.of(shift.shift.start) for shift in work}
    short = peer.short_nights()
    assert found == {d for d, begin in begins.items() if begin in short}


@given(sequences())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_weekly_rest_is_that_of_every_window_by_the_minute(case):
    instance, work = case
    found = [v.day for v in weekly_rest(instance, roster(instance, *work))]
    restless = Minutes(instance, work).restless()
    zero = moment(SPRING - timedelta(days=PAST_DAYS + 1), 0)
    days = [
        instance.clock.local(zero + timedelta(minutes=minute)).date()
        for minute in restless
    ]
    assert bool(found) == bool(restless)
    assert found[:1] == days[:1]
    assert set(found) <= set(days)


@given(sequences())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_weeks_and_means_count_every_minute_and_absence(case):
    instance, work = case
    someone = instance.people[0]
    weeks = instance.length // 7
    counted = [someone.absent_hours / weeks * HOUR] * weeks
    peer = Minutes(instance, work)
    for minute in np.flatnonzero(peer.works[peer.first :]).tolist():
        counted[minute // (7 * DAY)] += 1  # no shift is near a change of the clock
    known = [hours * HOUR for hours in someone.past.week_hours] + counted
    padded = [0.0] * 16 + known
    broken = {
        week
        for rule in instance.rules.max_mean_hours
        for week in range(weeks)
        if np.mean(padded[: len(padded) - weeks + week + 1][-rule.weeks :])
        > rule.hours * HOUR + 1e-6
    }
    plan = roster(instance, *work)
    found = {(v.day - SPRING).days // 7 for v in mean_hours(instance, plan) if v.day}
    assert found == (broken if work else set())
    long = {i for i, m in enumerate(counted) if m > 60 * HOUR + 1e-6}
    told = {(v.day - SPRING).days // 7 for v in longest_week(instance, plan) if v.day}
    assert told == (long if work else set())


def week_of(
    *days: tuple[int, float, float], **past: object
) -> tuple[Instance, list[Assignment]]:
    """Shifts by day (below 0: before the horizon), first and last hour."""
    spans = [
        (
            SPRING + timedelta(days=d),
            Span(
                start=moment(SPRING + timedelta(days=d), a),
                end=moment(SPRING + timedelta(days=d), b),
            ),
        )
        for d, a, b in days
    ]
    before = tuple(span for day, span in spans if day < SPRING)
    someone = person(past=Past.model_validate({"shifts": before, **past}))
    work = [
        Assignment(person="A", day=day, location="hall", shift=span)
        for day, span in spans
        if day >= SPRING
    ]
    return _horizon(7, someone), work


OFFICE = tuple((day, 9.0, 17.0) for day in (-7, -6, -5, -4, -3, 0, 1, 2, 3, 4))
EVENING = tuple((day, 14.0, 22.0) for day in (-7, -6, -5, -4, -3))
EVERY_DAY = tuple((day, 9.0, 17.0) for day in range(-6, 0))


@pytest.mark.parametrize(
    ("rule", "days", "breaches"),
    [
        (daily_rest, ((-1, 14, 22), (0, 8, 12)), 0),  # 10 hours, once
        (daily_rest, ((-1, 16, 23), (0, 6.5, 12)), 1),  # 7.5 hours
        (daily_rest, ((-5, 14, 22), (-4, 8, 12), (-1, 14, 22), (0, 8, 12)), 1),
        (daily_rest, ((-8, 14, 22), (-7, 8, 12), (-1, 14, 22), (0, 8, 12)), 0),
        (daily_rest, ((-5, 14, 22), (-4, 8, 12), (0, 9, 12)), 0),  # past mending
        (weekly_rest, OFFICE, 0),
        (weekly_rest, (*EVENING, *OFFICE[5:]), 0),
        (weekly_rest, (*EVERY_DAY, (0, 9, 17)), 0),  # and then six days off
        (weekly_rest, (*EVERY_DAY, *OFFICE[5:]), 1),  # eleven days on end
        (weekly_rest, (*EVERY_DAY, (2, 9, 17)), 0),
        (weekly_rest, ((-3, 9, 17), (-2, 9, 17), (-1, 9, 17)), 0),
    ],
)  # fmt: skip
def test_rest_looks_back_over_the_first_day_of_the_horizon(rule, days, breaches):
    instance, work = week_of(*days)
    assert len(list(rule(instance, roster(instance, *work)))) == breaches


def test_seventy_two_hours_in_a_fortnight_will_do_where_they_are_known():
    days = [*range(7), 10, 11, 12, 13]
    someone = person()
    instance = _horizon(14, someone)
    work = week_of(*((day, 9.0, 17.0) for day in days))[1]
    assert list(weekly_rest(instance, roster(instance, *work))) == []
    fewer = instance.model_copy(update={"length": 7})
    assert len(list(weekly_rest(fewer, roster(fewer, *work[:7])))) == 1


def test_loosened_rules_forbid_nothing():
    instance, work = week_of(*((day, 0.0, 23.75) for day in range(-7, 7)))
    free = rules().model_copy(
        update={"daily_rest_hours": 0, "short_rest_hours": 0, "weekly_rest_hours": 0}
    )
    loose = instance.model_copy(update={"rules": free})
    for rule in (daily_rest, weekly_rest):
        assert list(rule(loose, roster(loose, *work))) == []
