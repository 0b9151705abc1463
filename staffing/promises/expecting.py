"""What a simulated roster and the opened agenda have the promises come to, week by week."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from staffing.promises.tables import PromiseExpected


def of_simulation(
    slots: pl.DataFrame,
    promise: str,
    skill: str,
    week: date,
    weeks: Mapping[str, float] | None,
    run: str,
) -> pl.DataFrame:
    """`PromiseExpected` of one simulated week: contacts in time of those expected.

    Args:
        slots: `SimulatedSlots`.
        promise: the promise that the simulated `skill` is about.
        skill: whose queues count.
        week: the Monday of the week.
        weeks: the bounds of single weeks (`q10`, `q90`) over all locations; they are told
            where the skill was simulated at one location only.
        run: the run that simulated it.
    """
    queues = slots.filter(pl.col("skill") == skill, pl.col("offered") > 0)
    sums = queues.group_by("location").agg(
        (pl.col("within").sum() / pl.col("offered").sum()).clip(0, 1).alias("share")
    )
    alone = weeks if weeks is not None and sums.height == 1 else {}
    found = sums.select(
        pl.lit(promise).alias("promise"),
        "location",
        pl.lit(week).alias("week"),
        "share",
        pl.lit(alone.get("q10"), pl.Float64).alias("low"),
        pl.lit(alone.get("q90"), pl.Float64).alias("high"),
        pl.lit(run).alias("run"),
    )
    return PromiseExpected.validate(found.sort("location"))


def of_agenda(days: pl.DataFrame, promise: str, run: str) -> pl.DataFrame:
    """`PromiseExpected` of the weeks that an agenda opens: askers served near enough.

    `days` are `AgendaDays`: of each day's requests the share of futures in which the first
    free place lies within the promise. The last days of an agenda do not tell that, since
    places beyond it would count as well: weeks with such days are left out.
    """
    week = pl.col("day").dt.truncate("1w").alias("week")
    asked, left = pl.col("requests"), pl.len() - pl.col("day").rank("ordinal")
    is_sure = (left >= pl.col("within_days")).over("location", "service", "step")
    sums = (
        days.with_columns(week, is_sure.alias("sure"))
        .filter(pl.col("sure").all().over("location", "week"), asked > 0)
        .group_by("location", "week")
        .agg(((asked * pl.col("within")).sum() / asked.sum()).alias("share"))
    )
    found = sums.select(
        pl.lit(promise).alias("promise"),
        "location",
        "week",
        pl.col("share").clip(0, 1),
        pl.lit(None, pl.Float64).alias("low"),
        pl.lit(None, pl.Float64).alias("high"),
        pl.lit(run).alias("run"),
    )
    return PromiseExpected.validate(found.sort("location", "week"))
