"""Days side by side on one axis: places, gaps and what is named below."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from dashboard.charts.days import BETWEEN, QUARTER, Days
from dashboard.labels.words import Words

MONDAY, TUESDAY = date(2026, 12, 21), date(2026, 12, 22)
WORDS = Words("nl")


def quarters(day: date, first: int, last: int) -> list[datetime]:
    start = datetime.combine(day, time(first))
    return [start + i * QUARTER for i in range((last - first) * 4)]


MORNING, LONG = quarters(MONDAY, 9, 12), quarters(TUESDAY, 8, 20)


@pytest.fixture
def days() -> Days:
    return Days.of([*LONG, *MORNING])


def test_a_day_is_as_wide_as_the_hours_it_has(days):
    assert days.at(MORNING[0]) == 0
    assert days.at(LONG[0]) == pytest.approx(3 + BETWEEN)
    assert days.at(LONG[-1]) - days.at(LONG[0]) == pytest.approx(11.75)


def test_every_quarter_hour_has_a_place_of_its_own_in_order_of_time(days):
    places = [days.at(at) for at in [*MORNING, *LONG]]
    assert all(b - a >= 0.25 - 1e-9 for a, b in pairwise(places))


def test_a_line_is_not_drawn_from_one_day_to_the_next(days):
    times = [MORNING[-1], LONG[0]]
    places, heights, told = days.steps(times, [4.0, 6.0])
    begin = days.at(LONG[0])
    assert places == pytest.approx([2.75, 3, 3, begin, begin + 0.25, begin + 0.25])
    assert heights == [4.0, 4.0, None, 6.0, 6.0, None]
    assert told == ["11:45", "12:00", "12:00", "08:00", "08:15", "08:15"]


def test_an_area_comes_down_where_nobody_is_rostered_within_a_day(days):
    lunch = [LONG[0], LONG[0] + timedelta(hours=2)]
    places, heights, _ = days.steps(lunch, [3.0, 5.0], between=0.0)
    begin = days.at(LONG[0])
    assert heights == [0.0, 3.0, 3.0, 0.0, 0.0, 5.0, 5.0, 0.0]
    assert places[3:5] == pytest.approx([begin + 0.25, begin + 2])


def test_hours_named_below_stand_where_their_quarter_hour_begins(days):
    axis = days.axis(WORDS)
    named = dict(zip(axis["tickvals"], axis["ticktext"], strict=True))
    noon = datetime.combine(TUESDAY, time(12))
    assert named[days.at(noon)] == "12"
    assert axis["ticktext"] == ["9", "12", "9", "12", "15", "18"]


def test_a_week_without_quarter_hours_has_an_axis_without_days():
    empty = Days.of([])
    assert empty.steps([], []) == ([], [], [])
    assert empty.axis(WORDS)["tickvals"] == []
