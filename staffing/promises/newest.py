"""The newest whole week of each promise and location, as rows for programs."""

import polars as pl

from forecasting.calendar import week_name

PLACE = ["promise", "location"]


def newest_weeks(weeks: pl.DataFrame) -> pl.DataFrame:
    """Of `PromiseWeeks` the last of each promise and location."""
    return weeks.sort("week").group_by(PLACE).tail(1).sort(PLACE)


def as_rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    """Rows with weeks by name (`2027-W02`)."""
    return [
        {**row, "week": week_name(row["week"])} for row in frame.iter_rows(named=True)
    ]
