"""Weeks as whole numbers: how many Mondays since the first of 1970."""

from datetime import date, timedelta

import numpy as np

from forecasting.series.panel import DayArray

FIRST_MONDAY = date(1970, 1, 5)


def week_of(day: date) -> int:
    """The number of the week that a day lies in."""
    return (day - FIRST_MONDAY).days // 7


def monday_of(week: int) -> date:
    """The Monday of a week."""
    return FIRST_MONDAY + timedelta(weeks=week)


def weeks_of(days: DayArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers of the weeks that days lie in."""
    since = (days.astype("datetime64[D]") - np.datetime64(FIRST_MONDAY)).astype(int)
    return np.asarray(since // 7, dtype=np.int64)


def midweek(weeks: np.ndarray) -> DayArray:
    """The Wednesday of each week."""
    wednesday = np.datetime64(FIRST_MONDAY) + np.timedelta64(2, "D")
    return np.asarray(wednesday + 7 * weeks.astype("timedelta64[D]"))


def end_of(day: date) -> float:
    """The end of a day as a point on the axis of weeks: requests fall on working days."""
    return week_of(day) + min(day.weekday() + 1, 5) / 5
