"""What the target asks for by what it holds over, and what is left at closing time."""

from datetime import date, timedelta

import polars as pl

from dashboard.queries.stored import stored
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.tables import Closing, Pooled, RequirementWeeks


def of_week(
    workspace: Workspace, run: RunRecord, location: str, skill: str, week: date
) -> pl.DataFrame:
    """The one row of `RequirementWeeks`; none for work that can wait and older runs."""
    rows = stored(workspace, run, "requirement_weeks", RequirementWeeks.create_empty())
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    return rows.filter(here, pl.col("week") == week).collect()


def closing(
    workspace: Workspace, run: RunRecord, location: str, skill: str, week: date
) -> pl.DataFrame:
    """The `Closing` of the days of a week, in order."""
    rows = stored(workspace, run, "closing", Closing.create_empty())
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    days = pl.col("day").is_between(week, week + timedelta(days=6))
    return rows.filter(here, days).sort("day").collect()


def pools(
    workspace: Workspace, run: RunRecord, location: str, skill: str, week: date
) -> pl.DataFrame:
    """The `Pooled` rows of a location and week of which a skill is part."""
    rows = stored(workspace, run, "pooled", Pooled.create_empty())
    part = pl.col("skills").str.split("+").list.contains(skill)
    here = (pl.col("location") == location) & (pl.col("week") == week)
    return rows.filter(here, part).sort("skills").collect()
