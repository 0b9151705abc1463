"""The contacts that history is made of: every import once, and only what took place."""

from datetime import datetime, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.errors import MissingStepError
from forecasting.tables import Contacts
from forecasting.workspace import Workspace


def imported_contacts(workspace: Workspace) -> pl.LazyFrame:
    """All imported contacts, typed `Contacts`; where files overlap the latest holds.

    Raises:
        MissingStepError: no contacts were imported yet.
        StoreError: the table of an import is gone or damaged.
    """
    owners: dict[str, list[str]] = {}
    for record in workspace.owners("contacts"):
        owners.setdefault(record.source, []).append(record.id)
    parts = [_of_source(workspace, ids) for ids in owners.values()]
    if not parts:
        raise MissingStepError(
            "Expected imported contacts, found none. "
            "Import a file first: piekwijzer import FILE --source NAME."
        )
    return pl.concat(parts)


def _of_source(workspace: Workspace, owners: list[str]) -> pl.LazyFrame:
    """The imports of one source, in order; rows are unique within each."""
    frame = workspace.lake.scan("contacts", owners)
    rows = Contacts.create_empty().lazy() if frame is None else frame
    if len(owners) == 1:
        return rows
    return rows.unique("row_id", keep="last", maintain_order=True)


def took_place(contacts: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Leave out visits planned beyond the last day that their source covers."""
    ends = source_ends(contacts, calendar)
    beyond = pl.col("source").replace_strict(
        ends["source"], ends["beyond"], return_dtype=pl.Datetime("us", "UTC")
    )
    return contacts.filter(pl.col("start") < beyond)


def source_ends(contacts: pl.LazyFrame, calendar: Calendar) -> pl.DataFrame:
    """Per source the last local day it covers, and the moment after that day.

    A source that tells when visits were asked for was exported on the day of its last
    request: what it holds beyond that day is planned. Others end with their last row.
    """
    last = pl.coalesce(pl.col("requested").max(), pl.col("start").max())
    found = contacts.group_by("source").agg(last.alias("last"))
    ends = found.sort("source").collect(engine="streaming")
    day = pl.col("last").dt.convert_time_zone(calendar.zone).dt.date()
    beyond = day.map_elements(
        lambda end: datetime.combine(
            end + timedelta(days=1), datetime.min.time(), calendar.tz
        ),
        return_dtype=pl.Datetime("us", "UTC"),
    )
    return ends.select("source", day.alias("last_day"), beyond.alias("beyond"))
