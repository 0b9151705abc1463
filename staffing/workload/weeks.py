"""Contact hours per week: expected, and the upper quartile of their sum."""

import polars as pl

from staffing.workload.periods import days_of_periods

MIDDLE_80_IN_SD = 2.5631
QUARTILE_IN_SD = 0.6745
SECONDS_PER_HOUR = 3600


def weekly_hours(
    forecast: pl.DataFrame, work: pl.DataFrame, *, correlation: float
) -> pl.DataFrame:
    """Hours `location, skill, week, hours, hours_q75` over the whole horizon.

    A sum's quantile is not the sum of quantiles. Each series and period is given the
    standard deviation of a normal with the same distance from q10 to q90; all pairs
    share one `correlation`, so that the variance of the sum is
    `(1 - r) sum(sd^2) + r sum(sd)^2`.
    """
    seconds = pl.col("comes") * pl.col("handling_s") / SECONDS_PER_HOUR
    rows = forecast.join(work, on="series").with_columns(
        (pl.col("mean") * seconds).alias("hours"),
        ((pl.col("q90") - pl.col("q10")) / MIDDLE_80_IN_SD * seconds).alias("sd"),
    )
    pieces = _cut(
        rows.select("series", "start", "cadence", "hours", "sd", "location", "skill")
    )
    spread = (1 - correlation) * (pl.col("sd") ** 2).sum()
    spread += correlation * pl.col("sd").sum() ** 2
    hours = pl.col("hours").sum()
    return (
        pieces.group_by("location", "skill", "week")
        .agg(hours, (hours + QUARTILE_IN_SD * spread.sqrt()).alias("hours_q75"))
        .sort("location", "skill", "week")
    )


def _cut(rows: pl.DataFrame) -> pl.DataFrame:
    """Hours and their spread per series, period and week it touches."""
    days = days_of_periods(rows.with_row_index("row"))
    share = 1 / pl.len().over("row")
    parts = days.with_columns(
        pl.col("hours", "sd") * share, pl.col("day").dt.truncate("1w").alias("week")
    )
    keys = ["row", "location", "skill", "week"]
    return parts.group_by(keys).agg(pl.col("hours", "sd").sum()).sort(keys)
