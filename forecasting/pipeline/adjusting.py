"""The planner's changes of a forecast: times a factor, then plus a number a period."""

from collections.abc import Sequence

import polars as pl

from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.records import AdjustmentRecord
from forecasting.series.cadence import PERIOD_DAYS
from forecasting.tables import QUANTILE_NAMES, StoredForecast

PLANNER = "planner"
ADDED = {
    "series": pl.String,
    "start": pl.Date,
    "cause": pl.String,
    "count": pl.Float64,
}


def adjusted(
    forecast: pl.DataFrame, notes: Sequence[AdjustmentRecord]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The forecast with the notes applied in order, and what each added to the mean.

    Mean and quantiles move alike and stay at 0 or above. A week or month that a note
    covers in part moves by that part. The second frame holds `series, start, cause,
    count`, the cause `planner` with the number of the note.
    """
    days = pl.col("cadence").replace_strict(PERIOD_DAYS, return_dtype=pl.Int64)
    end = pl.col("start") + pl.duration(days=days - 1)
    added = [pl.DataFrame(schema=ADDED)]
    for note in notes:
        part = _covered(note, end) / days
        touched = is_left_out(
            [LeftOut(note.first, note.last, note.series)],
            forecast["series"].unique(),
            end=end,
        )
        moved = forecast.with_columns(
            pl.when(touched).then(_moved(name, note, part)).otherwise(pl.col(name))
            for name in ("mean", *QUANTILE_NAMES)
        )
        cause = pl.lit(f"{PLANNER} {note.id}").alias("cause")
        count = (moved["mean"] - forecast["mean"]).alias("count")
        added.append(forecast.select("series", "start", cause, count))
        forecast = moved
    parts = pl.concat(added).filter(pl.col("count") != 0)
    return StoredForecast.validate(forecast, cast=True), parts


def _covered(note: AdjustmentRecord, end: pl.Expr) -> pl.Expr:
    """How many days of a period lie within a note."""
    first = pl.max_horizontal(pl.col("start"), pl.lit(note.first))
    last = pl.min_horizontal(end, pl.lit(note.last))
    return ((last - first).dt.total_days() + 1).clip(0)


def _moved(name: str, note: AdjustmentRecord, part: pl.Expr) -> pl.Expr:
    times = 1 + (note.factor - 1) * part
    return (pl.col(name) * times + note.plus * part).clip(0)
