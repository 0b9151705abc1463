"""Counts keep what history needs of the rows, however the rows are split over imports."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.counting import Counts, count_bookings, count_slots
from forecasting.tables import BookedDays, SlotContacts
from tests.forecasting.counted import counts_of
from tests.forecasting.history_cases import MONDAY, at, contacts

ZONE = "Europe/Amsterdam"
SUMS = ("count", "abandoned", "no_show", "work_s", "wait_s", "judged", "in_time")

ROW = st.builds(
    lambda minute, count, gone, handling, wait, in_time, lead: {
        "start": datetime(2026, 3, 28, tzinfo=UTC) + timedelta(minutes=minute),
        "count": float(count),
        "abandoned": float(min(gone, count)),
        "handling_s": handling,
        "wait_s": wait,
        "in_time": None if in_time is None else float(min(in_time, count)),
        "requested": None
        if lead is None
        else datetime(2026, 3, 28, tzinfo=UTC) + timedelta(minutes=minute - lead),
    },
    st.integers(0, 3 * 1440),
    st.integers(0, 5),
    st.integers(0, 5),
    st.none() | st.integers(1, 900).map(float),
    st.none() | st.integers(0, 900).map(float),
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 20_000),
)


def test_a_quarter_hour_keeps_counts_work_and_waits_of_those_known():
    rows = contacts(
        {"start": at(MONDAY, "10:01"), "handling_s": 100.0, "wait_s": 5.0},
        {"start": at(MONDAY, "10:14"), "handling_s": 300.0, "in_time": 1.0},
        {"start": at(MONDAY, "10:14"), "abandoned": 1.0, "handling_s": 0.0},
        {"start": at(MONDAY, "10:15"), "count": 3.0, "no_show": 1.0},
    )
    found = SlotContacts.validate(count_slots(rows).sort("start").collect())
    names = ("count", "abandoned", "timed", "work_s", "waited", "wait_s", "judged")
    assert found.select(names).rows() == [
        (3.0, 1.0, 2.0, 400.0, 1.0, 5.0, 1.0),
        (3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    ]


def test_a_booking_stands_on_the_local_days_of_asking_and_of_the_visit():
    late = datetime(2026, 7, 6, 22, 30, tzinfo=UTC)  # 00:30 on Tuesday in the town
    rows = contacts(
        {"start": late + timedelta(days=3), "requested": late},
        {"start": late + timedelta(days=3)},
    )
    found = BookedDays.validate(count_bookings(rows, ZONE).collect())
    assert found.select("requested", "visit", "count").rows() == [
        (date(2026, 7, 7), date(2026, 7, 10), 1.0)
    ]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=30), cut=st.integers(0, 30))
def test_sums_are_those_of_the_rows_in_one_import_or_two(rows, cut):
    whole = contacts(*rows).collect()
    counted = [
        counts_of(part.lazy(), ZONE) for part in (whole[:cut], whole[cut:], whole)
    ]
    first, second, once = (
        one.slots.select(pl.col(SUMS).sum()).collect().row(0) for one in counted
    )
    assert [a + b for a, b in zip(first, second, strict=True)] == pytest.approx(once)
    served = whole["count"] - whole["abandoned"] - whole["no_show"]
    assert dict(zip(SUMS, once, strict=True)) == pytest.approx(
        {
            "count": whole["count"].sum(),
            "abandoned": whole["abandoned"].sum(),
            "no_show": 0.0,
            "work_s": (served * whole["handling_s"]).sum(),
            "wait_s": (whole["count"] * whole["wait_s"]).sum(),
            "judged": whole.filter(pl.col("in_time").is_not_null())["count"].sum(),
            "in_time": whole["in_time"].sum(),
        }
    )
    booked = counted[2].bookings.collect()["count"].sum()
    asked = whole.filter(pl.col("requested").is_not_null())["count"].sum()
    assert booked == pytest.approx(asked)


def test_counts_in_memory_are_the_same_counts():
    counts = counts_of(contacts({"start": at(MONDAY)}), ZONE)
    again = counts.in_memory()
    assert isinstance(again, Counts)
    assert again.slots.collect().equals(counts.slots.collect())
