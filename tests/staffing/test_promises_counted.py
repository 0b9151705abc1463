"""What imports tell of each promise, counted by day: edges, and a second way to count."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.calendar import Calendar, Hours, Period
from staffing.promises.answering import calls_by_day, judged_calls, note_of
from staffing.promises.booking import (
    first_free_by_day,
    missed_by_day,
    planned,
    telling,
)
from staffing.promises.calling_back import callbacks_by_day, requests
from staffing.promises.open_days import OpenDays
from staffing.promises.waiting import known_waits, waits_by_day
from staffing.standards import Standard
from tests.staffing.promise_cases import (
    MONDAY,
    ZONE,
    booking,
    bookings,
    call,
    callback,
    contacts,
    days,
    moment,
    slots,
    visit,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = days(MONDAY, 7)[1:]
NEXT = MONDAY + timedelta(days=7)
EASTER_MONDAY = date(2026, 4, 6)
TOWN = Calendar(closed_holidays=("Easter Monday",))
WORKDAYS = OpenDays(TOWN, "back_office")


def standard(abandoned: str = "late", threshold_s: float = 25) -> Standard:
    return Standard.model_validate(
        {
            "target": 0.8,
            "threshold_s": threshold_s,
            "abandoned": abandoned,
            "source": "",
        }
    )


def row(frame: pl.DataFrame, day: date = MONDAY, place: str = "stadhuis"):
    found = frame.filter(pl.col("day") == day, pl.col("location") == place)
    return found.select("asked", "hits", "measured", "amount").row(0)


def answered(frame: pl.DataFrame, abandoned: str = "late") -> pl.DataFrame:
    counted = judged_calls(slots(frame).lazy())
    return calls_by_day(counted, ZONE, standard(abandoned))


@pytest.mark.parametrize(
    ("abandoned", "expected"),
    [
        ("late", (30, 20)),
        ("left_out", (26, 20)),
        ("short_left_out", (30, 20)),
        ("in_time", (30, 20)),
    ],
)
def test_who_gives_up_counts_as_the_standard_says(abandoned, expected):
    rows = [call(MONDAY, "09:00", 10, 8, 1), call(MONDAY, "09:15", 20, 12, 3)]
    assert row(answered(contacts(*rows), abandoned))[:2] == expected


def test_calls_of_which_nothing_is_known_do_not_count():
    rows = [call(MONDAY, "09:00", 10, 8), call(MONDAY, "09:15", 90, None)]
    assert row(answered(contacts(*rows)))[:2] == (10, 8)


def test_messages_judged_in_days_are_no_calls():
    told = call(MONDAY, "09:00", 10, 8, channel="callback")
    assert answered(contacts(told)).is_empty()


def test_no_calls_make_no_days():
    assert answered(contacts()).is_empty()
    assert answered(contacts(call(MONDAY, "09:00", 0, 0))).is_empty()


@pytest.mark.parametrize("day", [SUNDAY, date(2026, 10, 25)])
def test_a_day_is_the_towns_own_when_the_clocks_change(day):
    late, early = call(day, "23:45", 3, 2), call(day, "00:15", 5, 4)
    before = call(day - timedelta(days=1), "23:45", 7, 6)
    assert row(answered(contacts(late, early, before)), day)[:2] == (8, 6)


@pytest.mark.parametrize(
    ("told", "abandoned", "note"),
    [
        ([25.0], "late", None),
        ([25.0], "left_out", None),
        ([20.0], "late", "threshold_differs"),
        ([25.0, 20.0], "late", "threshold_differs"),
        ([None], "late", "threshold_untold"),
        ([25.0], "in_time", "short_untold"),
        ([25.0], "short_left_out", "short_untold"),
    ],
)
def test_a_note_says_what_the_export_measures_otherwise(told, abandoned, note):
    assert note_of(standard(abandoned), told) == note


VISITS = (
    visit(MONDAY, "10:00", 900.0),
    visit(MONDAY, "10:01", 901.0),
    visit(MONDAY, "10:02", 0.0),
    visit(MONDAY, "10:03", 60.0, abandoned=1.0),
    visit(MONDAY, "10:04", 1200.0, abandoned=1.0),
    visit(MONDAY, "10:05", None),
    visit(MONDAY, "10:06", 2000.0, count=8.0, period_s=900),
)


@pytest.mark.parametrize(
    ("abandoned", "asked", "hits"),
    [("late", 5, 2), ("left_out", 3, 2), ("short_left_out", 4, 2), ("in_time", 5, 3)],
)
def test_the_wait_at_the_counter_counts_visitors_one_by_one(abandoned, asked, hits):
    waits = known_waits(contacts(*VISITS).lazy())
    found = waits_by_day(waits, ZONE, standard(abandoned, 900))
    assert row(found) == (asked, hits, 3, 1801)


def called_back(*rows: dict[str, object], last: date = NEXT + timedelta(days=20)):
    due = WORKDAYS.due(["stadhuis"], MONDAY, NEXT + timedelta(days=13), 2)
    ends = pl.DataFrame({"source": ["open_klant_tasks"], "last_day": [last]})
    return callbacks_by_day(requests(contacts(*rows).lazy()), ZONE, due, ends)


@pytest.mark.parametrize(
    ("asked", "last_in_time"),
    [
        (MONDAY, WEDNESDAY),
        (THURSDAY, NEXT),
        (FRIDAY, NEXT + timedelta(days=1)),
        (SATURDAY, NEXT + timedelta(days=1)),
        (SUNDAY, NEXT + timedelta(days=1)),
        (date(2026, 4, 2), EASTER_MONDAY + timedelta(days=1)),
        (date(2026, 4, 3), EASTER_MONDAY + timedelta(days=2)),
        (EASTER_MONDAY, EASTER_MONDAY + timedelta(days=2)),
    ],
)
def test_a_callback_is_due_at_the_end_of_the_second_working_day(asked, last_in_time):
    start = moment(asked, "16:59")
    kept = called_back(callback(start, moment(last_in_time, "23:59")))
    missed = called_back(
        callback(start, moment(last_in_time + timedelta(days=1), "00:01"))
    )
    assert row(kept, asked)[:2] == (1, 1)
    assert row(missed, asked)[:2] == (1, 0)


def test_an_open_callback_is_missed_once_its_day_is_over_and_untold_before_that():
    asked = callback(moment(MONDAY, "11:00"), None)
    assert called_back(asked, last=WEDNESDAY).is_empty()
    assert row(called_back(asked, last=THURSDAY)) == (1, 0, 0, 0)


def test_the_wait_for_a_callback_is_in_working_days_of_those_done():
    start = moment(FRIDAY, "11:00")
    rows = [
        callback(start, moment(NEXT, "09:00")),
        callback(start, moment(FRIDAY, "15:00")),
        callback(start, None),
    ]
    assert row(called_back(*rows), FRIDAY) == (3, 2, 2, 1)


def test_closing_days_of_the_location_are_no_working_days():
    closed = Period(
        name="moving", first=TUESDAY, last=WEDNESDAY, source="", location="noord"
    )
    town = OpenDays(Calendar(closures=(closed,)), "back_office")
    due = town.due(["noord", "zuid"], MONDAY, MONDAY, 2)
    told = dict(due.filter(pl.col("day") == MONDAY).select("location", "due").rows())
    assert told == {"noord": FRIDAY, "zuid": WEDNESDAY}


def test_where_hours_are_known_they_say_what_a_working_day_is():
    open_ = (
        Hours.model_validate(
            {"location": "noord", "skills": ["counter"], "mon": ["09:00", "12:00"],
             "sat": ["09:00", "12:00"]}
        ),
    )  # fmt: skip
    town = OpenDays(Calendar(hours=open_), "counter")
    assert town.between("noord", MONDAY, SUNDAY) == [MONDAY, SATURDAY]
    assert town.between("zuid", MONDAY, SUNDAY) == days(MONDAY, 5)


@given(
    asked=st.integers(0, 20), wait=st.integers(0, 15), within=st.integers(1, 5),
    closed=st.sets(st.integers(0, 40), max_size=8),
)  # fmt: skip
def test_due_days_equal_those_of_walking_from_day_to_day(asked, wait, within, closed):
    shut = tuple(
        Period(name="x", first=day, last=day, source="")
        for day in (MONDAY + timedelta(days=i) for i in closed)
    )
    town = OpenDays(
        Calendar(closed_holidays=("New Year's Day",), closures=shut), "back_office"
    )
    start = MONDAY + timedelta(days=asked)
    day, left = start, within
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5 and (day - MONDAY).days not in closed
    due = town.due(["a"], MONDAY, MONDAY + timedelta(days=40), within)
    assert due.filter(pl.col("day") == start)["due"].item() == day
    end = start + timedelta(days=wait)
    between = sum(
        d.isoweekday() <= 5 and (d - MONDAY).days not in closed
        for d in days(start + timedelta(days=1), wait)
    )
    number = dict(due.select("day", "number").rows())
    assert number[end] - number[start] == between


def first_free(*rows: dict[str, object], least: int = 3, within: int = 2):
    numbers = WORKDAYS.numbered(["stadhuis"], MONDAY, NEXT + timedelta(days=14))
    made = planned(bookings(contacts(*rows)).lazy())
    return first_free_by_day(made, numbers, within=lambda _: within, least=least)


def test_the_nearest_visit_of_a_day_tells_how_far_the_first_free_one_was():
    rows = [booking(MONDAY, WEDNESDAY), booking(MONDAY, NEXT, 5)]
    assert row(first_free(*rows)) == (6, 6, 6, 12)
    assert row(first_free(*rows[1:])) == (5, 0, 5, 25)


def test_each_product_has_places_of_its_own():
    own = [booking(MONDAY, TUESDAY, 4), booking(MONDAY, NEXT, 6, service="id_card")]
    assert row(first_free(*own)) == (10, 4, 10, 4 * 1 + 6 * 5)


def test_few_bookings_of_a_day_tell_nothing_of_the_first_free_place():
    assert first_free(booking(MONDAY, NEXT, 2)).is_empty()
    assert not first_free(booking(MONDAY, NEXT, 2), least=2).is_empty()


def test_who_asks_in_the_weekend_asks_before_monday():
    assert row(first_free(booking(SUNDAY, NEXT, 3)), SUNDAY) == (3, 3, 3, 3)


def test_the_promise_of_a_service_is_its_own():
    rows = [booking(MONDAY, THURSDAY, 3), booking(MONDAY, THURSDAY, 4, service="birth")]
    numbers = WORKDAYS.numbered(["stadhuis"], MONDAY, NEXT)
    made = planned(bookings(contacts(*rows)).lazy())
    within = {"passport": 5, "birth": 2}.__getitem__
    found = first_free_by_day(made, numbers, within=within, least=1)
    assert row(found)[:2] == (7, 3)


def no_shows(*rows: dict[str, object], last: date = FRIDAY) -> pl.DataFrame:
    ends = pl.DataFrame({"source": ["jcc", "old"], "last_day": [last, last]})
    return missed_by_day(telling(bookings(contacts(*rows)).lazy()), ends)


def test_visits_that_nobody_came_for_are_dated_by_their_day():
    rows = [booking(MONDAY, WEDNESDAY, 9, 2), booking(TUESDAY, WEDNESDAY, 3)]
    assert row(no_shows(*rows), WEDNESDAY)[:2] == (12, 2)


def test_visits_to_come_were_not_missed_yet():
    rows = [booking(MONDAY, FRIDAY, 9, 2), booking(MONDAY, NEXT, 9)]
    assert no_shows(*rows)["day"].to_list() == [FRIDAY]


def test_a_source_that_never_told_of_a_missed_visit_tells_of_none():
    rows = [booking(MONDAY, FRIDAY, 9, 2), booking(MONDAY, FRIDAY, 9, source="old")]
    assert row(no_shows(*rows), FRIDAY)[:2] == (9, 2)
