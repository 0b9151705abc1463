"""The open pattern is inferred from a history that never holds closed periods."""

from datetime import date, timedelta

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.history import open_days


def history(starts, series: str = "a") -> pl.DataFrame:
    return pl.DataFrame(
        {"series": series, "start": list(starts), "count": 1.0},
        schema_overrides={"start": pl.Date},
    )


def days(first: date, number: int):
    return [first + timedelta(days=i) for i in range(number)]


YEAR = days(date(2025, 1, 1), 365)


def test_weekdays_seen_are_open_and_a_rare_exception_is_not():
    seen = [day for day in YEAR if day.weekday() < 5] + [date(2025, 10, 25)]
    found = open_days(history(seen), date(2026, 2, 2), date(2026, 2, 15))
    assert found["start"].dt.weekday().to_list() == [1, 2, 3, 4, 5] * 2


def test_a_pattern_that_changed_follows_the_last_year():
    old = [day for day in days(date(2021, 1, 1), 1400) if day.weekday() < 6]
    new = [day for day in YEAR if day.weekday() in {0, 3}]
    found = open_days(history(old + new), date(2026, 2, 2), date(2026, 2, 8))
    assert found["start"].to_list() == [date(2026, 2, 2), date(2026, 2, 5)]


def test_a_month_never_open_stays_closed():
    seen = [day for day in YEAR if day.month != 8]
    found = open_days(history(seen), date(2026, 7, 30), date(2026, 9, 2))
    assert set(found["start"].dt.month()) == {7, 9}


def test_a_month_not_yet_lived_through_is_not_closed():
    seen = [day for day in YEAR if day.month < 6]
    found = open_days(history(seen), date(2025, 6, 1), date(2025, 6, 30))
    assert found.height == 30


@pytest.mark.parametrize(
    "closed", [{date(2026, 2, 3)}, lambda day: day == date(2026, 2, 3)]
)
def test_closed_days_are_left_out_named_or_asked_for(closed):
    found = open_days(history(YEAR), date(2026, 2, 2), date(2026, 2, 4), closed=closed)
    assert found["start"].to_list() == [date(2026, 2, 2), date(2026, 2, 4)]


def test_weekly_and_monthly_history_keep_their_step():
    mondays = [day for day in YEAR if day.weekday() == 0]
    firsts = [
        date(2024 + year, month, 1) for year in range(2) for month in range(1, 13)
    ]
    both = pl.concat([history(mondays, "week"), history(firsts, "month")])
    found = open_days(both, date(2026, 1, 1), date(2026, 2, 28))
    weeks = found.filter(pl.col("series") == "week")["start"]
    assert weeks.dt.weekday().unique().to_list() == [1]
    assert weeks.len() == 8
    months = found.filter(pl.col("series") == "month")["start"]
    assert months.to_list() == [date(2026, 1, 1), date(2026, 2, 1)]


def test_each_series_has_its_own_pattern():
    frame = pl.concat(
        [
            history([day for day in YEAR if day.weekday() == 2], "wed"),
            history([day for day in YEAR if day.weekday() == 4], "fri"),
        ]
    )
    found = open_days(frame, date(2026, 2, 2), date(2026, 2, 8))
    assert found.rows() == [("fri", date(2026, 2, 6)), ("wed", date(2026, 2, 4))]


def test_a_bad_frame_is_an_input_error():
    with pytest.raises(InputError, match="columns series, start and count"):
        open_days(pl.DataFrame({"x": [1]}), date(2026, 1, 1), date(2026, 1, 2))
    with pytest.raises(InputError, match="last day"):
        open_days(history(YEAR), date(2026, 1, 2), date(2026, 1, 1))


def test_a_month_inside_a_long_gap_was_not_shut():
    """January to March of 2022 and of 2024: nothing is known of May, so it is open."""
    days = [
        date(year, 1, 1) + timedelta(days=i) for year in (2022, 2024) for i in range(90)
    ]
    found = open_days(history(days), date(2024, 5, 1), date(2024, 5, 31))
    assert found.height == 31
