"""Contact hours per week: expected, and the upper quartile of their sum over futures."""

import polars as pl

from forecasting.errors import InputError
from staffing.workload.periods import days_of_periods

SECONDS_PER_HOUR = 3600
PERIOD = ["series", "start"]
WEEK = ["location", "skill", "week"]


def expected_hours(forecast: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    """Hours `location, skill, week, hours` over the whole horizon of a forecast."""
    hours = (pl.col("mean") * pl.col("weight")).sum().alias("hours")
    return _pieces(forecast, work).group_by(WEEK).agg(hours).sort(WEEK)


def weekly_hours(
    forecast: pl.DataFrame, work: pl.DataFrame, samples: pl.DataFrame
) -> pl.DataFrame:
    """Hours `location, skill, week, hours, hours_q75` over the whole horizon.

    A sum's quantile is not the sum of quantiles: `samples` of the same forecast
    (`series, start, sample, count`) are added up future by future, and the quartile is
    that of the sums, over their mean, times the expected hours.

    Raises:
        InputError: a period of the forecast has no samples.
    """
    pieces = _pieces(forecast, work)
    _check_drawn(pieces, samples)
    pairs = pieces.partition_by("location", "skill", maintain_order=True)
    spread = [_upper(pair, samples) for pair in pairs]
    hours = expected_hours(forecast, work)
    if not spread:
        return hours.with_columns(hours_q75=pl.col("hours"))
    both = hours.join(pl.concat(spread), on=WEEK, how="left")
    quartile = pl.col("hours") * pl.col("ratio")
    return both.with_columns(quartile.alias("hours_q75")).drop("ratio").sort(WEEK)


def weekly_futures(
    forecast: pl.DataFrame, work: pl.DataFrame, samples: pl.DataFrame
) -> pl.DataFrame:
    """Per `week` the list `ratios`: hours of all the work in each future, over their mean.

    A week without hours in any future has ratios of 1.

    Raises:
        InputError: a period of the forecast has no samples.
    """
    pieces = _pieces(forecast, work)
    _check_drawn(pieces, samples)
    by_week = [*PERIOD, "week", "weight"]
    moved = pieces.select(by_week).join(samples, on=PERIOD, maintain_order="left")
    hours = (pl.col("count") * pl.col("weight")).sum().alias("sum")
    sums = moved.group_by("week", "sample").agg(hours).sort("week", "sample")
    mean = pl.col("sum").mean().over("week")
    ratio = pl.when(mean > 0).then(pl.col("sum") / mean).otherwise(1.0)
    listed = sums.with_columns(ratios=ratio).group_by("week", maintain_order=True)
    return listed.agg("ratios")


def _upper(pieces: pl.DataFrame, samples: pl.DataFrame) -> pl.DataFrame:
    """The upper quartile of each week's sums over their mean, of one place and skill."""
    own = pl.col("series").is_in(pieces["series"].unique().implode())
    moved = pieces.join(samples.filter(own), on=PERIOD, maintain_order="left")
    total = (pl.col("count") * pl.col("weight")).sum().alias("sum")
    sums = moved.group_by(*WEEK, "sample").agg(total).sort(*WEEK, "sample")
    upper = pl.col("sum").quantile(0.75, "linear")
    ratio = pl.when(pl.col("sum").mean() > 0).then(upper / pl.col("sum").mean())
    return sums.group_by(WEEK).agg(ratio.otherwise(1.0).alias("ratio"))


def _pieces(forecast: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    """Each period and week it touches, with the hours (`weight`) of one contact there."""
    seconds = pl.col("comes") * pl.col("handling_s") / SECONDS_PER_HOUR
    rows = forecast.join(work, on="series").select(
        *PERIOD, "cadence", "location", "skill", "mean", seconds.alias("weight")
    )
    days = days_of_periods(rows).with_columns(
        pl.col("weight") / pl.len().over(PERIOD),
        pl.col("day").dt.truncate("1w").alias("week"),
    )
    keys = [*PERIOD, *WEEK, "mean"]
    return days.group_by(keys).agg(pl.col("weight").sum()).sort(keys)


def _check_drawn(pieces: pl.DataFrame, samples: pl.DataFrame) -> None:
    drawn = samples.select(PERIOD).unique()
    lacking = pieces.join(drawn, on=PERIOD, how="anti")
    if not lacking.is_empty():
        series, start = lacking.select(PERIOD).row(0)
        raise InputError(
            f"expected samples of every period of the forecast, found none of {series} "
            f"on {start}",
            remedy="Draw them of the same forecast: forecasting.samples(run, n, seed).",
        )
