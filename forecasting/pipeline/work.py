"""What a run tells of the work: how long contacts take, which visits are planned."""

import polars as pl

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.history import (
    booked_ahead,
    handling_times,
    no_shows,
    planned_visits,
)


def work_tables(counts: Counts, calendar: Calendar) -> dict[str, pl.DataFrame]:
    """The tables `handling_times`, `no_shows`, `planned_visits` and `booked_ahead`."""
    return {
        "handling_times": handling_times(counts, calendar),
        "no_shows": no_shows(counts, calendar),
        "planned_visits": planned_visits(counts, calendar),
        "booked_ahead": booked_ahead(counts, calendar),
    }
