"""A week in quarter-hours: people required and rostered, and what a simulation says."""

from datetime import date, timedelta

import polars as pl

from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.telling_weeks import stored_team_weeks
from staffing.store import catalogue

KEY = ["location", "skill", "start"]


def staffed(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The locations and skills of a requirement."""
    rows = workspace.table(run, "weekly_load").select("location", "skill").unique()
    return rows.sort("skill", "location").collect()


def required_weeks(workspace: Workspace, run: RunRecord) -> list[date]:
    """The weeks that a requirement holds whole, by their Monday."""
    stored = run.figures.get("weeks")
    if isinstance(stored, list):
        return sorted(parse_week(str(week)) for week in stored)
    weeks = workspace.table(run, "weekly_load").select("week").unique().sort("week")
    found: list[date] = weeks.collect()["week"].to_list()
    return found


def of_week(frame: pl.LazyFrame, week: date, zone: str) -> pl.LazyFrame:
    """The rows of a local week, with `local` clock time."""
    local = pl.col("start").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    rows = frame.with_columns(local.alias("local"))
    day = pl.col("local").dt.date()
    return rows.filter(day >= week, day < week + timedelta(days=7))


def required(
    workspace: Workspace,
    run: RunRecord,
    location: str,
    skill: str,
    week: date,
    zone: str,
) -> pl.DataFrame:
    """The chosen number per quarter-hour, and how many contacts are late with it."""
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    rows = of_week(workspace.table(run, "requirement").filter(here), week, zone)
    chosen = rows.filter("chosen").rename({"people": "required"}).drop("chosen")
    return chosen.sort("local").collect()


def team(
    workspace: Workspace, run: RunRecord, location: str, skill: str, week: date
) -> dict[str, float]:
    """The row of a team in what the command line tells of a week."""
    rows = stored_team_weeks(workspace, run, week)
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    return rows.filter(here).row(0, named=True)


def candidates(
    workspace: Workspace,
    run: RunRecord,
    location: str,
    skill: str,
    week: date,
    zone: str,
) -> pl.DataFrame:
    """What each number of people buys, per quarter-hour: `local, people, late, chosen`."""
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    rows = of_week(workspace.table(run, "requirement").filter(here), week, zone)
    wanted = rows.select("local", "people", "late", "chosen", "offered", "load")
    return wanted.sort("local", "people").collect()


def coverage(
    workspace: Workspace, run: RunRecord, week: date, zone: str
) -> pl.DataFrame:
    """People required, rostered and to `spare` per location, skill and quarter-hour.

    Work that can wait is not short in a quarter-hour when its day as a whole is done.
    """
    rows = of_week(workspace.table(run, "coverage"), week, zone)
    spare = pl.col("rostered") - pl.col("required")
    done = spare.sum().over("location", "skill", pl.col("local").dt.date()) >= 0
    waits = pl.col("skill").is_in(sorted(catalogue(workspace).waiting_skills))
    shown = pl.when(waits & done).then(spare.clip(0)).otherwise(spare)
    with_spare = rows.with_columns(shown.alias("spare"))
    return with_spare.sort("skill", "location", "local").collect()


def simulated(
    workspace: Workspace, run: RunRecord, week: date, zone: str
) -> pl.DataFrame:
    """Simulated shares within the threshold, with 95% intervals, per quarter-hour."""
    rows = of_week(workspace.table(run, "simulated_slots"), week, zone)
    offered = pl.when(pl.col("offered") > 0).then(pl.col("offered"))
    shares = [
        (pl.col(name) / offered).alias(share)
        for name, share in (
            ("within", "share"),
            ("within_low", "share_low"),
            ("within_high", "share_high"),
        )
    ]
    return rows.with_columns(shares).sort("skill", "location", "local").collect()


def only(frame: pl.DataFrame, location: str, skill: str) -> pl.DataFrame:
    """The rows of one location and skill."""
    return frame.filter(pl.col("location") == location, pl.col("skill") == skill)
