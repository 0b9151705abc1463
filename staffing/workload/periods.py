"""Forecast periods of a day, a week or a month, cut into days."""

import polars as pl

LENGTHS = {"day": "1d", "week": "1w", "month": "1mo"}
FRIDAY = 5


def days_of_periods(forecast: pl.DataFrame) -> pl.DataFrame:
    """Each row of a forecast once for every `day` of its period.

    A day stands for itself; weeks and months for their Mondays to Fridays.
    """
    end = pl.col("start")
    for cadence, length in LENGTHS.items():
        until = pl.col("start").dt.offset_by(length).dt.offset_by("-1d")
        end = pl.when(pl.col("cadence") == cadence).then(until).otherwise(end)
    days = forecast.with_columns(pl.date_ranges("start", end).alias("day")).explode(
        "day"
    )
    whole = pl.col("cadence").is_in(["week", "month"])
    return days.filter(~whole | (pl.col("day").dt.weekday() <= FRIDAY))
