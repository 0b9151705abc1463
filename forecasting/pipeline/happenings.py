"""What is known to happen on days past and to come: holidays, elections, noted events."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.history.leaving import meant_by
from forecasting.records import EventRecord
from forecasting.rolling.tasks import Task
from forecasting.series.knowndays import Known, known_days
from forecasting.series.panel import Panel, as_date

ELECTION, POLLING_DAY = "election", "polling day"

ELECTION_DAYS = 14
"""Questions and voting passes come in the two weeks before polling day."""


def known_of(calendar: Calendar, panel: Panel, horizon_days: int) -> Known:
    """What the calendar says of the days of a panel and of those to come.

    The event `election` lasts from two weeks before polling day up to that day.
    """
    first = as_date(min(series.starts[0] for series in panel.series)).year
    last = as_date(panel.last) + timedelta(days=horizon_days)
    votes = pl.DataFrame({"end": calendar.elections}, schema={"end": pl.Date})
    events = votes.select(
        pl.lit(ELECTION).alias("name"),
        pl.col("end").dt.offset_by(f"-{ELECTION_DAYS}d").alias("start"),
        "end",
    )
    return known_days(
        calendar.country,
        None,
        (first, last.year + 1),
        events=events,
        school_region=calendar.school_region,
    )


def with_events(task: Task, events: Sequence[EventRecord]) -> Task:
    """The task with polling days apart, and the events that were noted for its series.

    Residents come in the days before an election, not on polling day itself.
    """
    known = tuple(part for event in task.events for part in _apart(event))
    noted = tuple(
        (event.name, event.first, event.last)
        for event in events
        if meant_by(event.series, [task.series.name])
    )
    return replace(task, events=(*known, *noted))


def _apart(event: tuple[str, date, date]) -> list[tuple[str, date, date]]:
    """An election as the days before and polling day, its last; others as they are."""
    name, first, last = event
    if name != ELECTION or first == last:
        return [event]
    return [(name, first, last - timedelta(days=1)), (POLLING_DAY, last, last)]
