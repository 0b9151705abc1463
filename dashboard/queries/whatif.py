"""What-if as stored: the points that were tried, and hours and shares at any of them."""

from collections.abc import Mapping

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.whatif import between

AXES = ("factor", "target", "threshold_s")


def grid(
    workspace: Workspace, run: RunRecord, location: str, skill: str
) -> pl.DataFrame:
    """The tried points of a location and skill; empty for work that can wait."""
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    return workspace.table(run, "what_if_targets").filter(here).collect()


def points(table: pl.DataFrame, axis: str) -> list[float]:
    """The values of an axis that were tried, in order."""
    values: list[float] = table[axis].unique().sort().to_list()
    return values


def answer(table: pl.DataFrame, at: Mapping[str, float]) -> dict[str, float | None]:
    """Hours a week, the share with them and the share with today's people."""
    return between(table, at)


def by_target(table: pl.DataFrame, at: Mapping[str, float]) -> pl.DataFrame:
    """`target, hours, share` for every target tried, at one handling time and threshold."""
    rows = [
        {"target": target, **between(table, {**at, "target": target})}
        for target in points(table, "target")
    ]
    return pl.DataFrame(rows).select("target", "hours", "share")


def by_hour(
    workspace: Workspace, run: RunRecord, location: str, skill: str
) -> pl.DataFrame:
    """Per weekday and hour shares and waits with one person less, as now, and more."""
    here = (pl.col("location") == location) & (pl.col("skill") == skill)
    rows = workspace.table(run, "what_if_people").filter(here).collect()
    shares = [
        (1 - pl.col(late) / pl.col("offered")).clip(0, 1).alias(share)
        for late, share in (
            ("late_less", "share_less"),
            ("late", "share"),
            ("late_more", "share_more"),
        )
    ]
    return rows.with_columns(shares).sort("hour", "weekday")
