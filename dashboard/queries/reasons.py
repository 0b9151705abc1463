"""Why a forecast says what it says: its causes, busy weeks, level shifts, ten years."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.queries.demand import Grain, whole_weeks
from dashboard.queries.stored import stored
from forecasting.explaining.peaks import stretches
from forecasting.insight_tables import (
    Causes,
    Effects,
    Notices,
    Outlook,
    Peaks,
)
from forecasting.records import RunRecord
from forecasting.tables import split_series
from forecasting.tuning import load_tuning
from forecasting.validity import Change, changes
from forecasting.workspace import Workspace
from staffing.store import catalogue

CAUSES = (
    "level",
    "closed",
    "trend",
    "season",
    "weekday",
    "holiday",
    "expiries",
    "letters",
    "event",
    "fee",
    "hours",
    "planner",
    "outside",
    "rest",
)
"""Kinds of causes, in the order in which they are shown."""

SHIFT = "level shift"


@dataclass(frozen=True)
class Busy:
    """The busiest stretches of weeks to come, and how many were `found` in all."""

    rows: pl.DataFrame
    found: int


def causes(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """`start, cause, count` per day or whole week, by kind; they add up to the mean.

    `level` is the same in all: that of a usual period. `closed` is what closed days take
    off from that, or more open ones add. In a week, weekdays are part of both.
    """
    rows = stored(workspace, run, "causes", Causes.create_empty())
    start = pl.col("start").dt.truncate("1w") if grain == "week" else pl.col("start")
    first = pl.col("cause").str.split(" ").list.first()
    of_base = ["level", "weekday"] if grain == "week" else ["level"]
    kind = (
        pl.when(first.is_in(of_base))
        .then(pl.lit("level"))
        .otherwise(first.replace("school", "holiday"))
    )
    sums = (
        rows.filter(pl.col("series").is_in(series))
        .group_by(start, kind.alias("cause"))
        .agg(pl.col("count").sum())
        .collect()
    )
    whole = whole_weeks(workspace, run, sums) if grain == "week" else sums
    return _from_usual(whole)


def _from_usual(sums: pl.DataFrame) -> pl.DataFrame:
    """The level of each period parted in the usual one and what closed days make of it."""
    is_level = pl.col("cause") == "level"
    level = pl.col("count").filter(is_level).sum().alias("count")
    own = sums.group_by("start").agg(level)
    usual = pl.lit(own["count"].median(), pl.Float64)
    columns = ("start", "cause", "count")
    parts = [
        own.with_columns(pl.lit("level").alias("cause"), count=usual),
        own.with_columns(
            pl.lit("closed").alias("cause"), count=pl.col("count") - usual
        ),
        sums.filter(~is_level),
    ]
    every = pl.concat(part.select(columns) for part in parts)
    return every.filter(pl.col("count").abs() > 1e-9).sort("start", "cause")


def busy_weeks(
    workspace: Workspace, run: RunRecord, groups: Sequence[str], most: int = 6
) -> Busy:
    """The next busy weeks of some groups in order of time.

    One row for each stretch of busy weeks: its highest, with its `first` and `last`.
    Where there are more than `most`, those furthest above the usual are kept.
    """
    rows = stored(workspace, run, "peaks", Peaks.create_empty())
    tops = stretches(rows.filter(pl.col("group").is_in(list(groups))).collect())
    over = pl.col("expected") - pl.col("usual")
    top = tops.sort(over, "group", "week", descending=[True, False, False]).head(most)
    return Busy(top.sort("week", "group"), tops.height)


def level_shifts(
    workspace: Workspace, run: RunRecord, names: list[str]
) -> pl.DataFrame:
    """`Effects` that are shifts of level of some series in two years, newest first.

    With the `cadence` of each series.
    """
    rows = stored(workspace, run, "effects", Effects.create_empty())
    recent = pl.col("first") > pl.col("last") - pl.duration(days=730)
    own = (pl.col("kind") == SHIFT) & pl.col("subject").is_in(names) & recent
    cadences = workspace.table(run, "forecast").select("series", "cadence").unique()
    named = rows.filter(own).join(
        cadences, left_on="subject", right_on="series", how="left"
    )
    return named.sort("first", "subject", descending=[True, False]).collect()


def special(
    workspace: Workspace, run: RunRecord, names: list[str]
) -> list[tuple[str, list[str]]]:
    """The kinds of `Notices` of some series, with the series that are such."""
    rows = stored(workspace, run, "notices", Notices.create_empty())
    own = rows.filter(pl.col("series").is_in(names))
    kinds = own.group_by("kind").agg(pl.col("series").unique().sort()).sort("kind")
    return list(kinds.collect().iter_rows())


def decade(workspace: Workspace, run: RunRecord, service: str) -> pl.DataFrame:
    """The `Outlook` of a service by month; without rows where none was made."""
    rows = stored(workspace, run, "outlook", Outlook.create_empty())
    return rows.filter(pl.col("series") == service).sort("start").collect()


def validity_changes(workspace: Workspace, service: str) -> tuple[Change, ...]:
    """When the law changed how long the document of a service lasts."""
    known = {one.id: one.validity for one in catalogue(workspace).service}
    return changes(known.get(service, ()))


def services_ahead(workspace: Workspace, run: RunRecord) -> list[str]:
    """The services with an outlook of ten years, the largest first."""
    rows = stored(workspace, run, "outlook", Outlook.create_empty())
    sums = rows.group_by("series").agg(pl.col("mean").sum())
    ranked = sums.sort("mean", "series", descending=[True, False]).collect()
    return ranked["series"].to_list()


def applications(workspace: Workspace, run: RunRecord, service: str) -> pl.DataFrame:
    """`start, count` per whole month: the applications that an outlook goes on from."""
    steps = load_tuning(workspace.settings.config).expiry.steps
    rows = workspace.table(run, "demand").with_columns(split_series().alias("part"))
    part = pl.col("part").struct
    own = (part.field("service") == service) & part.field("step").is_in(steps)
    month = pl.col("start").dt.truncate("1mo")
    sums = rows.filter(own).group_by(month).agg(pl.col("count").sum()).sort("start")
    last = rows.filter(own).select(pl.col("start").max().dt.truncate("1mo"))
    return sums.filter(pl.col("start") < last.collect().item()).collect()
