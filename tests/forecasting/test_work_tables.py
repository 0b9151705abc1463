"""What history tells of the work: handling times, missed, planned and coming visits."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.history import (
    booked_ahead,
    handling_times,
    no_shows,
    planned_visits,
)
from tests.forecasting.history_cases import CALENDAR, MONDAY, at, counts

WALK_IN = "hall/general/visit/walk_in"
VISIT = "hall/general/visit/appointment"


def visit(day: date, asked: date, **more: object) -> dict[str, object]:
    return {
        "start": at(day), "requested": at(asked), "channel": "appointment", **more
    }  # fmt: skip


def test_a_slow_change_of_the_mean_is_no_spread_of_a_handling_time() -> None:
    """Times of sd 240 s about a mean that rises from 300 to 1200 s over the months."""
    rng = np.random.default_rng(5)
    drift = np.linspace(0, 900, 4000)
    rows = [
        {
            "start": at(MONDAY + timedelta(days=i // 20), f"{9 + i % 20 // 4}:{i % 4 * 15:02}"),
            "handling_s": float(drift[i] + seconds),
        }
        for i in range(drift.size)
        for seconds in rng.gamma(1 / 0.64, 300 * 0.64, rng.integers(1, 5))
    ]  # fmt: skip
    found = handling_times(counts(*rows), CALENDAR).row(0, named=True)
    assert found["series"] == WALK_IN
    assert found["kind"] == "measured"
    assert found["mean_s"] == pytest.approx(750, rel=0.02)
    assert found["cv"] * found["mean_s"] == pytest.approx(240, rel=0.08)
    assert found["timed"] == len(rows)


def test_calls_that_were_counted_weigh_by_those_that_were_answered() -> None:
    """Twelve answered calls of 180 s in one interval and four of 260 s in the next."""
    calls = {"period_s": 900, "channel": "phone"}
    found = handling_times(
        counts(
            {"start": at(MONDAY, "10:00"), "count": 14.0, "abandoned": 2.0,
             "handling_s": 180.0, **calls},
            {"start": at(MONDAY, "10:15"), "count": 4.0, "handling_s": 260.0, **calls},
        ),
        CALENDAR,
    ).row(0, named=True)  # fmt: skip
    assert found["mean_s"] == pytest.approx((12 * 180 + 4 * 260) / 16)
    assert found["cv"] * found["mean_s"] == pytest.approx(
        (80**2 / (1 / 12 + 1 / 4)) ** 0.5
    )
    assert found["pairs"] == 1


def test_counts_of_whole_days_tell_a_mean_and_no_spread() -> None:
    days = [
        {"start": at(MONDAY + timedelta(days=i)), "period_s": 86_400, "count": 50.0,
         "handling_s": seconds}
        for i, seconds in enumerate((180.0, 240.0))
    ]  # fmt: skip
    found = handling_times(counts(*days), CALENDAR)
    assert found.select("mean_s", "cv", "pairs").row(0) == (210.0, None, 0)


def test_lengths_of_places_in_an_agenda_are_no_measurement() -> None:
    lengths = [900.0, 900.0, 1350.0, 900.0]
    rows = [
        visit(MONDAY + timedelta(days=i), MONDAY, handling_s=length)
        for i, length in enumerate(lengths)
    ]
    found = handling_times(counts(*rows, visit(MONDAY, MONDAY)), CALENDAR)
    assert found["kind"].to_list() == ["planned"]


def test_only_the_last_year_tells_how_long_a_contact_takes() -> None:
    old = {"start": at(MONDAY - timedelta(days=400)), "handling_s": 999.0}
    new = {"start": at(MONDAY), "handling_s": 301.0}
    assert handling_times(counts(old, new), CALENDAR)["mean_s"].to_list() == [301]


def test_a_single_timed_contact_has_no_spread() -> None:
    found = handling_times(counts({"start": at(MONDAY), "handling_s": 7.0}), CALENDAR)
    assert found["cv"].to_list() == [None]


def test_missed_visits_are_counted_by_weeks_of_lead() -> None:
    asked = MONDAY - timedelta(days=20)
    rows = [
        visit(asked + timedelta(days=lead), asked, no_show=missed)
        for lead, missed in ((1, 0.0), (6, 1.0), (15, 1.0), (16, 0.0), (20, 0.0))
    ]
    future = visit(MONDAY + timedelta(days=9), MONDAY)
    found = no_shows(counts(*rows, future), CALENDAR)
    assert found.rows() == [(VISIT, 0, 2.0, 1.0), (VISIT, 2, 3.0, 1.0)]


def test_a_source_that_never_tells_of_missed_visits_tells_nothing() -> None:
    told = visit(MONDAY, MONDAY, no_show=1.0)
    silent = [visit(MONDAY, MONDAY, source="other") for _ in range(9)]
    found = no_shows(counts(told, *silent), CALENDAR)
    assert found["visits"].to_list() == [1.0]


def test_planned_visits_are_those_after_the_last_day_of_asking() -> None:
    rows: list[dict[str, object]] = [
        visit(MONDAY, MONDAY - timedelta(days=3)),
        visit(MONDAY + timedelta(days=7), MONDAY - timedelta(days=7)),
        visit(MONDAY + timedelta(days=7), MONDAY),
        {"start": at(MONDAY + timedelta(days=7))},
    ]
    found = planned_visits(counts(*rows), CALENDAR)
    assert found.select("series", "count", "weeks").rows() == [(VISIT, 2.0, 1.5)]


def agenda(rate: float = 40.0) -> list[dict[str, object]]:
    """Visits of each weekday asked for 0 to 13 days ahead, known until Monday."""
    rng = np.random.default_rng(3)
    rows = []
    for i in range(-60, 30):
        day = MONDAY + timedelta(days=i)
        leads = rng.integers(0, 14, rng.poisson(rate) if day.weekday() < 5 else 0)
        rows += [visit(day, day - timedelta(days=int(k))) for k in leads if i - k <= 0]
    return rows


def test_booked_visits_and_those_to_come_add_up_to_the_forecast() -> None:
    """The forecast is right: known and still to come together are it, day by day."""
    found = booked_ahead(counts(*agenda()), CALENDAR)
    near = found.filter(
        pl.col("day") <= MONDAY + timedelta(days=14), pl.col("day").dt.weekday() <= 5
    )
    assert near.height == 9
    total = near["known"] + (40 * near["to_come"] - near["last"]).clip(0)
    assert total.mean() == pytest.approx(40, abs=4 * (40 / 9) ** 0.5)
    expected = [(lead + 1) / 14 for lead in (1, 2, 3, 4, 7, 8, 9, 10, 11)]
    np.testing.assert_allclose(near["to_come"], expected, atol=0.12)


def test_a_system_that_was_replaced_has_no_visits_to_come() -> None:
    """The old one planned to the 21st and ended on the 5th; the new one told on."""
    old = visit(MONDAY + timedelta(days=16), MONDAY, source="old")
    new = visit(MONDAY + timedelta(days=25), MONDAY + timedelta(days=20))
    both = counts(old, new)
    assert planned_visits(both, CALENDAR)["count"].to_list() == [1.0]
    found = booked_ahead(both, CALENDAR)
    assert found["known"].sum() == 1
    assert (found["day"] > MONDAY + timedelta(days=20)).all()


def test_far_days_are_as_forecast_and_have_no_row() -> None:
    found = booked_ahead(counts(*agenda()), CALENDAR)
    assert (found["day"] <= MONDAY + timedelta(days=14)).all()


def test_a_weekday_without_visits_tells_nothing_of_its_bookings() -> None:
    found = booked_ahead(counts(*agenda()), CALENDAR)
    assert set(found["day"].dt.weekday()) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "make", [handling_times, no_shows, planned_visits, booked_ahead]
)
def test_a_history_without_times_and_bookings_gives_empty_tables(
    make: Callable[[Counts, Calendar], pl.DataFrame],
) -> None:
    assert make(counts({"start": at(MONDAY)}), CALENDAR).is_empty()
