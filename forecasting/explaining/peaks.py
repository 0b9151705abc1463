"""Peaks to come: weeks of a service or channel that stand out from the year around them."""

from datetime import timedelta

import polars as pl

from forecasting.tuning import ExplainTuning

LEVEL = 0.75
NEAR = timedelta(weeks=3)


def peak_weeks(
    ahead: pl.DataFrame, past: pl.DataFrame, tuning: ExplainTuning
) -> pl.DataFrame:
    """The weeks that stand out: `group, week, expected, q75, usual`.

    The usual is the median of the weeks around a week, known or expected. A peak is a
    week whose upper quartile is above `peak_ratio` times that of a usual week: where few
    come, an upper quartile is far above the median in every week. More than usual must
    be expected, too, and not only be possible.

    Args:
        ahead: `group, week, expected, q75` of the weeks to come.
        past: `group, week, count` of weeks known.
        tuning: the ratio, and how many weeks lie around.
    """
    known = past.select("group", "week", pl.col("count").alias("expected"))
    margins = ahead.with_columns((pl.col("q75") - pl.col("expected")).alias("margin"))
    every = pl.concat([known, margins], how="diagonal").rename(
        {name: f"{name}_near" for name in ("week", "expected", "q75", "margin")}
    )
    half = timedelta(weeks=tuning.around_weeks // 2)
    near = pl.col("week_near").is_between(pl.col("week") - half, pl.col("week") + half)
    usual = (
        ahead.join(every, on="group")
        .filter(near)
        .group_by("group", "week")
        .agg(
            pl.col("expected_near").median().alias("usual"),
            pl.col("margin_near").median().alias("margin"),
        )
    )
    limit = tuning.peak_ratio * (pl.col("usual") + pl.col("margin"))
    found = ahead.join(usual, on=["group", "week"])
    above = found.filter(
        (pl.col("q75") > limit) & (pl.col("expected") > pl.col("usual"))
    )
    return above.drop("margin").sort("group", "week")


def stretches(peaks: pl.DataFrame) -> pl.DataFrame:
    """The highest week of each stretch of peak weeks, with its `first` and `last` week.

    Peaks of a group at most `NEAR` apart are one stretch: a holiday may lie between.
    """
    after = pl.col("week").diff().over("group") > NEAR
    number = after.fill_null(value=False).cum_sum().over("group").alias("stretch")
    every = peaks.sort("group", "week").with_columns(number)
    spans = every.group_by("group", "stretch").agg(
        pl.col("week").min().alias("first"), pl.col("week").max().alias("last")
    )
    highest = every.sort("expected", "week", descending=[True, False]).unique(
        ["group", "stretch"], keep="first", maintain_order=True
    )
    joined = highest.join(spans, on=["group", "stretch"])
    return joined.drop("stretch").sort("group", "week")
