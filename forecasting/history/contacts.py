"""The counts that history is made of: read once, and only what took place."""

from datetime import datetime, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.errors import MissingStepError
from forecasting.tables import BookedDays
from forecasting.workspace import Workspace


def imported_counts(workspace: Workspace) -> Counts:
    """What all imported contacts add up to, read into memory.

    Raises:
        MissingStepError: no contacts were imported yet.
        StoreError: the table of an import is gone or damaged.
    """
    if not workspace.has_imported("slots"):
        raise MissingStepError(
            "Expected imported contacts, found none. "
            "Import a file first: piekwijzer import FILE --source NAME."
        )
    booked = workspace.has_imported("bookings")
    none = BookedDays.create_empty().lazy()
    bookings = workspace.imported("bookings") if booked else none
    return Counts(workspace.imported("slots"), bookings).in_memory()


def took_place(slots: pl.LazyFrame, ends: pl.DataFrame) -> pl.LazyFrame:
    """Leave out visits planned beyond the last day that their source covers."""
    beyond = pl.col("source").replace_strict(
        ends["source"], ends["beyond"], return_dtype=pl.Datetime("us", "UTC")
    )
    return slots.filter(pl.col("start") < beyond)


def source_ends(slots: pl.LazyFrame, calendar: Calendar) -> pl.DataFrame:
    """Per source the last local day it covers, and the moment after that day.

    A source that tells when visits were asked for was exported on the day of its last
    request: what it holds beyond that day is planned. Others end with their last row.
    """
    last = pl.coalesce(pl.col("requested").max(), pl.col("start").max())
    found = slots.group_by("source").agg(last.alias("last"))
    ends = found.sort("source").collect(engine="streaming")
    day = pl.col("last").dt.convert_time_zone(calendar.zone).dt.date()
    beyond = day.map_elements(
        lambda end: datetime.combine(
            end + timedelta(days=1), datetime.min.time(), calendar.tz
        ),
        return_dtype=pl.Datetime("us", "UTC"),
    )
    return ends.select("source", day.alias("last_day"), beyond.alias("beyond"))
