"""How far away the first free places were, day by day, seen from the bookings made."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.counting import PLACE, Counts
from forecasting.tables import series_name

Numbers = npt.NDArray[np.float64]

WEEK, MONTH = 7, 28
"""Days before over which a wait is read, and where those say too little."""
LEAST_BOOKINGS = 10
LONGEST_LEAD = 180
"""Leads beyond so many days are taken for that long."""


@dataclass(frozen=True)
class BookingDays:
    """One series by day of asking, from `first` on, a value for each calendar day.

    `made` are the bookings made that day; `waits`, a row for each reading, tell how many
    days away the places were that were taken in the week before, NaN where too few
    bookings tell.
    """

    series: str
    first: date
    made: Numbers
    waits: Numbers


def booking_days(counts: Counts, quantiles: tuple[float, ...]) -> list[BookingDays]:
    """Every series that is asked for by appointment, with its waits, by name.

    A wait is a low quantile of the days between asking and visit: who wants the first
    free place gets it, and that is what a full calendar pushes away. It is read from
    the days before, so a busy day is not its own reason. Days before the first visit of
    a series are left out: of those who asked then, the early visits are not known.
    """
    appointments = counts.bookings.filter(pl.col("channel") == "appointment")
    days = (
        appointments.group_by(*PLACE, "requested", "visit")
        .agg(pl.col("count").sum())
        .with_columns(series_name().alias("series"))
        .filter(pl.col("requested") >= pl.col("visit").min().over("series"))
        .sort("series", "requested", "visit")
        .collect()
    )
    parts = days.partition_by("series", maintain_order=True)
    return [_of_series(rows, quantiles) for rows in parts]


def _of_series(rows: pl.DataFrame, quantiles: tuple[float, ...]) -> BookingDays:
    asked, visit = (
        rows[name].to_physical().to_numpy() for name in ("requested", "visit")
    )
    day = asked - asked.min()
    lead = np.clip(visit - asked, 0, LONGEST_LEAD)
    width = LONGEST_LEAD + 1
    number = int(day.max()) + 1
    table = np.zeros((number, width))
    np.add.at(table, (day, lead), rows["count"].to_numpy())
    return BookingDays(
        series=rows["series"][0],
        first=rows["requested"][0],
        made=table.sum(axis=1),
        waits=np.stack([wait_before(table, quantile) for quantile in quantiles]),
    )


def wait_before(table: Numbers, quantile: float) -> Numbers:
    """Per day a quantile of the leads of the week before, or of the month.

    `table` holds the bookings made by day of asking and days of lead.
    """
    week = _trailing_quantile(table, WEEK, quantile)
    month = _trailing_quantile(table, MONTH, quantile)
    return np.where(np.isnan(week), month, week)


def _trailing_quantile(table: Numbers, days: int, quantile: float) -> Numbers:
    """Quantile of the leads of the days before, with each day of lead spread evenly."""
    upto = np.vstack([np.zeros(table.shape[1]), np.cumsum(table, axis=0)])
    at = np.arange(table.shape[0])
    recent = upto[at] - upto[np.maximum(at - days, 0)]
    total = recent.sum(axis=1)
    reached = np.cumsum(recent, axis=1)
    wanted = quantile * total
    lead = (reached < wanted[:, None]).sum(axis=1).clip(max=table.shape[1] - 1)
    inside = recent[at, lead]
    before = reached[at, lead] - inside
    part = (wanted - before) / np.maximum(inside, 1e-12)
    return np.where(total >= LEAST_BOOKINGS, lead + part, np.nan)
