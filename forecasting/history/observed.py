"""What was seen: sums per series, source and period in which there was any contact."""

from typing import Literal

import polars as pl

from forecasting.calendar import Calendar, local_day
from forecasting.counting import PLACE, Counts
from forecasting.history.contacts import took_place
from forecasting.tables import series_name

Dated = Literal["visit", "request"]

WEEK_S, MONTH_S = 7 * 86_400, 28 * 86_400
SUMS = ("count", "unmet", "weight", "work")
ROUNDING = 1e-6
"""Less than this share of a sum is what adding up left behind, no contact."""


def observed(
    counts: Counts, calendar: Calendar, dated: Dated, ends: pl.DataFrame
) -> pl.DataFrame:
    """Sums per `series, source, cadence, start`, sorted.

    `counted` is false of single events in a series by day: there silence may be a zero.
    `unmet` gave up, `weight` are those served whose handling time is known and `work`
    their seconds together; `booked` says that the series is asked for ahead. `ends` are
    the ends of the sources.
    """
    if dated == "visit":
        sums = _visits(took_place(counts.slots, ends), calendar).collect()
    else:
        sums = _requests(counts, calendar)
    return _periods(sums.select(pl.exclude(PLACE), series_name().alias("series")))


def _visits(slots: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    day = local_day("start", calendar.zone)
    return slots.group_by(*PLACE, "source", day.alias("start")).agg(
        pl.col("period_s").max(),
        pl.col("requested").is_not_null().any().alias("booked"),
        pl.col("count").sum(),
        pl.col("abandoned").sum().alias("unmet"),
        pl.col("timed").sum().alias("weight"),
        pl.col("work_s").sum().alias("work"),
    )


def _requests(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """Bookings on the day they were made; everything else on the day it came."""
    place = [*PLACE, "source"]
    visits, bookings = pl.collect_all(
        [
            _visits(counts.slots, calendar),
            counts.bookings.group_by(*place, "requested", "visit").agg(
                pl.col("count").sum()
            ),
        ]
    )
    days = bookings.group_by(*place, pl.col("visit").alias("start"))
    ahead = days.agg(pl.col("count").sum().alias("ahead"))
    rest = _rest(visits.join(ahead, on=[*place, "start"], how="left"))
    periods = visits.group_by(place).agg(pl.col("period_s").max())
    made = bookings.group_by(*place, pl.col("requested").alias("start"))
    asked = (
        made.agg(pl.col("count").sum())
        .join(periods, on=place, how="left")
        .with_columns(
            pl.col("period_s").fill_null(0),
            *(pl.lit(0.0).alias(name) for name in SUMS if name != "count"),
            booked=True,
        )
    )
    return pl.concat([rest, asked.select(rest.columns)])


def _rest(visits: pl.DataFrame) -> pl.DataFrame:
    """What of each day's visits was not booked ahead, with its part of the other sums."""
    ahead = pl.col("ahead").fill_null(0.0)
    share = (1 - ahead / pl.col("count")).fill_nan(1.0).alias("share")
    kept = visits.with_columns(share).filter(pl.col("share") > ROUNDING)
    parts = [pl.col(name) * pl.col("share") for name in SUMS]
    return kept.with_columns(*parts).drop("ahead", "share")


def _periods(sums: pl.DataFrame) -> pl.DataFrame:
    """Put each series on the coarsest period any of its sources counts in."""
    longest = pl.col("period_s").max().over("series")
    of_weeks = pl.when(longest >= WEEK_S).then(pl.lit("week")).otherwise(pl.lit("day"))
    cadence = pl.when(longest >= MONTH_S).then(pl.lit("month")).otherwise(of_weeks)
    start = pl.col("start")
    monday = start.dt.truncate("1w")
    of_week = pl.when(cadence == "week").then(monday).otherwise(start)
    floor = pl.when(cadence == "month").then(start.dt.month_start()).otherwise(of_week)
    placed = sums.with_columns(cadence.alias("cadence"), floor.alias("start"))
    keys = ("series", "source", "cadence", "start")
    return (
        placed.group_by(keys)
        .agg(
            (
                (pl.col("period_s").max() > 0) | (pl.col("cadence") != "day").first()
            ).alias("counted"),
            pl.col("booked").any(),
            *(pl.col(name).sum() for name in SUMS),
        )
        .sort(keys)
    )
