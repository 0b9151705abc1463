"""Demand per series and open day; week or month where an export counts those."""

from typing import Literal

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.history.contacts import source_ends, took_place
from forecasting.history.opening import known_days, open_days, places
from forecasting.tables import Demand, series_name

Dated = Literal["visit", "request"]

STILL_ALIVE_DAYS = 28
"""A series silent for longer than this before its source ends has ended itself."""

WEEK_S, MONTH_S = 7 * 86_400, 28 * 86_400
SUMS = ("count", "unmet", "weight", "work")


def daily_demand(
    contacts: pl.LazyFrame,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    dated: Dated = "visit",
) -> pl.DataFrame:
    """Count contacts per series and open day, typed `Demand`.

    Dated by visit, the history of a booking source ends on the day of its last request;
    dated by request a booking counts on the day it was made, whatever the opening hours.
    An open day without contacts has a zero when its source covers that day: events cover
    the span of the series, counts only days on which the source has rows of that location.
    Contacts on closed days have no row, save where the work may wait: then they count on
    the next open day. `handling_s` is the mean of those who were served.
    """
    past = took_place(contacts, calendar) if dated == "visit" else contacts
    observed = _observed(past, calendar, dated)
    if observed.is_empty():
        return Demand.create_empty()
    where = places(observed["series"].unique(), calendar, catalogue)
    where = _with_pattern(where, observed, dated)
    start = observed["start"]
    opened = known_days(where, calendar, start.min(), start.max())  # type: ignore[arg-type]  # dates: the frame is not empty
    rows = _carried(observed.join(where, on="series"), opened)
    ends = source_ends(contacts, calendar)
    grid = _grid(rows, opened, _spans(rows, ends))
    return _filled(grid, rows)


def _observed(contacts: pl.LazyFrame, calendar: Calendar, dated: Dated) -> pl.DataFrame:
    """Sums per series, source and period in which there was any contact."""
    moment = pl.col("start")
    if dated == "request":
        moment = pl.coalesce("requested", "start")
    day = moment.dt.convert_time_zone(calendar.zone).dt.date()
    served = pl.col("count") - pl.col("abandoned") - pl.col("no_show")
    weight = pl.when(pl.col("handling_s").is_not_null()).then(served).otherwise(0.0)
    place = ("location", "service", "step", "channel")
    sums = contacts.group_by(*place, "source", day.alias("start")).agg(
        pl.col("period_s").max(),
        pl.col("requested").is_not_null().any().alias("booked"),
        pl.col("count").sum(),
        pl.col("abandoned").sum().alias("unmet"),
        weight.sum().alias("weight"),
        (weight * pl.col("handling_s")).sum().alias("work"),
    )
    found = sums.collect(engine="streaming")
    return _periods(found.select(pl.exclude(place), series_name().alias("series")))


def _periods(sums: pl.DataFrame) -> pl.DataFrame:
    """Put each series on the coarsest period any of its sources counts in."""
    longest = pl.col("period_s").max().over("series")
    of_weeks = pl.when(longest >= WEEK_S).then(pl.lit("week")).otherwise(pl.lit("day"))
    cadence = pl.when(longest >= MONTH_S).then(pl.lit("month")).otherwise(of_weeks)
    start = pl.col("start")
    monday = start.dt.truncate("1w")
    of_week = pl.when(cadence == "week").then(monday).otherwise(start)
    floor = pl.when(cadence == "month").then(start.dt.month_start()).otherwise(of_week)
    placed = sums.with_columns(cadence.alias("cadence"), floor.alias("start"))
    keys = ("series", "source", "cadence", "start")
    return (
        placed.group_by(keys)
        .agg(
            (pl.col("period_s").max() > 0).alias("counted"),
            pl.col("booked").any(),
            *(pl.col(name).sum() for name in SUMS),
        )
        .sort(keys)
    )


def _with_pattern(
    where: pl.DataFrame, observed: pl.DataFrame, dated: Dated
) -> pl.DataFrame:
    """Opening hours say nothing of the days on which bookings are made."""
    if dated == "visit":
        return where
    booked = observed.group_by("series").agg(pl.col("booked").any())
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
    own = rows.join(ends.select("source", "last_day"), on="source", how="left")
    spans = own.group_by("series").agg(
        pl.col("start").min().alias("first"),
        pl.col("start").max().alias("own_last"),
        pl.col("last_day").max(),
    )
    silent = (pl.col("last_day") - pl.col("own_last")).dt.total_days()
    last = pl.when(silent.is_between(0, STILL_ALIVE_DAYS)).then("last_day")
    return spans.select("series", "first", last.otherwise("own_last").alias("last"))


def _grid(
    rows: pl.DataFrame, opened: pl.DataFrame, spans: pl.DataFrame
) -> pl.DataFrame:
    """The periods (`series, start`) that have a row: open, covered, within the span."""
    daily = rows.filter(pl.col("cadence") == "day")
    known = daily.filter("known").select("series", "location", "skill").unique()
    parts = [
        known.join(opened, on=["location", "skill"]),
        _inferred(daily.filter(~pl.col("known")), spans),
        _counted_periods(rows.filter(pl.col("cadence") != "day")),
    ]
    grid = pl.concat([part.select("series", "start") for part in parts]).unique()
    inside = grid.join(spans, on="series").filter(
        pl.col("start").is_between("first", "last")
    )
    return _covered(inside, rows).select("series", "start")


def _counted_periods(rows: pl.DataFrame) -> pl.DataFrame:
    """Per series the periods in which its source has rows of that location."""
    place = ["source", "location"]
    series = rows.select("series", *place).unique()
    return series.join(rows.select(*place, "start").unique(), on=place)


def _inferred(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Days that the data shows to be open, and those on which something happened."""
    seen = rows.select("series", "start")
    if rows.is_empty():
        return seen
    last = spans.filter(pl.col("series").is_in(seen["series"].implode()))["last"].max()
    inferred = open_days(rows, rows["start"].min(), last)  # type: ignore[arg-type]  # dates: there are rows
    return pl.concat([seen, inferred])


def _covered(grid: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep periods that a source of the series covers."""
    events = rows.filter(~pl.col("counted")).select("series").unique()
    counted = rows.filter("counted")
    covered = _counted_periods(counted).select("series", "start")
    return pl.concat(
        [
            grid.join(events, on="series", how="semi"),
            grid.join(covered, on=["series", "start"], how="semi"),
        ]
    ).unique()


def _filled(grid: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Zero where nothing came, typed `Demand`."""
    sums = rows.group_by("series", "start").agg(
        pl.col("cadence").first(), *(pl.col(name).sum() for name in SUMS)
    )
    cadence = rows.select("series", "cadence").unique("series")
    mean = pl.when(pl.col("weight") > 0).then(pl.col("work") / pl.col("weight"))
    frame = grid.join(cadence, on="series").join(
        sums.drop("cadence"), on=["series", "start"], how="left"
    )
    demand = frame.select(
        "series",
        "start",
        "cadence",
        pl.col("count").fill_null(0.0),
        pl.col("unmet").fill_null(0.0),
        mean.alias("handling_s"),
    )
    return Demand.validate(demand.sort("series", "start"), cast=True)
