from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.calendar import Calendar, Hours
from forecasting.intraday.assumed import default_profile
from forecasting.intraday.dayparts import DayParts
from forecasting.policy import load_policy
from forecasting.tables import QUANTILE_NAMES, SlotDemand, SlotForecast
from forecasting.tuning import load_tuning

TUNING = load_tuning()
CALENDAR = load_policy(Path(__file__).parents[2] / "config" / "calendar.toml", Calendar)
NAME = "stadhuis/passport/application/appointment"
PLACE = {NAME: ("stadhuis", "counter")}


def periods(first: date, means: list[float], cadence: str = "day") -> pl.DataFrame:
    step = 7 if cadence == "week" else 1
    starts = [first + timedelta(days=step * i) for i in range(len(means))]
    return pl.DataFrame(
        {"series": NAME, "start": starts, "cadence": cadence, "mean": means}
    )


def forecast_slots(periods, history, places, calendar, tuning) -> pl.DataFrame:
    until = periods["start"].max()
    return DayParts.fitted(history, places, calendar, tuning, until).slots(periods)


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


def demand(first: date, days: int, rate: float = 4.0) -> pl.DataFrame:
    """The same count in every open quarter-hour of the counter."""
    starts = [
        start
        for i in range(days)
        for start in CALENDAR.slots("stadhuis", "counter", first + timedelta(days=i))
    ]
    frame = pl.DataFrame({"series": NAME, "start": starts, "count": rate})
    return frame.with_columns(pl.col("start").dt.cast_time_unit("us"))


def test_a_place_without_known_hours_follows_the_slots_of_its_history():
    history = demand(date(2026, 6, 1), 12)
    elsewhere = {NAME: ("elsewhere", None)}
    answer = forecast_slots(
        periods(date(2026, 6, 15), [64.0]), history, elsewhere, CALENDAR, TUNING
    )
    local = answer["start"].dt.convert_time_zone(CALENDAR.zone)
    assert (local.dt.time().min(), local.dt.time().max()) == (time(9), time(16, 45))
    assert answer["mean"].to_list() == pytest.approx([2.0] * 32)


def test_slots_beyond_the_open_hours_get_nothing():
    history = demand(date(2026, 1, 1), 150)
    days = [date(2026, 6, 1) + timedelta(days=i) for i in range(14)]
    answer = forecast_slots(
        periods(days[0], [64.0] * 14), history, PLACE, CALENDAR, TUNING
    )
    opened = [s for day in days for s in CALENDAR.slots("stadhuis", "counter", day)]
    assert answer["start"].to_list() == opened
    SlotForecast.validate(answer)
    assert answer["cv"].null_count() == 0


def closing_early(day: date) -> Calendar:
    """The calendar with one day that closes at noon, as an import tells it."""
    short = Hours.model_validate(
        {"location": "stadhuis", "skills": ["counter"], "first": day, "last": day,
         "mon": ["09:00:00", "12:00:00"]}
    )  # fmt: skip
    return Calendar.model_validate(CALENDAR.model_dump() | {"imported_hours": (short,)})


def test_a_short_day_keeps_part_of_what_its_shut_slots_would_hold():
    monday = date(2026, 6, 8)
    history = demand(date(2026, 1, 1), 150)
    calendar = closing_early(monday)
    parts = DayParts.fitted(history, PLACE, calendar, TUNING, monday)
    quantiles = (pl.lit(2 * 64.0).alias(name) for name in QUANTILE_NAMES)
    usual = periods(monday, [64.0, 64.0]).with_columns(*quantiles)
    days = parts.in_open_hours(usual)
    answer = parts.slots(days)
    sums = answer.group_by(pl.col("start").dt.date()).agg(pl.col("mean").sum())
    by_day = dict(sums.iter_rows())
    kept = TUNING.intraday.kept_share
    assert by_day[monday] == pytest.approx(64 * (12 / 32 + kept * 20 / 32), rel=0.02)
    assert by_day[date(2026, 6, 9)] == pytest.approx(64.0, rel=0.02)
    assert by_day == pytest.approx(dict(days.select("start", "mean").iter_rows()))
    assert days["q95"].to_list() == pytest.approx((2 * days["mean"]).to_list())


def test_a_day_of_unknown_hours_keeps_what_was_forecast_of_it():
    """Who does not know the hours of the day before Christmas cannot shorten it."""
    history = demand(date(2026, 1, 1), 150)
    elsewhere = {NAME: ("elsewhere", None)}
    until = date(2026, 12, 31)
    parts = DayParts.fitted(history, elsewhere, CALENDAR, TUNING, until)
    quantiles = (pl.lit(9.0).alias(name) for name in QUANTILE_NAMES)
    days = periods(date(2026, 12, 23), [64.0, 64.0]).with_columns(*quantiles)
    assert parts.in_open_hours(days).equals(days)
    sums = (
        parts.slots(days).group_by(pl.col("start").dt.date()).agg(pl.col("mean").sum())
    )
    assert sums["mean"].to_list() == pytest.approx([64.0, 64.0])


def test_series_without_times_of_day_have_no_measured_noise():
    week = periods(date(2026, 6, 1), [500.0], "week")
    answer = forecast_slots(week, no_slots(), PLACE, CALENDAR, TUNING)
    assert answer["cv"].null_count() == answer.height


@pytest.mark.parametrize(("day", "number"), [("2026-03-29", 92), ("2026-10-25", 100)])
def test_days_of_a_clock_switch_have_all_their_slots(day, number):
    first, last = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)
    starts = pl.datetime_range(first, last, "15m", eager=True)
    history = pl.DataFrame({"series": NAME, "start": starts, "count": 3.0})
    switch = periods(date.fromisoformat(day), [96.0])
    elsewhere = {NAME: ("elsewhere", None)}
    answer = forecast_slots(switch, history, elsewhere, CALENDAR, TUNING)
    assert answer.height == number
    assert answer["start"].is_unique().all()
    assert answer["mean"].sum() == pytest.approx(96.0)


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
