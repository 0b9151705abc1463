"""When is a series open: from the calendar where it knows, else from the data."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.tables import split_series

RECENT_DAYS = 365
"""The weekdays open are those of the last year of a series."""

SELDOM = 0.2
"""A weekday with under this share of the rows of the busiest one is closed."""

MONTH_DAYS = 28
"""Starts at least so far apart, each on a first of the month, are months."""

LONG_GAP_DAYS = 180
"""A series without a row for longer was away, not shut for the season."""

Closed = Callable[[date], bool] | set[date] | frozenset[date]


def open_days(
    history: pl.DataFrame,
    first: date,
    last: date,
    *,
    closed: Closed = frozenset(),
) -> pl.DataFrame:
    """Infer from a history which periods between two days are open, per series.

    `history` holds `series, start, count` with a row per open period. A weekday is open
    when the last year of the series has rows on it, a month of the year when any year
    has; weekly history gives its weekday each week, monthly history each first of the
    month. Returns `series, start`, without the days named `closed`.

    Raises:
        InputError: the history lacks a column, or `last` lies before `first`.
    """
    _check(history, first, last)
    rows = history.select("series", pl.col("start").cast(pl.Date)).unique()
    days = _days_between(first, last, closed)
    monthly = _monthly(rows)
    by_day = rows.join(monthly, on="series", how="anti")
    grid = _weekdays(by_day).join(days, on="weekday")
    grid = grid.join(_shut_months(by_day), on=["series", "month"], how="anti")
    firsts = monthly.join(_days_between(first, last, frozenset()), how="cross")
    firsts = firsts.filter(pl.col("start").dt.day() == 1)
    both = pl.concat([part.select("series", "start") for part in (grid, firsts)])
    return both.sort("series", "start")


def _check(history: pl.DataFrame, first: date, last: date) -> None:
    missing = {"series", "start", "count"} - set(history.columns)
    if missing:
        raise InputError(
            "expected a history with columns series, start and count; "
            f"came {', '.join(history.columns) or 'none'}"
        )
    if last < first:
        raise InputError(f"expected a last day from {first} on, came {last}")


def _days_between(first: date, last: date, closed: Closed) -> pl.DataFrame:
    shut = closed if callable(closed) else closed.__contains__
    number = (last - first).days + 1
    days = [day for i in range(number) if not shut(day := first + timedelta(days=i))]
    return pl.DataFrame({"start": days}, schema={"start": pl.Date}).with_columns(
        pl.col("start").dt.weekday().alias("weekday"),
        pl.col("start").dt.month().alias("month"),
    )


def _monthly(rows: pl.DataFrame) -> pl.DataFrame:
    """The series whose periods are months."""
    gaps = pl.col("start").sort().diff().dt.total_days()
    per_series = rows.group_by("series").agg(
        (pl.col("start").dt.day() == 1).all().alias("firsts"),
        (gaps.min() >= MONTH_DAYS).fill_null(value=False).alias("far"),
    )
    return per_series.filter(pl.col("firsts") & pl.col("far")).select("series")


def _weekdays(rows: pl.DataFrame) -> pl.DataFrame:
    """The weekdays on which a series is open."""
    newest = pl.col("start").max().over("series")
    recent = rows.filter(pl.col("start") > newest - pl.duration(days=RECENT_DAYS))
    weekday = pl.col("start").dt.weekday().alias("weekday")
    counts = recent.group_by("series", weekday).len()
    busiest = pl.col("len").max().over("series")
    return counts.filter(pl.col("len") >= SELDOM * busiest).drop("len")


def _shut_months(rows: pl.DataFrame) -> pl.DataFrame:
    """Months of the year that a series lived through whole and never opened in.

    A month in the midst of a long gap was not lived through: the series was away.
    """
    after = pl.col("start").shift(-1).over("series", order_by="start")
    gaps = rows.select("series", "start", after.alias("next")).with_columns(
        pl.coalesce("next", "start").alias("next")
    )
    away = (pl.col("next") - pl.col("start")).dt.total_days() > LONG_GAP_DAYS
    firsts = pl.concat_list(
        pl.col("start").dt.month_start(), pl.col("next").dt.month_start()
    )
    between = pl.date_ranges(
        pl.col("start").dt.month_start(), pl.col("next").dt.month_start(), "1mo"
    )
    lived = gaps.select(
        "series", pl.when(away).then(firsts).otherwise(between).alias("start")
    ).explode("start")
    month = pl.col("start").dt.month().alias("month")
    seen = rows.select("series", month).unique()
    return (
        lived.select("series", month)
        .unique()
        .join(seen, on=["series", "month"], how="anti")
    )


def places(
    series: Iterable[str], calendar: Calendar, catalogue: Catalogue
) -> pl.DataFrame:
    """Per series its location and skill, whether its hours are known, and may wait.

    `skill` is null when the catalogue lacks the step. `waits` says that what comes on a
    closed day is work of the next open day.
    """
    frame = pl.DataFrame({"series": sorted(series)}, schema={"series": pl.String})
    parts = frame.select("series", split_series().struct.unnest())
    rows = []
    for name, location, service, step, _ in parts.iter_rows():
        found = catalogue.find_step(service, step)
        known = found is not None and calendar.knows(location, found.skill)
        skill = found.skill if found else None
        waits = found is not None and known and found.deferrable_days > 0
        rows.append((name, location, skill, known, waits))
    schema = {
        "series": pl.String,
        "location": pl.String,
        "skill": pl.String,
        "known": pl.Boolean,
        "waits": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def known_days(
    where: pl.DataFrame, calendar: Calendar, first: date, last: date
) -> pl.DataFrame:
    """Open days (`location, skill, start`) of the places whose hours are known."""
    pairs = where.filter("known").select("location", "skill").unique().sort(pl.all())
    rows = [
        (location, skill, day)
        for location, skill in pairs.iter_rows()
        for year in range(first.year, last.year + 1)
        for day in _open_in(calendar, location, skill, year)
        if first <= day <= last
    ]
    schema = {"location": pl.String, "skill": pl.String, "start": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


@lru_cache(maxsize=2048)
def _open_in(
    calendar: Calendar, location: str, skill: str, year: int
) -> tuple[date, ...]:
    """The open days of a year: a run asks for the same ones several times."""
    begin = date(year, 1, 1)
    days = (begin + timedelta(days=i) for i in range(366))
    return tuple(
        day
        for day in days
        if day.year == year and calendar.opening(location, skill, day) is not None
    )
