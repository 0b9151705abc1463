"""Load per week against capacity, the peaks in it, and the letters that flatten them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.stored_load import stored_load

SMALLEST_CELL = 5
"""Fewer people than this are not told of."""


@dataclass(frozen=True)
class Peak:
    """A week that the requirement marked as a peak of a team; capacity may be unknown."""

    location: str
    skill: str
    week: date
    hours: float
    hours_q75: float
    hours_at_hand: float | None
    capacity: float | None

    @property
    def over(self) -> float | None:
        """Upper-quartile hours above capacity; None where no capacity is known."""
        return None if self.capacity is None else self.hours_q75 - self.capacity


def weekly_load(
    workspace: Workspace, run: RunRecord, *, first: date, weeks: int
) -> pl.DataFrame:
    """Hours and capacity per location, skill and week, with `share` of capacity used."""
    rows = stored_load(workspace, run).filter(
        pl.col("week") >= first, pl.col("week") < first + timedelta(weeks=weeks)
    )
    share = pl.when(pl.col("capacity") > 0).then(pl.col("hours") / pl.col("capacity"))
    return (
        rows.with_columns(share.alias("share"))
        .sort("skill", "location", "week")
        .collect()
    )


def peaks(workspace: Workspace, run: RunRecord, *, first: date) -> list[Peak]:
    """Peaks from a week on, in order of time, the largest of a week first."""
    marked = _marked(run)
    rows = stored_load(workspace, run).filter(pl.col("week") >= first)
    found = [
        Peak(**row)
        for row in rows.collect().to_dicts()
        if (row["location"], row["skill"], row["week"]) in marked
    ]
    return sorted(found, key=lambda peak: (peak.week, -(peak.over or 0)))


def _marked(run: RunRecord) -> set[tuple[str, str, date]]:
    """Location, skill and week of every peak that a requirement stored."""
    stored = run.figures.get("peak_weeks")
    pairs = stored if isinstance(stored, Mapping) else {}
    return {
        (*pair.split("/", 1), parse_week(week))
        for pair, weeks in pairs.items()
        for week in weeks
    }


def letters(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """Letters per mailing week and service."""
    rows = workspace.table(run, "letters").group_by("mailing_week", "service")
    return rows.agg(pl.col("letters").sum()).sort("mailing_week", "service").collect()


def week_by_service(rows: pl.DataFrame) -> pl.DataFrame:
    """Letters with a row per mailing week and a column per service."""
    return rows.pivot("service", index="mailing_week", values="letters").sort(
        "mailing_week"
    )
