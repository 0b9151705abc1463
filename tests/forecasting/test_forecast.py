import subprocess
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.calendar import public_holidays
from forecasting.errors import InputError
from forecasting.tables import Forecast


def working(first: date, number: int) -> list[date]:
    every = (first + timedelta(days=i) for i in range(number))
    return [day for day in every if day.weekday() < 5]


def daily(number: int, mean: float = 20.0, name: str = "a", seed: int = 0):
    days = working(date(2025, 1, 6), number)
    counts = np.random.default_rng(seed).poisson(mean, len(days))
    return pl.DataFrame({"series": name, "start": days, "count": counts})


def quarters(number: int) -> pl.DataFrame:
    opening = time(9)
    rows = [
        datetime.combine(day, opening) + timedelta(minutes=15 * i)
        for day in working(date(2025, 1, 6), number)
        for i in range(16)
    ]
    mean = [6.0 if start.hour == 10 else 2.0 for start in rows]
    counts = np.random.default_rng(0).poisson(mean)
    return pl.DataFrame({"series": "a/b/c/phone", "start": rows, "count": counts})


def is_sound(answer: pl.DataFrame) -> bool:
    numbers = answer.select(pl.exclude("series", "start")).to_numpy()
    Forecast.validate(
        answer.with_columns(pl.col("start").cast(pl.Date)).unique("start")
    )
    return bool(np.isfinite(numbers).all() and (numbers >= 0).all())


@pytest.mark.parametrize("number", [1, 2, 10, 56, 100])
def test_even_a_short_history_gets_a_sensible_forecast(number):
    history = daily(number)
    answer = forecasting.forecast(history, horizon=28)
    assert is_sound(answer)
    counts = history["count"]
    assert answer["mean"].is_between(0.9 * counts.min(), 1.1 * counts.max()).all()


def test_two_years_of_days_are_forecast_on_open_days_only():
    history = daily(730)
    holidays = [date(2025, 12, 25), date(2025, 12, 26), date(2026, 4, 6)]
    history = history.filter(~pl.col("start").is_in(holidays))
    answer = forecasting.forecast(history, horizon=30)
    assert is_sound(answer)
    assert answer["start"].dt.weekday().max() == 5
    assert (answer["start"].max() - history["start"].max()).days <= 30
    assert answer["mean"].mean() == pytest.approx(20, rel=0.1)


def test_a_history_of_zeros_is_forecast_as_zero():
    answer = forecasting.forecast(daily(200, 0.0), horizon=14)
    assert answer.select(pl.exclude("series", "start").abs().max()).row(0) == (0.0,) * 8


def test_a_gap_of_a_year_neither_closes_days_nor_breaks_the_forecast():
    early, late = daily(300), daily(300)
    late = late.with_columns(pl.col("start").dt.offset_by("104w"))
    answer = forecasting.forecast(pl.concat([early, late]), horizon=60)
    assert is_sound(answer)
    assert answer.height > 35


def test_weeks_and_months_keep_their_cadence():
    weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(80)]
    months = pl.date_range(date(2020, 1, 1), date(2024, 12, 1), "1mo", eager=True)
    for starts, horizon, following in (
        (pl.Series(weeks), 20, date(2025, 7, 14)),
        (months, 14, date(2025, 1, 1)),
    ):
        counts = np.random.default_rng(1).poisson(50.0, len(starts))
        history = pl.DataFrame({"series": "a", "start": starts, "count": counts})
        answer = forecasting.forecast(history, horizon=horizon)
        assert is_sound(answer)
        assert answer.height == horizon
        assert answer["start"][0] == following


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Amsterdam"])
def test_slots_are_forecast_as_slots_in_their_own_clock(zone):
    history = quarters(60)
    if zone is not None:
        local = pl.col("start").dt.replace_time_zone("Europe/Amsterdam")
        history = history.with_columns(local.dt.convert_time_zone(zone))
    answer = forecasting.forecast(history, horizon=96 * 7)
    assert is_sound(answer)
    assert answer.schema["start"] == history.schema["start"]
    assert answer.height == 5 * 16
    start = answer["start"]
    clock = start if zone is None else start.dt.convert_time_zone("Europe/Amsterdam")
    at_ten, at_eleven = (
        answer.filter(clock.dt.hour() == hour)["mean"].to_numpy() for hour in (10, 11)
    )
    assert at_ten.mean() == pytest.approx(3 * at_eleven.mean(), rel=0.2)


def test_a_day_that_breaks_off_is_forecast_to_its_end():
    whole = quarters(60)
    noon = whole["start"].to_list()[-1] - timedelta(hours=2)
    answer = forecasting.forecast(whole.filter(pl.col("start") <= noon), horizon=96)
    of_today = answer.filter(pl.col("start").dt.date() == noon.date())
    assert of_today.height == 8
    assert of_today["mean"].mean() == pytest.approx(2.0, rel=0.3)


