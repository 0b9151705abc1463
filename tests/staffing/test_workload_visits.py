"""Visits by appointment: booked ones once, those to come on top, and the agenda's places."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.tables import BookedAhead, NoShows, PlannedVisits
from staffing.standards import NoShow
from staffing.workload import (
    Bookings,
    Evidence,
    match_series,
    slot_workload,
    with_bookings,
)
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import BOOKED, MONDAY, VISITS

RULE = NoShow(share=0.1, source="t")
MEANS = {BOOKED: 36.0, VISITS: 24.0}
STARTS = [
    cases.calendar().slots("hall", "counter", MONDAY + timedelta(days=i))
    for i in range(5)
]


def ahead(*rows: tuple[int, float, float, float]) -> pl.DataFrame:
    """Days from Monday on: known, of which on the last day, and the share to come."""
    frame = pl.DataFrame(
        [(BOOKED, MONDAY + timedelta(days=day), *rest) for day, *rest in rows],
        schema=BookedAhead.create_empty().schema,
        orient="row",
    )
    return BookedAhead.validate(frame)


def planned(*rows: tuple[datetime, float], weeks: float = 0.0) -> pl.DataFrame:
    frame = pl.DataFrame(
        [(BOOKED, start, count, weeks) for start, count in rows],
        schema=PlannedVisits.create_empty().schema,
        orient="row",
    )
    return PlannedVisits.validate(frame)


def booked(bookings: Bookings, means: dict[str, float] = MEANS) -> pl.DataFrame:
    """Visits planned per slot of a week, a place for each of its twelve slots a day."""
    work, _ = match_series(pl.Series(list(means)), cases.catalogue(), no_show=RULE)
    found, _ = slot_workload(
        cases.slots(means),
        cases.forecast(means),
        work,
        cases.calendar(),
        bookings=bookings,
    )
    return found.filter(pl.col("skill") == "counter")


def per_day(slots: pl.DataFrame) -> list[float]:
    sums = slots.group_by("day").agg(pl.col("booked").sum()).sort("day")
    return (sums["booked"] / 0.9).to_list()


def of(evidence: Evidence, agenda: pl.DataFrame | None = None) -> Bookings:
    return Bookings.of(evidence, RULE, agenda)


def test_without_bookings_visits_are_as_forecast() -> None:
    assert per_day(booked(Bookings())) == pytest.approx([36.0] * 5)


def test_visits_in_the_agenda_stand_in_their_slot_and_are_counted_once() -> None:
    """Of Monday 30 are known, 4 of them of the last day, and a quarter is to come."""
    evidence = Evidence(
        planned=planned((STARTS[0][2], 20.0), (STARTS[0][7], 10.0)),
        ahead=ahead((0, 30.0, 4.0, 0.25)),
    )
    found = booked(of(evidence))
    rest = 36 * 0.25 - 4
    assert per_day(found) == pytest.approx([30 + rest, 36, 36, 36, 36])
    monday = found.filter(pl.col("day") == MONDAY)["booked"].to_numpy() / 0.9
    expected = np.full(12, rest / 12)
    expected[2] += 20
    expected[7] += 10
    np.testing.assert_allclose(monday, expected)
    walk_ins = found.filter(pl.col("day") == MONDAY)["walk_ins"]
    np.testing.assert_allclose(walk_ins, 2.0)


def test_more_booked_than_forecast_leaves_none_to_come_below_zero() -> None:
    evidence = Evidence(
        planned=planned((STARTS[1][0], 60.0)), ahead=ahead((1, 60.0, 20.0, 0.5))
    )
    assert per_day(booked(of(evidence)))[1] == pytest.approx(60.0)


def test_visits_planned_so_far_away_that_nothing_is_told_are_in_the_forecast() -> None:
    evidence = Evidence(planned=planned((STARTS[3][0], 9.0)))
    assert per_day(booked(of(evidence))) == pytest.approx([36.0] * 5)


def test_a_visit_at_a_closed_time_comes_in_the_nearest_open_slot() -> None:
    early = STARTS[0][0] - timedelta(minutes=45)
    evidence = Evidence(planned=planned((early, 8.0)), ahead=ahead((0, 8.0, 0.0, 0.0)))
    monday = booked(of(evidence)).filter(pl.col("day") == MONDAY)["booked"]
    assert monday.to_list() == pytest.approx([8 * 0.9] + [0.0] * 11)


def test_visits_asked_for_long_ago_are_missed_more() -> None:
    rows = [(BOOKED, 0, 1000.0, 50.0), (BOOKED, 4, 1000.0, 300.0)]
    told = pl.DataFrame(rows, schema=NoShows.create_empty().schema, orient="row")
    evidence = Evidence(
        missed=told,
        planned=planned((STARTS[0][0], 10.0), weeks=4.3),
        ahead=ahead((0, 10.0, 0.0, 0.0)),
    )
    first = booked(of(evidence))["booked"][0]
    assert first == pytest.approx(10 * (1 - (300 + 100 * 0.1) / 1100))


def test_days_of_a_forecast_take_what_is_booked_and_keep_their_quantiles_in_order() -> (
    None
):
    forecast, keys = cases.forecast(MEANS), ["series", "start"]
    names = ("mean", "q05", "q50", "q95")
    found = with_bookings(forecast, ahead((0, 30.0, 4.0, 0.25)), *names)
    monday = found.filter(pl.col("series") == BOOKED, pl.col("start") == MONDAY)
    assert monday["mean"].to_list() == pytest.approx([30 + 36 * 0.25 - 4])
    low, mid, high = monday.select("q05", "q50", "q95").row(0)
    assert 30 <= low < mid < high
    others = (pl.col("series") != BOOKED) | (pl.col("start") != MONDAY)
    rows = [frame.filter(others).sort(keys) for frame in (found, forecast)]
    assert rows[0].equals(rows[1])


def agenda(places: list[float], days: int = 5) -> pl.DataFrame:
    """Places of each day of a week, one slot in three."""
    rows = [
        (BOOKED, start, number / 4)
        for number, starts in zip(places, STARTS[:days], strict=True)
        for start in starts[::3]
    ]
    schema = pl.Schema(
        {
            "series": pl.String(),
            "start": pl.Datetime("us", "UTC"),
            "places": pl.Float64(),
        }
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_visits_are_planned_in_the_places_that_are_open() -> None:
    found = booked(Bookings(agenda=agenda([40.0] * 5)))
    assert per_day(found) == pytest.approx([36.0] * 5)
    monday = found.filter(pl.col("day") == MONDAY)["booked"] / 0.9
    assert monday.to_list() == pytest.approx([9.0, 0.0, 0.0] * 4)


def test_a_place_within_a_quarter_hour_is_in_the_slot_that_holds_it() -> None:
    later = agenda([40.0] * 5).with_columns(pl.col("start").dt.offset_by("10m"))
    found = booked(Bookings(agenda=later))
    monday = found.filter(pl.col("day") == MONDAY)["booked"] / 0.9
    assert monday.to_list() == pytest.approx([9.0, 0.0, 0.0] * 4)


def test_who_finds_a_day_full_comes_on_the_next_with_a_free_place() -> None:
    """36 ask for each day; what the week cannot hold waits beyond it."""
    found = booked(Bookings(agenda=agenda([20.0, 30.0, 60.0, 50.0, 10.0])))
    assert per_day(found) == pytest.approx([20.0, 30.0, 58.0, 36.0, 10.0])


def test_places_are_beside_the_visits_that_are_planned_already() -> None:
    evidence = Evidence(
        planned=planned((STARTS[0][0], 10.0), (STARTS[0][1], 6.0)),
        ahead=ahead((0, 16.0, 0.0, 0.5)),
    )
    parts = {"location": "hall", "service": "info", "step": "visit"}
    names = [pl.lit(value).alias(name) for name, value in parts.items()]
    by_step = agenda([40.0] * 5).drop("series").with_columns(names)
    found = booked(of(evidence, by_step))
    monday = found.filter(pl.col("day") == MONDAY)["booked"] / 0.9
    assert monday.to_list()[:4] == pytest.approx([10.0 + 4.5, 6.0, 0.0, 4.5])
    assert per_day(found) == pytest.approx([16.0 + 18.0, 36, 36, 36, 36])


def test_beyond_the_last_day_of_the_agenda_visits_are_as_forecast() -> None:
    found = booked(Bookings(agenda=agenda([40.0, 20.0], days=2)))
    assert per_day(found) == pytest.approx([36.0, 20.0, 36.0 + 16.0, 36.0, 36.0])


def test_an_agenda_with_fewer_than_no_places_is_refused_by_name() -> None:
    wrong = agenda([-4.0] * 5)
    with pytest.raises(
        InputError, match=f"came -1.0 for {BOOKED} at {date(2027, 1, 11)}"
    ):
        Bookings(agenda=wrong)
    with pytest.raises(InputError, match="without places"):
        Bookings(agenda=wrong.drop("places"))


def test_without_bookings_a_forecast_stays_as_it_is() -> None:
    forecast = cases.forecast(MEANS)
    assert with_bookings(forecast, BookedAhead.create_empty(), "mean").equals(forecast)
