"""Periods that a run does not learn from, and days of asking that a gap of visits hides."""

from datetime import timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.history.leaving import LeftOut
from forecasting.planner import standing_exclusions
from forecasting.workspace import Workspace

USUAL_LEAD = timedelta(days=28)
"""Most bookings are made no longer than this ahead."""


def periods_left_out(workspace: Workspace, calendar: Calendar) -> tuple[LeftOut, ...]:
    """Periods that do not train: those of the calendar, and those the planner noted."""
    noted = standing_exclusions(workspace)
    return (
        *(LeftOut(p.first, p.last, _all_of(p.location)) for p in calendar.excluded),
        *(LeftOut(note.first, note.last, note.series) for note in noted),
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
