"""Lay out a history: what was seen, and the open periods in which something could be."""

from dataclasses import dataclass

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import Counts
from forecasting.history.contacts import source_ends
from forecasting.history.observed import Dated, observed
from forecasting.history.opening import known_days, open_days, places

STILL_ALIVE_DAYS = 28
"""A series silent for longer than this before its source ends has ended itself."""


@dataclass(frozen=True)
class Laid:
    """A history laid out, before zeros are filled in.

    `rows` are sums per series, source and period, with place and opening; `expected`
    (`series, start`) are the open periods within the span of each series; `ends` holds
    the `last_day` of each `source`.
    """

    rows: pl.DataFrame
    expected: pl.DataFrame
    ends: pl.DataFrame

    def covered(self) -> pl.DataFrame:
        """The expected periods of which a source of the series speaks.

        Events cover the whole span, counts only the periods in which their source has
        rows of that location.
        """
        covered = _spoken_of(self.rows.filter("counted"))
        events = self.rows.filter(~pl.col("counted")).select("series").unique()
        of_counts = self.expected.join(covered, on=["series", "start"], how="semi")
        of_events = self.expected.join(events, on="series", how="semi")
        return pl.concat([of_events, of_counts]).unique()


def lay_out(
    counts: Counts, calendar: Calendar, catalogue: Catalogue, dated: Dated
) -> Laid | None:
    """Lay out a history by the calendar, and by its own pattern where that is silent.

    None when there is nothing. What came on a closed day is kept only where the work
    may wait: then it counts on the next open day.
    """
    ends = source_ends(counts.slots, calendar)
    seen = observed(counts, calendar, dated, ends)
    if seen.is_empty():
        return None
    where = places(seen["series"].unique(), calendar, catalogue)
    where = _with_pattern(where, seen, dated)
    start = seen["start"]
    opened = known_days(where, calendar, start.min(), start.max())  # type: ignore[arg-type]  # dates: the frame is not empty
    rows = _carried(seen.join(where, on="series"), opened)
    last_days = ends.select("source", "last_day")
    spans = _spans(rows, last_days)
    return Laid(rows, _expected(rows, opened, spans), last_days)


def _with_pattern(
    where: pl.DataFrame, seen: pl.DataFrame, dated: Dated
) -> pl.DataFrame:
    """Opening hours say nothing of the days on which bookings are made."""
    if dated == "visit":
        return where
    booked = seen.group_by("series").agg(pl.col("booked").any())
    known = pl.col("known") & ~pl.col("booked")
    joined = where.join(booked, on="series", how="left")
    return joined.with_columns(known, pl.col("waits") & known).drop("booked")


def _carried(rows: pl.DataFrame, opened: pl.DataFrame) -> pl.DataFrame:
    """Move what came on a closed day to the next open one, where the work may wait."""
    moves = pl.col("waits") & (pl.col("cadence") == "day")
    days = opened.sort("start").with_columns(pl.col("start").alias("next"))
    carried = (
        rows.filter(moves)
        .sort("start")
        .join_asof(
            days,
            on="start",
            by=["location", "skill"],
            strategy="forward",
            check_sortedness=False,
        )
        .drop_nulls("next")
        .with_columns(pl.col("next").alias("start"))
        .drop("next")
    )
    return pl.concat([rows.filter(~moves), carried]).sort("series", "source", "start")


def _spans(rows: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """First and last period of each series: to the end of its source while it lives."""
    own = rows.join(ends, on="source", how="left")
    spans = own.group_by("series").agg(
        pl.col("start").min().alias("first"),
        pl.col("start").max().alias("own_last"),
        pl.col("last_day").max(),
    )
    silent = (pl.col("last_day") - pl.col("own_last")).dt.total_days()
    last = pl.when(silent.is_between(0, STILL_ALIVE_DAYS)).then("last_day")
    return spans.select("series", "first", last.otherwise("own_last").alias("last"))


def _expected(
    rows: pl.DataFrame, opened: pl.DataFrame, spans: pl.DataFrame
) -> pl.DataFrame:
    """The open periods (`series, start`) within the span of each series."""
    daily = rows.filter(pl.col("cadence") == "day")
    known = daily.filter("known").select("series", "location", "skill").unique()
    longer = rows.filter(pl.col("cadence") != "day")
    parts = [
        known.join(opened, on=["location", "skill"]),
        _inferred(daily.filter(~pl.col("known")), spans),
        _inferred(longer, spans),
        _spoken_of(longer),
    ]
    grid = pl.concat([part.select("series", "start") for part in parts]).unique()
    inside = grid.join(spans, on="series").filter(
        pl.col("start").is_between("first", "last")
    )
    return inside.select("series", "start")


def _spoken_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Per series the periods in which its source has rows of that location."""
    place = ["source", "location"]
    series = rows.select("series", *place).unique()
    periods = rows.select(*place, "start").unique()
    return series.join(periods, on=place).select("series", "start")


def _inferred(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Periods that the data shows to be open, and those in which something happened."""
    seen = rows.select("series", "start")
    if rows.is_empty():
        return seen
    last = spans.filter(pl.col("series").is_in(seen["series"].implode()))["last"].max()
    inferred = open_days(rows, rows["start"].min(), last)  # type: ignore[arg-type]  # dates: there are rows
    return pl.concat([seen, inferred])
