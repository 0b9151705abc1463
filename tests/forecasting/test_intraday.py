from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.calendar import Calendar
from forecasting.intraday.dayparts import forecast_slots
from forecasting.intraday.profiles import default_profile, profile, spread
from forecasting.policy import load_policy
from forecasting.tables import SlotDemand, SlotForecast
from forecasting.tuning import load_tuning

TUNING = load_tuning()
CALENDAR = load_policy(Path(__file__).parents[2] / "config" / "calendar.toml", Calendar)
NAME = "stadhuis/passport/application/appointment"
Row = tuple[str, datetime, float]
PLACE = {NAME: ("stadhuis", "counter")}


def slot_rows(name: str, day: date, counts: dict[int, float]) -> list[Row]:
    return [
        (name, datetime.combine(day, datetime.min.time()) + timedelta(hours=h), c)
        for h, c in counts.items()
    ]


def clocked(rows: list[Row]) -> pl.DataFrame:
    schema = pl.Schema(
        {"series": pl.String(), "clock": pl.Datetime("us"), "count": pl.Float64()}
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def shares(table: pl.DataFrame, name: str) -> dict[int, float]:
    own = table.filter(pl.col("series") == name)
    return dict(zip(own["minute"], own["share"], strict=True))


def test_the_shares_of_a_weekday_add_up_to_one():
    rows = slot_rows(NAME, date(2026, 1, 5), {9: 30, 10: 60, 11: 10})
    found = shares(profile(clocked(rows), TUNING.intraday), NAME)
    assert sum(found.values()) == pytest.approx(1.0)


def test_recent_weeks_weigh_more():
    rows = slot_rows(NAME, date(2024, 7, 1), {9: 1000, 10: 0})
    rows += slot_rows(NAME, date(2026, 1, 5), {9: 0, 10: 1000})
    found = shares(profile(clocked(rows), TUNING.intraday), NAME)
    assert found[600] > 0.85


def test_a_small_series_leans_on_its_group():
    small, big = "a/x/s/phone", "a/y/s/phone"
    day = date(2026, 1, 5)
    rows = slot_rows(small, day, {9: 2, 10: 0}) + slot_rows(big, day, {9: 500, 10: 500})
    table = profile(clocked(rows), TUNING.intraday)
    assert shares(table, small)[540] == pytest.approx(0.5, abs=0.05)
    assert shares(table, big)[540] == pytest.approx(0.5, abs=0.01)


def test_a_short_day_keeps_its_whole_demand():
    rows = slot_rows(NAME, date(2026, 1, 5), {9: 30, 10: 60, 11: 10})
    table = profile(clocked(rows), TUNING.intraday)
    day = date(2026, 1, 12)
    late = [row[1] for row in slot_rows(NAME, day, {10: 0, 11: 0})]
    slots = pl.DataFrame({"series": NAME, "start": late, "period": day, "clock": late})
    periods = pl.DataFrame({"series": [NAME], "start": [day], "mean": [70.0]})
    answer = spread(periods, slots, table)
    assert answer["mean"].to_list() == pytest.approx([60.0, 10.0], rel=0.01)
    asked = spread(periods, slots, table, whole=False)
    assert asked["mean"].sum() == pytest.approx(70 * 0.7)


def periods(first: date, means: list[float], cadence: str = "day") -> pl.DataFrame:
    step = 7 if cadence == "week" else 1
    starts = [first + timedelta(days=step * i) for i in range(len(means))]
    return pl.DataFrame(
        {"series": NAME, "start": starts, "cadence": cadence, "mean": means}
    )


def no_slots() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "series": pl.String,
            "start": pl.Datetime("us", "UTC"),
            "count": pl.Float64,
        }
    )


def test_a_week_without_times_of_day_falls_over_all_its_open_slots():
    week = periods(date(2026, 6, 1), [500.0], "week")
    answer = forecast_slots(week, no_slots(), PLACE, CALENDAR, TUNING)
    SlotForecast.validate(answer)
    assert answer["mean"].sum() == pytest.approx(500.0)
    local = answer["start"].dt.convert_time_zone("Europe/Amsterdam")
    assert set(local.dt.weekday()) == {1, 2, 3, 4, 5}
    assert answer.height == 4 * 32 + 44
    by_day = answer.group_by(local.dt.weekday().alias("day")).agg(pl.col("mean").sum())
    totals = dict(by_day.iter_rows())
    assert totals[1] > totals[2] > totals[5]


def test_open_slots_follow_the_clock_over_both_switches():
    for day in (date(2026, 3, 30), date(2026, 10, 26)):
        answer = forecast_slots(
            periods(day, [32.0]), no_slots(), PLACE, CALENDAR, TUNING
        )
        local = answer["start"].dt.convert_time_zone("Europe/Amsterdam")
        assert (local.dt.hour().min(), local.dt.hour().max()) == (9, 16)


def test_a_closed_day_gets_no_slots():
    christmas = periods(date(2026, 12, 25), [10.0])
    answer = forecast_slots(christmas, no_slots(), PLACE, CALENDAR, TUNING)
    assert answer.is_empty()


def test_a_place_without_known_hours_follows_the_slots_of_its_history():
    rows = slot_rows(NAME, date(2026, 6, 1), {8: 5.0, 9: 5.0})
    history = pl.DataFrame(
        rows, schema=["series", "start", "count"], orient="row"
    ).with_columns(pl.col("start").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    elsewhere = {NAME: ("elsewhere", None)}
    answer = forecast_slots(
        periods(date(2026, 6, 8), [10.0, 10.0]), history, elsewhere, CALENDAR, TUNING
    )
    assert answer["start"].dt.hour().to_list() == [8, 9]
    assert answer["mean"].to_list() == [5.0, 5.0]


def test_the_assumed_profile_says_where_it_comes_from():
    assert TUNING.default_profile.source
    table = default_profile(pl.Series("series", [NAME]), TUNING.default_profile)
    assert table.height == 7 * 96
    assert (table["share"] > 0).all()


def test_a_month_falls_over_all_its_open_days():
    periods = pl.DataFrame(
        {"series": NAME, "start": [date(2026, 9, 1)], "cadence": "month", "mean": 220.0}
    )
    history = SlotDemand.create_empty()
    slots = forecast_slots(periods, history, PLACE, CALENDAR, TUNING)
    days = slots["start"].dt.convert_time_zone("Europe/Amsterdam").dt.date().unique()
    assert days.len() == 22
    assert slots["mean"].sum() == pytest.approx(220.0)
