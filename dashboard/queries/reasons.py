"""Why a forecast says what it says: its causes, its peaks, what moved it."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.queries.demand import Grain, whole_weeks
from forecasting.explaining.peaks import stretches
from forecasting.insight_tables import (
    Causes,
    Changes,
    Effects,
    Notices,
    Outlook,
    Peaks,
)
from forecasting.records import RunRecord
from forecasting.tables import split_series
from forecasting.tuning import load_tuning
from forecasting.workspace import Workspace

CAUSES = (
    "level",
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
class Moved:
    """A forecast of the same weeks before and now, and the causes of the difference."""

    weeks: int
    before: float
    now: float
    causes: tuple[tuple[str, float], ...]


def causes(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """`start, cause, count` per day or whole week, by kind; they add up to the mean."""
    rows = _stored(workspace, run, "causes", Causes.create_empty())
    start = pl.col("start").dt.truncate("1w") if grain == "week" else pl.col("start")
    first = pl.col("cause").str.split(" ").list.first()
    kind = pl.when(first == "school").then(pl.lit("holiday")).otherwise(first)
    sums = (
        rows.filter(pl.col("series").is_in(series))
        .group_by(start, kind.alias("cause"))
        .agg(pl.col("count").sum())
        .sort("start", "cause")
        .collect()
    )
    return whole_weeks(workspace, run, sums) if grain == "week" else sums


def coming_peaks(
    workspace: Workspace, run: RunRecord, groups: list[str], most: int = 6
) -> pl.DataFrame:
    """The next peaks of some groups in order of time; of none given, of all.

    One row for each stretch of peak weeks: its highest, with its `first` and `last`.
    Where there are more than `most`, those furthest above the usual are kept.
    """
    rows = _stored(workspace, run, "peaks", Peaks.create_empty())
    kept = rows.filter(pl.col("group").is_in(groups)) if groups else rows
    tops = stretches(kept.collect())
    over = pl.col("expected") - pl.col("usual")
    top = tops.sort(over, "group", "week", descending=[True, False, False]).head(most)
    return top.sort("week", "group")


def level_shifts(
    workspace: Workspace, run: RunRecord, names: list[str]
) -> pl.DataFrame:
    """`Effects` that are shifts of level of some series in two years, newest first."""
    rows = _stored(workspace, run, "effects", Effects.create_empty())
    recent = pl.col("first") > pl.col("last") - pl.duration(days=730)
    own = (pl.col("kind") == SHIFT) & pl.col("subject").is_in(names) & recent
    return rows.filter(own).sort("first", "subject", descending=[True, False]).collect()


def special(
    workspace: Workspace, run: RunRecord, names: list[str]
) -> list[tuple[str, int]]:
    """The kinds of `Notices` of some series, with how many of these are such."""
    rows = _stored(workspace, run, "notices", Notices.create_empty())
    own = rows.filter(pl.col("series").is_in(names))
    counts = own.group_by("kind").agg(pl.col("series").n_unique()).sort("kind")
    return [(kind, count) for kind, count in counts.collect().iter_rows()]


def moved(
    workspace: Workspace, run: RunRecord, group: str, weeks: int = 13
) -> Moved | None:
    """How the coming weeks of a group moved since the run before; None: not known."""
    stored = _stored(workspace, run, "changes", Changes.create_empty())
    rows = stored.filter(pl.col("group") == group).collect()
    if rows.is_empty():
        return None
    first: date = rows.select(pl.col("week").min()).item()
    near = rows.filter(pl.col("week") < first + timedelta(weeks=weeks))
    totals = near.unique("week").select(pl.col("before", "now").sum())
    counts = near.group_by("cause").agg(pl.col("count").sum())
    ranked = counts.sort(pl.col("count").abs(), "cause", descending=[True, False])
    before, now = totals.row(0)
    causes = tuple(ranked.select("cause", "count").iter_rows())
    return Moved(near["week"].n_unique(), before, now, causes)


def decade(workspace: Workspace, run: RunRecord, service: str) -> pl.DataFrame:
    """The `Outlook` of a service by month; without rows where none was made."""
    rows = _stored(workspace, run, "outlook", Outlook.create_empty())
    return rows.filter(pl.col("series") == service).sort("start").collect()


def services_ahead(workspace: Workspace, run: RunRecord) -> list[str]:
    """The services with an outlook of ten years, the largest first."""
    rows = _stored(workspace, run, "outlook", Outlook.create_empty())
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


def _stored(
    workspace: Workspace, run: RunRecord, dataset: str, empty: pl.DataFrame
) -> pl.LazyFrame:
    """A table of a run; one without rows where an older run stored none."""
    found = workspace.lake.scan(dataset, run.id)
    return empty.lazy() if found is None else found
