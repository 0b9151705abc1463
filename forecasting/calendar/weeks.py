"""ISO weeks by name, and local days."""

from datetime import date, datetime, timedelta

import polars as pl

from forecasting.errors import InputError

YEARS = range(1900, 2200)
"""Years that a week may lie in."""


def monday(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def parse_week(text: str) -> date:
    """The Monday of an ISO week written as `2027-W02`.

    Raises:
        InputError: the text is no ISO week.
    """
    try:
        week = datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007
        rolls_over = week.isocalendar().week != int(text.rpartition("W")[2])
    except ValueError:
        week, rolls_over = date.min, False
    if week.year not in YEARS or rolls_over:
        raise InputError(
            f"expected an ISO week such as 2027-W02, came '{text:.60}'"
        ) from None
    return week


def week_name(day: date) -> str:
    """The ISO week of a day, as `2027-W02`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def first_week_beyond(day: date, notice_days: int) -> date:
    """The first Monday that is at least `notice_days` after a day."""
    return monday(day + timedelta(days=notice_days + 6))


def local_day(column: str, zone: str) -> pl.Expr:
    """The local day of a UTC column."""
    return pl.col(column).dt.convert_time_zone(zone).dt.date()
