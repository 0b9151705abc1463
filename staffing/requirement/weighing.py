"""Weeks of a requirement: hours by aim, what is expected in time, and the worst slot."""

import polars as pl

from staffing.requirement.choosing import AIMS, Staffed
from staffing.tables import RequirementWeeks

SLOT_HOURS = 0.25
WEEK = ["location", "skill", "week"]


def by_week(staffed: list[Staffed], idle: pl.DataFrame) -> pl.DataFrame:
    """The rows of `RequirementWeeks`; `idle` is per location, skill and day."""
    week = pl.col("day").dt.truncate("1w").alias("week")
    spare = (
        idle.sort("location", "skill", "day")
        .group_by("location", "skill", week)
        .agg(pl.col("idle_hours", "filled_hours").sum())
    )
    parts = [_weeks(one) for one in staffed]
    if not parts:
        return RequirementWeeks.create_empty()
    table = pl.concat(parts).join(spare, on=WEEK, how="left")
    return table.select(RequirementWeeks.column_names()).sort(WEEK)


def _weeks(staffed: Staffed) -> pl.DataFrame:
    offered = staffed.queue.offered
    slots = staffed.queue.keys.with_columns(
        pl.col("day").dt.truncate("1w").alias("week"),
        pl.Series("offered", offered),
        pl.Series("late", staffed.late),
        pl.Series("share", staffed.ladder.at(staffed.chosen).clip(0, 1)),
        pl.Series("hours_chosen", staffed.chosen * SLOT_HOURS),
        *(
            pl.Series(f"hours_{aim}_aim", staffed.by_aim[aim] * SLOT_HOURS)
            for aim in AIMS
        ),
    )
    busy = pl.col("offered") > 0
    lost = pl.col("late").sum() / pl.col("offered").sum()
    worst = pl.col("share").filter(busy).arg_min()
    return (
        slots.group_by(WEEK, maintain_order=True)
        .agg(
            pl.col(
                "offered", "hours_chosen", *(f"hours_{aim}_aim" for aim in AIMS)
            ).sum(),
            (1 - lost.fill_nan(0.0)).clip(0, 1).alias("weighed"),
            pl.col("start")
            .filter(busy)
            .get(worst, null_on_oob=True)
            .alias("worst_start"),
            pl.col("share").filter(busy).min().alias("worst_share"),
        )
        .rename({"weighed": "share"})
    )
