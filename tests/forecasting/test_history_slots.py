"""Demand per quarter-hour: open quarters with zero, closed ones absent, clocks kept."""

from datetime import date, timedelta

import polars as pl
import pytest

from forecasting.history import slot_demand
from forecasting.tables import SlotDemand
from tests.forecasting.history_cases import CALENDAR, CATALOGUE, MONDAY, at, counts


def test_slots_have_zeros_when_open_and_contacts_at_their_quarter():
    found = slot_demand(
        counts({"start": at(MONDAY, "10:07")}, {"start": at(MONDAY, "18:00")}),
        CALENDAR,
        CATALOGUE,
    )
    SlotDemand.validate(found)
    assert found.height == 32
    assert found["count"].sum() == 1
    busy = found.filter(pl.col("count") > 0)["start"].to_list()
    assert busy == [at(MONDAY, "10:00")]


def test_an_hour_counted_is_spread_over_its_quarters():
    found = slot_demand(
        counts({"start": at(MONDAY, "10:00"), "period_s": 3600, "count": 8.0}),
        CALENDAR,
        CATALOGUE,
    )
    busy = found.filter(pl.col("count") > 0)
    assert busy["count"].to_list() == [2.0] * 4


@pytest.mark.parametrize(
    ("day", "quarters"),
    [(date(2026, 3, 29), 20), (date(2026, 10, 25), 28), (date(2026, 5, 31), 24)],
)
def test_nights_of_the_clock_change_are_an_hour_shorter_or_longer(day, quarters):
    rows = counts({"start": at(day, "05:00"), "location": "night"})
    assert slot_demand(rows, CALENDAR, CATALOGUE).height == quarters


@pytest.mark.parametrize(
    ("sunday", "quarters"), [(date(2026, 3, 29), 20), (date(2026, 10, 25), 24)]
)
def test_inferred_hours_survive_the_clock_change(sunday, quarters):
    days = [sunday - timedelta(weeks=week) for week in range(3)]
    rows = counts(
        *(
            {"start": at(day, clock), "location": "elsewhere"}
            for day in days
            for clock in ("00:00", "05:45")
        )
    )
    found = slot_demand(rows, CALENDAR, CATALOGUE)
    local = found["start"].dt.convert_time_zone("Europe/Amsterdam").dt.date()
    assert (local == sunday).sum() == quarters
    assert (local == days[1]).sum() == 24


def test_daily_counts_tell_no_time_of_day():
    rows = counts({"start": at(MONDAY, "00:00"), "period_s": 86_400, "count": 9.0})
    assert slot_demand(rows, CALENDAR, CATALOGUE).is_empty()


def test_only_the_most_recent_days_make_slots():
    rows = counts({"start": at(MONDAY)}, {"start": at(date(2026, 1, 16))})
    found = slot_demand(rows, CALENDAR, CATALOGUE, days=2)
    days = found["start"].dt.date().unique().to_list()
    assert days == [date(2026, 1, 16)]
