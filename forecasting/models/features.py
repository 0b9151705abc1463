"""Known features of days, weeks and months: weekday, season, holidays.

Features are made per day; those of a week or month are the mean over its days, so that
one model serves every cadence.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from forecasting.series.panel import DayArray, FloatArray

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
DAY = np.timedelta64(1, "D")
YEAR_DAYS = 365.2425
NEAR = ("holiday", "before", "after", "bridge", "year_end")


def weekday(days: DayArray) -> IntArray:
    """Weekday of days, Monday 0."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def ordinal(days: DayArray) -> FloatArray:
    """Days since 1970, as numbers."""
    return days.astype("datetime64[D]").astype(np.float64)


def fourier(days: DayArray, order: int) -> FloatArray:
    """Yearly sine and cosine pairs: shape (days, 2 x order), lowest frequency first."""
    angle = 2 * np.pi * ordinal(days)[:, None] / YEAR_DAYS * np.arange(1, order + 1)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(days.size, -1)


def near_holidays(days: DayArray, holidays: Mapping[date, str]) -> FloatArray:
    """Indicators in the order of `NEAR`: the holiday, its neighbours, bridge days."""
    known = np.array(sorted(holidays), dtype="datetime64[D]")
    free = np.isin(days, known)
    before = np.isin(days + DAY, known) & ~free
    after = np.isin(days - DAY, known) & ~free
    return np.column_stack(
        [free, before, after, _bridge(days, known) & ~free, _year_end(days) & ~free]
    ).astype(float)


def _bridge(days: DayArray, known: DayArray) -> BoolArray:
    friday = (weekday(days) == 4) & np.isin(days - DAY, known)
    monday = (weekday(days) == 0) & np.isin(days + DAY, known)
    return np.asarray(friday | monday)


def _year_end(days: DayArray) -> BoolArray:
    in_year = days.astype("datetime64[D]") - days.astype("datetime64[Y]").astype(
        "datetime64[D]"
    )
    number = in_year.astype(np.int64)
    return np.asarray((number >= 357) | (number < 2))


def named_days(days: DayArray, holidays: Mapping[date, str]) -> FloatArray:
    """One indicator per holiday name: shape (days, names in order)."""
    names = sorted(set(holidays.values()))
    of_day = [holidays.get(day.item(), "") for day in days.astype("datetime64[D]")]
    return np.array([[day == name for name in names] for day in of_day], dtype=float)


def over_periods(starts: DayArray, cadence: str) -> tuple[DayArray, FloatArray]:
    """The days of all periods, and the matrix that averages them to periods."""
    if cadence == "day":
        return starts, np.empty((0, 0))
    lengths = _lengths(starts, cadence)
    owner = np.repeat(np.arange(starts.size), lengths)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    days = np.repeat(starts, lengths) + (np.arange(owner.size) - first) * DAY
    mean = np.zeros((starts.size, owner.size))
    mean[owner, np.arange(owner.size)] = 1 / lengths[owner]
    return days, mean


def _lengths(starts: DayArray, cadence: str) -> IntArray:
    if cadence == "week":
        return np.full(starts.size, 7)
    month = starts.astype("datetime64[M]")
    following = (month + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.asarray((following - month.astype("datetime64[D]")).astype(np.int64))