def test_the_periods_asked_for_are_the_periods_answered():
    wanted = pl.DataFrame(
        {
            "series": "a",
            "start": [date(2025, 9, 1), date(2025, 9, 6), date(2025, 12, 1)],
        }
    )
    answer = forecasting.forecast(daily(180), future=wanted)
    assert answer.select("series", "start").equals(wanted)
    assert is_sound(answer)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("UTC", "UTC"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("Europe/Amsterdam", "UTC"),
    ],
)
def test_days_written_as_times_are_days_of_the_same_clock(written, zone):
    def as_times(frame: pl.DataFrame) -> pl.DataFrame:
        start = pl.col("start").cast(pl.Datetime("us")).dt.replace_time_zone(written)
        return frame.with_columns(start.dt.convert_time_zone(zone))

    wanted = pl.DataFrame({"series": "a", "start": [date(2025, 7, 14)]})
    expected = forecasting.forecast(daily(180), horizon=14)
    answer = forecasting.forecast(as_times(daily(180)), horizon=14)
    assert answer.equals(as_times(expected))
    asked = forecasting.forecast(as_times(daily(180)), future=as_times(wanted))
    assert asked.equals(as_times(forecasting.forecast(daily(180), future=wanted)))


def test_a_horizon_without_an_open_period_has_no_rows():
    answer = forecasting.forecast(daily(61), horizon=1)
    assert daily(61)["start"].max() == date(2025, 3, 7)
    assert answer.is_empty()
    assert answer.columns == Forecast.column_names()


def test_a_holiday_closes_the_series_that_close_on_it():
    every = [date(2024, 1, 1) + timedelta(days=i) for i in range(700)]
    book = public_holidays("NL")
    desk = [day for day in every if day.weekday() < 5 and day not in book]
    history = pl.concat(
        pl.DataFrame({"series": name, "start": days, "count": 9})
        for name, days in (("online", every), ("desk", desk))
    )
    answer = forecasting.forecast(history, horizon=45)
    christmas = answer.filter(pl.col("start").is_in([date(2025, 12, 25)]))
    assert christmas["series"].to_list() == ["online"]


def test_the_order_of_rows_is_irrelevant():
    history = pl.concat([daily(120), daily(120, 5.0, "b", seed=1)])
    shuffled = history.sample(fraction=1.0, shuffle=True, seed=3)
    expected = forecasting.forecast(history, horizon=14)
    assert forecasting.forecast(shuffled, horizon=14).equals(expected)


def test_known_holidays_of_the_frame_go_before_those_of_the_country():
    history = daily(360).with_columns(
        pl.when(pl.col("start").dt.day() == 13).then(pl.lit("feast")).alias("holiday"),
    )
    history = history.with_columns(
        pl.when(pl.col("holiday") == "feast").then(90).otherwise("count").alias("count")
    )
    wanted = pl.DataFrame(
        {
            "series": "a",
            "start": [date(2026, 1, 12), date(2026, 1, 13)],
            "holiday": [None, "feast"],
        }
    )
    answer = forecasting.forecast(history, future=wanted)
    assert answer["mean"][1] > 1.6 * answer["mean"][0]


def refuse(history: pl.DataFrame, **asked: Any) -> str:
    with pytest.raises(InputError) as caught:
        forecasting.forecast(history, **asked)
    return str(caught.value)


def test_unusable_histories_are_named_in_one_line():
    good = daily(60)
    assert "repeat" in refuse(pl.concat([good, good]), horizon=5)
    assert "'count'" in refuse(good.drop("count"), horizon=5)
    assert "'start'" in refuse(good.with_columns(pl.col("start").cast(pl.String)))
    assert "at least 0" in refuse(good.with_columns(pl.col("count") - 90), horizon=5)
    nan = good.with_columns(pl.lit(float("nan")).alias("count"))
    assert "number" in refuse(nan, horizon=5)
    assert "none" in refuse(good.clear(), horizon=5)
    assert "at least 1 period" in refuse(good, horizon=-3)
    assert "at least 1 period" in refuse(good, horizon=0)
    assert "XX" in refuse(good, horizon=5, country="XX")


def test_a_future_that_cannot_be_answered_is_named_in_one_line():
    good = daily(60)
    unknown = pl.DataFrame({"series": ["zz"], "start": [date(2026, 1, 5)]})
    assert "'zz' has no history" in refuse(good, future=unknown)
    past = pl.DataFrame({"series": ["a"], "start": [date(2025, 1, 7)]})
    assert "ends 2025-03-06" in refuse(good, future=past)
    assert "'start'" in refuse(good, future=past.drop("start"))
    assert "came none" in refuse(good, future=past.clear())
    feast = good.with_columns(pl.lit(None, pl.String).alias("holiday"))
    later = past.with_columns(pl.lit(date(2026, 1, 5)).alias("start"))
    assert "'holiday'" in refuse(feast, future=later)


def test_importing_the_room_loads_no_model():
    code = (
        "import forecasting, sys; heavy = {'prophet', 'statsmodels', 'pandas', 'polars'}"
        "; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
