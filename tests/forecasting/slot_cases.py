"""Simulated slots whose profile, noise and short days are known."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from forecasting.intraday.daybook import DayBook
from forecasting.tuning import load_tuning

TUNING = load_tuning().intraday
NAME = "hall/passport/application/phone"
NO_BOOK = DayBook(np.empty(0, "datetime64[D]"), np.empty(0, "datetime64[D]"))
FIRST = date(2024, 1, 1)

Rate = Callable[[date, float], float]
"""Expected contacts of a slot by day and hour; 0 or less is closed."""


def workdays(number: int, first: date = FIRST) -> list[date]:
    days = (first + timedelta(days=i) for i in range(2 * number))
    return [day for day in days if day.weekday() < 5][:number]


def simulated(
    days: list[date],
    rate: Rate,
    *,
    name: str = NAME,
    cv: float = 0.0,
    minutes: int = 30,
    seed: int = 0,
) -> pl.DataFrame:
    """Gamma-Poisson counts `series, clock, count` of the open slots of days."""
    rng = np.random.default_rng(seed)
    hours = np.arange(0, 24, minutes / 60)
    rows = [
        (datetime.combine(day, time()) + timedelta(hours=float(hour)), expected)
        for day in days
        for hour in hours
        if (expected := rate(day, float(hour))) > 0
    ]
    mean = np.array([expected for _, expected in rows])
    factor = rng.gamma(cv**-2, cv**2, mean.size) if cv else np.ones(mean.size)
    return pl.DataFrame(
        {
            "series": name,
            "clock": pl.Series([at for at, _ in rows], dtype=pl.Datetime("us")),
            "count": rng.poisson(mean * factor).astype(float),
        }
    )


def office(day: date, hour: float) -> float:
    """Open from 9 to 17, busiest in the morning, the same every day."""
    return 12 - abs(hour - 10.5) if 9 <= hour < 17 else 0.0


def true_shares(days: list[date], rate: Rate, minutes: int = 30) -> pl.DataFrame:
    """`clock, share`: the planted share of each slot in its day."""
    slots = simulated(days, rate, minutes=minutes)
    hour = pl.col("clock").dt.hour() + pl.col("clock").dt.minute() / 60
    means = [
        rate(at.date(), float(clock))
        for at, clock in slots.select("clock", hour.alias("hour")).iter_rows()
    ]
    known = slots.with_columns(pl.Series("mean", means))
    share = pl.col("mean") / pl.col("mean").sum().over(pl.col("clock").dt.date())
    return known.select("clock", share.alias("share"))
