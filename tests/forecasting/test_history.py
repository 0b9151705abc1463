"""History: contacts become demand on open days, with nothing lost and nothing made up."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.counting import Counts
from forecasting.errors import MissingStepError
from forecasting.history import daily_demand, imported_counts, slot_demand
from forecasting.history.days import days_seen
from forecasting.tables import Demand
from tests.forecasting.counted import counts_of
from tests.forecasting.history_cases import (
    CALENDAR,
    CATALOGUE,
    MONDAY,
    at,
    contacts,
    counts,
)


def demand(*rows: dict[str, object], **more) -> pl.DataFrame:
    return Demand.validate(daily_demand(counts(*rows), CALENDAR, CATALOGUE, **more))


def by_day(frame: pl.DataFrame) -> dict[date, float]:
    return dict(frame.select("start", "count").iter_rows())


def test_an_open_day_without_contacts_has_a_zero_and_a_closed_day_no_row():
    found = by_day(demand({"start": at(MONDAY)}, {"start": at(date(2026, 1, 15))}))
    assert found[date(2026, 1, 6)] == 0
    assert date(2026, 1, 10) not in found  # Saturday
    assert date(2026, 1, 14) not in found  # the town's own closure
    assert found[MONDAY] == found[date(2026, 1, 15)] == 1
    assert len(found) == 8


def test_what_comes_on_a_closed_day_is_not_demand_unless_it_may_wait():
    saturday = date(2026, 1, 10)
    visits = demand(
        {"start": at(MONDAY)}, {"start": at(saturday)}, {"start": at(date(2026, 1, 12))}
    )
    assert visits["count"].sum() == 2
    message = {"step": "message", "channel": "callback"}
    messages = demand(
        {"start": at(MONDAY), **message},
        {"start": at(saturday), **message},
        {"start": at(date(2026, 1, 12)), **message},
    )
    assert by_day(messages)[date(2026, 1, 12)] == 2
    assert messages["count"].sum() == 3


def test_who_gave_up_is_counted_and_the_handling_time_is_of_those_served():
    found = demand(
        {"start": at(MONDAY), "handling_s": 100.0},
        {"start": at(MONDAY), "handling_s": 300.0},
        {"start": at(MONDAY), "handling_s": 0.0, "abandoned": 1.0},
        {"start": at(MONDAY), "handling_s": 900.0, "no_show": 1.0},
    )
    assert found.select("count", "unmet", "handling_s").rows() == [(4.0, 1.0, 200.0)]


def test_some_booked_and_some_not_are_told_apart_by_request():
    """One walks in without asking; the other asked two days before."""
    visit = {"channel": "appointment", "start": at(date(2026, 1, 7))}
    found = demand(
        {"channel": "appointment", "start": at(MONDAY), "abandoned": 1.0},
        {**visit, "requested": at(MONDAY, "20:00")},
        {**visit, "count": 2.0, "handling_s": 300.0},
        dated="request",
    )
    kept = found.filter(pl.col("count") > 0).select("start", "count", "unmet")
    assert kept.rows() == [(MONDAY, 2.0, 1.0), (date(2026, 1, 7), 2.0, 0.0)]


def test_planned_visits_do_not_enter_as_if_they_had_taken_place():
    booking = {"channel": "appointment", "requested": at(MONDAY, "12:00")}
    found = demand(
        {"start": at(MONDAY), **booking},
        {"start": at(MONDAY, "16:00"), **booking},
        {"start": at(date(2026, 1, 8)), **booking},
    )
    assert by_day(found) == {MONDAY: 2.0}


def test_dated_by_request_a_booking_counts_on_the_day_it_was_made():
    sunday = date(2026, 1, 4)
    rows = [
        {
            "channel": "appointment",
            "start": at(date(2026, 2, 2)),
            "requested": at(sunday + timedelta(days=i), "21:00"),
        }
        for i in range(14)
    ]
    found = demand(*rows, dated="request")
    assert found["count"].sum() == 14
    assert sunday in by_day(found)
    assert found["start"].max() == date(2026, 1, 17)


def test_counts_are_zero_only_where_their_source_covers_the_day():
    day = {"period_s": 86_400}
    other = {"period_s": 86_400, "channel": "appointment"}
    found = demand(
        {"start": at(MONDAY), "count": 5.0, **day},
        {"start": at(date(2026, 1, 6)), "count": 2.0, **other},
        {"start": at(date(2026, 1, 8)), "count": 4.0, **day},
    )
    walk_in = found.filter(pl.col("series").str.ends_with("walk_in"))
    assert by_day(walk_in) == {MONDAY: 5, date(2026, 1, 6): 0, date(2026, 1, 8): 4}


@pytest.mark.parametrize(
    ("period_s", "cadence", "days"),
    [(604_800, "week", [5, 19]), (2_592_000, "month", [1, 1])],
)
def test_weeks_and_months_keep_their_cadence(period_s, cadence, days):
    moments = (date(2026, 1, days[0]), date(2026, 1 if days[1] > 1 else 3, days[1]))
    found = demand(
        *(
            {"start": at(day, "00:00"), "period_s": period_s, "count": 3.0}
            for day in moments
        )
    )
    assert found["cadence"].to_list() == [cadence] * 2
    assert found["start"].to_list() == list(moments)


def test_a_series_lives_to_the_end_of_its_source_but_not_when_it_stopped_long_ago():
    rare = {"channel": "appointment"}
    last = date(2026, 1, 30)
    found = demand(
        {"start": at(MONDAY)},
        {"start": at(last)},
        {"start": at(date(2026, 1, 19)), **rare},
    )
    assert (
        found.filter(pl.col("series").str.ends_with("appointment"))["start"].max()
        == last
    )
    later = date(2026, 3, 30)
    found = demand(
        {"start": at(MONDAY)},
        {"start": at(later)},
        {"start": at(date(2026, 1, 19)), **rare},
    )
    ended = found.filter(pl.col("series").str.ends_with("appointment"))
    assert ended["start"].max() == date(2026, 1, 19)


def test_a_local_day_is_told_by_the_clock_of_the_town():
    late: dict[str, object] = {
        "start": datetime(2026, 7, 6, 22, 30, tzinfo=UTC)
    }  # 00:30 on Tuesday
    assert by_day(demand(late)) == {date(2026, 7, 7): 1.0}


def test_no_contacts_give_no_demand():
    assert demand().is_empty()
    assert slot_demand(counts(), CALENDAR, CATALOGUE).is_empty()


EVENT = st.builds(
    lambda day, quarter, n: {
        "start": datetime(2026, 1, 5, tzinfo=UTC)
        + timedelta(days=day, minutes=15 * quarter),
        "count": float(n),
        "period_s": 900,
    },
    st.integers(0, 60),
    st.integers(0, 90),
    st.integers(0, 9),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(EVENT, min_size=1, max_size=40), data=st.data())
def test_demand_adds_up_and_splitting_a_file_changes_nothing(rows, data):
    whole = contacts(*rows)
    found = days_seen(counts_of(whole, CALENDAR.zone), CALENDAR, CATALOGUE)
    open_day = pl.col("start").dt.convert_time_zone("Europe/Amsterdam").dt.date()
    opened = whole.filter(
        open_day.map_elements(
            lambda day: CALENDAR.opening("hall", "counter", day) is not None,
            return_dtype=pl.Boolean,
        )
    )
    assert found["count"].sum() == opened.collect()["count"].sum()
    order = data.draw(st.permutations(range(len(rows))))
    cut = data.draw(st.integers(0, len(rows)))
    frame = whole.collect()
    parts = [frame[order[:cut]], frame[order[cut:]]]
    counted = [counts_of(part.lazy(), CALENDAR.zone) for part in parts]
    slots = pl.concat([one.slots for one in counted])
    bookings = pl.concat([one.bookings for one in counted])
    again = days_seen(Counts(slots, bookings), CALENDAR, CATALOGUE)
    assert again.equals(found)


def test_without_an_import_the_message_names_the_command(workspace):
    with pytest.raises(MissingStepError, match="piekwijzer import"):
        imported_counts(workspace)
