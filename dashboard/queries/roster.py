"""A stored roster as a planner reads it: shifts, activities, shortfalls, exports."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from dashboard.queries.people import about_people
from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.publish.versions import Version, versions
from staffing.store import people as stored_people


def staff(workspace: Workspace) -> pl.DataFrame:
    """Staff with their display label; empty when none was imported."""
    if not workspace.has_imported("people"):
        return pl.DataFrame(
            schema={"code": pl.String, "label": pl.String, "contract_hours": pl.Float64}
        )
    return stored_people(workspace).select("code", "label", "contract_hours")


@about_people
def shifts(workspace: Workspace, run: RunRecord, zone: str) -> pl.DataFrame:
    """Shifts in local time with the label of the person and the hours worked."""
    times = ("start", "end", "break_start", "break_end")
    rows = (
        workspace.table(run, "shifts")
        .collect()
        .with_columns(
            pl.col(name)
            .dt.convert_time_zone(zone)
            .dt.replace_time_zone(None)
            .alias(name)
            for name in times
        )
    )
    pause = (pl.col("break_end") - pl.col("break_start")).fill_null(pl.duration())
    worked = (pl.col("end") - pl.col("start") - pause).dt.total_minutes() / 60
    named = rows.with_columns(worked.alias("hours")).join(
        staff(workspace), left_on="person", right_on="code", how="left"
    )
    label = pl.col("label").fill_null(pl.col("person"))
    return named.with_columns(label).sort("label", "person", "day")


@about_people
def blocks(workspace: Workspace, run: RunRecord, day: date, zone: str) -> pl.DataFrame:
    """What each person does on a day: stretches of one skill at one location."""
    local = pl.col("start").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    rows = (
        workspace.table(run, "activities")
        .with_columns(local.alias("from"))
        .filter(pl.col("from").dt.date() == day)
        .sort("person", "from")
        .collect()
    )
    quarter = pl.duration(minutes=15)
    goes_on = (
        (pl.col("from") == pl.col("from").shift() + quarter)
        & (pl.col("person") == pl.col("person").shift())
        & (pl.col("skill") == pl.col("skill").shift())
        & (pl.col("location") == pl.col("location").shift())
    ).fill_null(value=False)
    stretches = rows.with_columns((~goes_on).cum_sum().alias("stretch"))
    return stretches.group_by("stretch", maintain_order=True).agg(
        pl.col("person", "location", "skill").first(),
        pl.col("from").min(),
        (pl.col("from").max() + quarter).alias("to"),
    )


@about_people
def skills_by_shift(workspace: Workspace, run: RunRecord, zone: str) -> pl.DataFrame:
    """The skills used in each shift, most used first: `person, day, skills`."""
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    quarters = workspace.table(run, "activities").group_by("person", day, "skill")
    ordered = quarters.agg(pl.len()).sort("len", "skill", descending=[True, False])
    lists = ordered.group_by("person", "day", maintain_order=True).agg(
        pl.col("skill").alias("skills")
    )
    return lists.collect()


def shortfalls(run: RunRecord) -> list[Mapping[str, object]]:
    """The shortfalls a roster names, each with what the solver stored about it."""
    found = run.figures.get("shortfalls")
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def shortfall_count(run: RunRecord) -> int:
    """How many shortfalls there are; a run may name only the first of them."""
    stored = run.figures.get("shortfall_count")
    return stored if isinstance(stored, int) else len(shortfalls(run))


def exported(settings: Settings, week: str) -> list[Path]:
    """Files handed out for a week, but for the calendars in their folder."""
    files = settings.exports.rglob(f"*{week}*")
    return sorted(
        file
        for file in files
        if file.suffix in {".xlsx", ".csv", ".ics"}
        and file.parent.name != f"rooster-{week}-ics"
    )


def calendars(settings: Settings, week: str) -> bytes | None:
    """The calendars handed out for a week in one ZIP; None when there are none."""
    files = sorted((settings.exports / f"rooster-{week}-ics").glob("*.ics"))
    if not files:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return packed.getvalue()


def standing(workspace: Workspace, week: str) -> list[Version]:
    """The newest version of a week, and after it the published one if another."""
    found = versions(workspace, parse_week(week))
    public = [version for version in found[:-1] if version.is_published]
    return [*found[-1:], *public]
