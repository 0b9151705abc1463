"""What adjustments do to a forecast that is stored, before another is made."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from forecasting.notes import Adjustment
from forecasting.pipeline.adjusting import PLANNER, adjusted
from forecasting.records import AdjustmentRecord
from forecasting.tables import QUANTILE_NAMES

NEW = 0
"""Stands for the number of a note that is not kept yet: it comes after all others."""


def added_by_notes(causes: pl.LazyFrame) -> pl.LazyFrame:
    """`note, series, start, count`: what each adjustment added to a stored forecast."""
    named = pl.col("cause").str.strip_prefix(f"{PLANNER} ").cast(pl.Int64)
    own = causes.filter(pl.col("cause").str.starts_with(f"{PLANNER} "))
    return own.select(named.alias("note"), "series", "start", "count")


def without_notes(forecast: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """A stored forecast as it was before adjustments: `series, start, cadence, mean`.

    They are its last step, so what they added is what they take away again.
    """
    keys = ["series", "start"]
    sums = added.group_by(keys).agg(pl.col("count").sum().alias("added"))
    joined = forecast.join(sums, on=keys, how="left")
    bare = (pl.col("mean") - pl.col("added").fill_null(0.0)).clip(0).alias("mean")
    return joined.select(*keys, "cadence", bare).sort(keys)


def with_notes(bare: pl.DataFrame, notes: Sequence[AdjustmentRecord]) -> pl.DataFrame:
    """The means of `without_notes` under some notes, by the rule of the forecast itself."""
    as_stored = bare.with_columns(
        *(pl.col("mean").alias(name) for name in QUANTILE_NAMES),
        method=pl.lit(PLANNER),
    )
    moved, _ = adjusted(as_stored, notes)
    return moved.select("series", "start", "cadence", "mean")


def tried(
    bare: pl.DataFrame, standing: Sequence[AdjustmentRecord], note: Adjustment
) -> pl.DataFrame:
    """What one note more would do: `series, start, before, after` where it moves anything.

    `before` is the forecast with the notes that stand. The next forecast will say `after`
    as far as nothing else changes: new data are not in it.
    """
    more = AdjustmentRecord(id=NEW, **note.values)
    keys = ["series", "start"]
    before = with_notes(bare, standing).rename({"mean": "before"})
    after = with_notes(bare, [*standing, more]).rename({"mean": "after"})
    both = before.join(after.select(*keys, "after"), on=keys)
    return both.filter(pl.col("before") != pl.col("after")).drop("cadence")


def expected_within(
    forecast: pl.DataFrame, series: str, first: date, last: date
) -> float:
    """What is expected of the series of a pattern from `first` to `last`, both included.

    A week or month that lies within in part counts for that part.
    """
    once_more = AdjustmentRecord(
        id=NEW, series=series, first=first, last=last, reason="", factor=2.0, plus=0.0
    )
    doubled = with_notes(forecast, [once_more])
    return float(doubled["mean"].sum()) - float(forecast["mean"].sum())
