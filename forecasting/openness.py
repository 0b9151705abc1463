"""Which periods to come are open, and from where each series is forecast."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from forecasting.history import open_days
from forecasting.knowndays import Known
from forecasting.panel import Panel, Series, as_date, first_and_last

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
    shut = shut_holidays(history, known.holidays) if panel.cadence == "day" else set()
    opened = open_days(history, as_date(first), as_date(last), closed=shut)
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


def shut_holidays(history: pl.DataFrame, holidays: Mapping[date, str]) -> set[date]:
    """Holidays that close: those whose past days, as a rule, have no row.

    A holiday never lived through goes the way of the others together.
    """
    first, last = first_and_last(history["start"])
    rows = history.group_by("start").agg(pl.col("count").sum())
    weekdays = set(rows["start"].dt.weekday())
    present = set(rows.filter(pl.col("count") > 0)["start"])
    lived = {
        day: name
        for day, name in holidays.items()
        if first <= day <= last and day.isoweekday() in weekdays
    }
    usual = _share(list(lived), present, 0.0)
    by_name = {
        name: _share([d for d, n in lived.items() if n == name], present, usual)
        for name in set(holidays.values())
    }
    return {day for day, name in holidays.items() if by_name[name] < SHUT_BELOW}


def _share(days: list[date], present: set[date], otherwise: float) -> float:
    return sum(day in present for day in days) / len(days) if days else otherwise
