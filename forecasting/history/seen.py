"""Contacts by the clock near both ends of their source, and when the last was seen."""

import polars as pl

from forecasting.calendar import Calendar
from forecasting.counting import PLACE
from forecasting.tables import series_name

DAY_S = 86_400
SPAN_DAYS = 91
LATEST = "last"
BEFORE = -1
"""The minute of what was known before its day began."""


def by_the_clock(
    slots: pl.LazyFrame, ends: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """Contacts that tell a time of day: `source, series, day, minute, known, count`.

    `known` is the minute of the day at which a contact was known: of what was asked for
    on an earlier day before it. Of each source its first and its last three months.
    """
    start, asked = _local("start", calendar), _local("requested", calendar)
    day, known = start.dt.date(), asked.dt.date()
    early = pl.when(known < day).then(BEFORE).when(known == day).then(_minute(asked))
    timed = (
        _timed(slots)
        .filter(pl.col("count") > 0)
        .select(
            "source",
            *PLACE,
            day.alias("day"),
            _minute(start).alias("minute"),
            early.otherwise(_minute(start)).alias("known"),
            "count",
        )
    )
    spans = timed.group_by("source").agg(pl.col("day").min().alias("first_day"))
    near = timed.join(spans, on="source").join(
        ends.select("source", "last_day").lazy(), on="source"
    )
    since_first = (pl.col("day") - pl.col("first_day")).dt.total_days()
    until_last = (pl.col("last_day") - pl.col("day")).dt.total_days()
    inside = (since_first <= SPAN_DAYS) | until_last.is_between(0, SPAN_DAYS)
    rows = near.filter(inside & (until_last >= 0)).collect(engine="streaming")
    named = rows.with_columns(series_name().alias("series"))
    return named.select("source", "series", "day", "minute", "known", "count")


def seen_last(
    slots: pl.LazyFrame,
    ends: pl.DataFrame,
    calendar: Calendar,
    brought: pl.DataFrame,
) -> pl.DataFrame:
    """Per source its last day (`edge`), the minute `at` up to which it tells of that day.

    That is the last contact or request seen; where it was imported later that same day
    (`source, edge, brought`), the minute of the import, and then it is `certain`.
    """
    moment = pl.coalesce("requested", "start").dt.convert_time_zone(calendar.zone)
    rows = (
        _timed(slots)
        .filter(pl.col("count") > 0)
        .select("source", moment.alias("moment"))
    )
    on_last = rows.join(ends.select("source", "last_day").lazy(), on="source").filter(
        pl.col("moment").dt.date() == pl.col("last_day")
    )
    last = on_last.group_by("source", pl.col("last_day").alias("edge")).agg(
        _minute(pl.col("moment")).max().alias("at")
    )
    both = last.collect(engine="streaming").join(
        brought, on=["source", "edge"], how="left"
    )
    certain = (pl.col("brought") >= pl.col("at")).fill_null(value=False)
    at = pl.when(certain).then("brought").otherwise("at")
    return both.select("source", "edge", at.alias("at"), certain.alias("certain"))


def _timed(slots: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of parts of a day."""
    return slots.filter(pl.col("period_s") < DAY_S)


def _local(column: str, calendar: Calendar) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(calendar.zone)


def _minute(moment: pl.Expr) -> pl.Expr:
    return moment.dt.hour().cast(pl.Int32) * 60 + moment.dt.minute()
