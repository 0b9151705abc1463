"""Which periods to come are open, and from where each series is forecast."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from forecasting.history import open_days
from forecasting.series.knowndays import Known
from forecasting.series.panel import Panel, Series, as_date

LONG_GAP = np.timedelta64(180, "D")
SHUT_BELOW = 0.5
"""A holiday closes when under this share of its past working days has a row."""


def ends(panel: Panel, stale_days: int) -> Mapping[str, np.datetime64]:
    """The period after which each series is forecast.

    That is the end of the whole history for a series that ends shortly before it (the
    days between had no row), else the series' own end.
    """
    stale = np.timedelta64(stale_days, "D")
    return {
        s.name: panel.last if panel.last - s.starts[-1] <= stale else s.starts[-1]
        for s in panel.series
    }


def open_future(panel: Panel, days: int, known: Known, stale_days: int) -> pl.DataFrame:
    """The open periods (`series, start`) of the coming days, by the pattern of the past."""
    history = pl.concat(since_gap(series) for series in panel.series)
    begin = ends(panel, stale_days)
    first, last = min(begin.values()), max(begin.values()) + np.timedelta64(days, "D")
    opened = open_days(history, as_date(first), as_date(last))
    if panel.cadence == "day":
        shut = shut_holidays(history, known.holidays)
        opened = opened.join(shut, on=["series", "start"], how="anti")
    return after_end(opened, begin, days)


def after_end(
    periods: pl.DataFrame, begin: Mapping[str, np.datetime64], days: int
) -> pl.DataFrame:
    """The periods within `days` after the end of their series."""
    begins = pl.DataFrame(
        {"series": list(begin), "end": [as_date(day) for day in begin.values()]},
        schema={"series": pl.String, "end": pl.Date},
    )
    after = (pl.col("start") - pl.col("end")).dt.total_days()
    inside = periods.join(begins, on="series").filter(after.is_between(1, days))
    return inside.select("series", "start").sort("series", "start")


def since_gap(series: Series) -> pl.DataFrame:
    """The rows after the last gap of half a year: what lay before tells no pattern."""
    gaps = np.flatnonzero(np.diff(series.starts) > LONG_GAP)
    kept = slice(gaps[-1] + 1 if gaps.size else 0, None)
    starts, counts = series.starts[kept], series.counts[kept]
    return pl.DataFrame({"series": series.name, "start": starts, "count": counts})


def shut_holidays(history: pl.DataFrame, holidays: Mapping[date, str]) -> pl.DataFrame:
    """The holidays (`series, start`) that close a series: as a rule it has no row then.

    A day on which no series at all had demand was closed, whatever rows say. A holiday
    never lived through goes the way of the others of its series together, and a series
    without any the way of all series.
    """
    schema = {"start": pl.Date, "name": pl.String}
    days = pl.DataFrame(sorted(holidays.items()), schema=schema, orient="row")
    lived = _lived(history, days)
    share = pl.col("open").mean().alias
    usual = lived.select(share("of_all")).to_series()[0]
    grid = history.select("series").unique().join(days, how="cross")
    known = grid.join(
        lived.group_by("series", "name").agg(share("named")),
        on=["series", "name"],
        how="left",
    ).join(lived.group_by("series").agg(share("own")), on="series", how="left")
    is_open = pl.coalesce("named", "own", pl.lit(usual, pl.Float64), pl.lit(0.0))
    return known.filter(is_open < SHUT_BELOW).select("series", "start")


def _lived(history: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Per series the holidays on its working days so far, and whether it was open."""
    busy = history.filter(pl.col("count").sum().over("start") > 0)
    spans = history.group_by("series").agg(
        pl.col("start").min().alias("first"),
        pl.col("start").max().alias("last"),
        pl.col("start").dt.weekday().unique().alias("weekdays"),
    )
    rows = busy.select("series", "start", pl.lit(value=True).alias("open"))
    inside = pl.col("start").is_between("first", "last")
    works = pl.col("weekdays").list.contains(pl.col("start").dt.weekday())
    lived = spans.join(days, how="cross").filter(inside & works)
    opened = lived.join(rows, on=["series", "start"], how="left")
    return opened.with_columns(pl.col("open").fill_null(value=False))
