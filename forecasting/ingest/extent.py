"""The days and places of which a file is the whole truth."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from forecasting.calendar import local_day
from forecasting.targets import Target

EXTENT = "extent"
"""Dataset of the days and places that imports replaced: `first, last[, place]`."""


def extent_of(files: list[Path], target: Target, zone: str) -> pl.DataFrame:
    """The first and last local day of rows, beside each of their places."""
    if not (files and target.period):
        return pl.DataFrame()
    rows = pl.scan_parquet(files)
    day = _local_day(target.period, rows.collect_schema()[target.period], zone)
    ends = rows.select(day.min().alias("first"), day.max().alias("last")).collect()
    if target.place is None:
        return ends
    places = rows.select(pl.col(target.place).unique().alias("place")).collect()
    return places.sort("place").join(ends, how="cross")


def within(extents: Sequence[pl.DataFrame], target: Target, zone: str) -> pl.Expr:
    """Which rows of a target lie in any of the extents."""
    known = [extent for extent in extents if not extent.is_empty()]
    parts = (_within(extent, target, zone) for extent in known)
    return pl.any_horizontal(pl.lit(value=False), *parts)


def _within(extent: pl.DataFrame, target: Target, zone: str) -> pl.Expr:
    types = target.schema.columns()
    day = _local_day(str(target.period), types[str(target.period)].dtype, zone)
    inside = day.is_between(extent["first"].min(), extent["last"].max())
    if target.place is not None:
        inside &= pl.col(target.place).is_in(extent["place"].implode())
    return inside.fill_null(value=False)


def _local_day(period: str, dtype: pl.DataType, zone: str) -> pl.Expr:
    return pl.col(period) if dtype == pl.Date else local_day(period, zone)
