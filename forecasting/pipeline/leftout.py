"""Periods that a run does not learn from, and days of asking that a gap of visits hides."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.history.leaving import LeftOut
from forecasting.notes import Exclusion
from forecasting.planner import all_notes, standing_exclusions
from forecasting.records import Note
from forecasting.workspace import Workspace

USUAL_LEAD = timedelta(days=28)
"""Most bookings are made no longer than this ahead."""


def periods_left_out(workspace: Workspace, calendar: Calendar) -> tuple[LeftOut, ...]:
    """Periods that do not train: those of the calendar, and those the planner noted."""
    return _left_out(calendar, standing_exclusions(workspace))


def left_out_of(
    workspace: Workspace, calendar: Calendar, at: datetime
) -> tuple[LeftOut, ...]:
    """The same by the notes that stood at a moment: those a run of then went by."""
    notes = [
        note
        for note in all_notes(workspace, Exclusion.kind)
        if note.at <= at and (note.withdrawn_at is None or note.withdrawn_at > at)
    ]
    return _left_out(calendar, notes)


def _left_out(calendar: Calendar, notes: Sequence[Note]) -> tuple[LeftOut, ...]:
    return (
        *(LeftOut(p.first, p.last, _all_of(p.location)) for p in calendar.excluded),
        *(LeftOut(note.first, note.last, note.series) for note in notes),
    )


def asked_before(gaps: pl.DataFrame) -> list[LeftOut]:
    """Days of asking of which bookings are missing, for their visits were in a gap."""
    missing = gaps.filter(pl.col("kind") != "series")
    days = missing.select("first", "last", "series")
    return [
        LeftOut(first - USUAL_LEAD, last, name)
        for first, last, name in days.iter_rows()
    ]


def _all_of(location: str | None) -> str:
    """The pattern of all series of a location; of all where none is named."""
    return f"{location}/*" if location else ""
