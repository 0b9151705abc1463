"""A stored roster as a planner reads it: shifts, activities, shortfalls."""

from datetime import date

import polars as pl

from dashboard.queries.people import about_people
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.roster.result import Shortfall
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
def blocks(
    workspace: Workspace, run: RunRecord, day: date | None, zone: str
) -> pl.DataFrame:
    """What each person does, on a day or all week: stretches of one skill at one place."""
    local = pl.col("start").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    frame = workspace.table(run, "activities").with_columns(local.alias("from"))
    if day is not None:
        frame = frame.filter(pl.col("from").dt.date() == day)
    rows = frame.sort("person", "from").collect()
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


def shortfalls(run: RunRecord) -> list[Shortfall]:
    """The shortfalls that a run names: the largest ones."""
    found = run.figures.get("shortfalls")
    rows = found if isinstance(found, list) else []
    return [Shortfall.model_validate(row) for row in rows]


def shortfall_count(run: RunRecord) -> int:
    """How many shortfalls there are; a run may name only the first of them."""
    stored = run.figures.get("shortfall_count")
    return stored if isinstance(stored, int) else len(shortfalls(run))
