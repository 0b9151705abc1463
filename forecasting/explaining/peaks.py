"""Peaks to come: weeks of a service or channel that stand out from the year around them."""

from datetime import timedelta

import polars as pl

from forecasting.tuning import ExplainTuning

NEAR = timedelta(weeks=3)
SEASON = ("first", "last", "top")


def peak_weeks(
    ahead: pl.DataFrame, past: pl.DataFrame, tuning: ExplainTuning
) -> pl.DataFrame:
    """The weeks that stand out: `group, week, expected, q75, usual`.

    The usual is the median of the weeks around a week, known or expected. A peak is a
    week whose upper quartile is above `peak_ratio` times the usual. Of few contacts the
    upper quartile is that far above in every week, being a whole number: so more must be
    expected, too (`peak_mean_ratio`), and as many as are worth a planner's attention
    (`peak_least`).

    Args:
        ahead: `group, week, expected, q75` of the weeks to come.
        past: `group, week, count` of weeks known.
        tuning: the ratios, the least count, and how many weeks lie around.
    """
    found = ahead.join(_usual(ahead, past, tuning), on=["group", "week"])
    usual, expected = pl.col("usual"), pl.col("expected")
    above = found.filter(
        (pl.col("q75") > tuning.peak_ratio * usual)
        & (expected >= tuning.peak_mean_ratio * usual)
        & (expected >= tuning.peak_least)
    )
    return above.sort("group", "week")


def _usual(
    ahead: pl.DataFrame, past: pl.DataFrame, tuning: ExplainTuning
) -> pl.DataFrame:
    """`group, week, usual`: the median of the weeks around each week ahead."""
    known = past.select("group", "week", pl.col("count").alias("expected"))
    columns = ("group", "week", "expected")
    every = pl.concat([known, ahead.select(columns)]).rename(
        {"week": "near", "expected": "usual"}
    )
    half = timedelta(weeks=tuning.around_weeks // 2)
    around = ahead.select("group", "week").join(every, on="group")
    inside = (pl.col("near") - pl.col("week")).abs() <= half
    return around.filter(inside).group_by("group", "week").agg(pl.col("usual").median())


def with_seasons(peaks: pl.DataFrame) -> pl.DataFrame:
    """Peak weeks with the `first` and `last` week of their season, and its `top`.

    Peaks of a group at most `NEAR` apart are one season: a holiday may lie between. The
    top is its highest week, the earliest where two are as high.
    """
    plain = peaks.drop(SEASON, strict=False).sort("group", "week")
    apart = (pl.col("week").diff() > NEAR).fill_null(value=False)
    numbered = plain.with_columns(apart.cum_sum().over("group").alias("season"))
    own = ["group", "season"]
    order = pl.col("expected").rank("ordinal", descending=True).over(own)
    return numbered.with_columns(
        pl.col("week").min().over(own).alias("first"),
        pl.col("week").max().over(own).alias("last"),
        (order == 1).alias("top"),
    ).drop("season")


def stretches(peaks: pl.DataFrame) -> pl.DataFrame:
    """The top of each season of peak weeks, with its `first` and `last` week."""
    return with_seasons(peaks).filter("top").drop("top")
