"""Visits by appointment: missed ones, those already planned, and those still to come.

A forecast of visits is dated by visit and knows nothing of the agenda. What was booked
by the end of the history is known; the rest of a day's visits is its forecast times the
share that is usually booked later than that.
"""

from datetime import timedelta

import polars as pl

from forecasting.calendar import Calendar, local_day
from forecasting.counting import PLACE, Counts
from forecasting.history.contacts import source_ends
from forecasting.tables import BookedAhead, NoShows, PlannedVisits, series_name

BOOKED = "appointment"
NO_SHOW_DAYS = 730
LEAD_DAYS = 28
"""Visits asked for on so many days tell how long ahead they are booked now."""
LONGEST = 120
WEIGHT = 50.0
"""The leads of all series together weigh as so many visits of the series itself."""
MOST_WEEKS = 26
WEEKDAY = pl.col("visit").dt.weekday()


def no_shows(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """The `NoShows` of the last two years.

    A source that never told of a missed visit does not tell of any: it is left out.
    """
    past = _bookings(counts, calendar).filter(
        pl.col("visit") <= pl.col("last_day"),
        pl.col("visit") > pl.col("newest") - timedelta(days=NO_SHOW_DAYS),
        (pl.col("no_show").sum() > 0).over("source"),
    )
    weeks = (pl.col("lead") // 7).clip(0, MOST_WEEKS).alias("weeks")
    found = past.group_by("series", weeks).agg(
        pl.col("count").sum().alias("visits"), pl.col("no_show").sum().alias("missed")
    )
    return NoShows.validate(found.sort("series", "weeks"), cast=True)


def planned_visits(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """The `PlannedVisits`: what sources hold of after the day on which all have ended."""
    ends = source_ends(counts.slots, calendar).lazy()
    slots = counts.slots.filter(
        pl.col("channel") == BOOKED, pl.col("requested").is_not_null()
    ).join(ends, on="source")
    newest = pl.col("beyond").max().over(PLACE)
    ahead = slots.filter(pl.col("start") >= newest)
    found = ahead.group_by(
        series_name().alias("series"),
        "start",
        local_day("start", calendar.zone).alias("visit"),
    ).agg(pl.col("count").sum())
    weeks = (
        _bookings(counts, calendar)
        .sort("series", "visit", "requested", "source")
        .group_by("series", "visit")
        .agg((pl.col("lead") * pl.col("count")).sum() / pl.col("count").sum() / 7)
    )
    known = found.collect().join(weeks, on=["series", "visit"], how="left")
    columns = ["series", "start", "count", pl.col("lead").fill_null(0.0).alias("weeks")]
    return PlannedVisits.validate(known.select(columns).sort("series", "start"))


def booked_ahead(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """The `BookedAhead` of the days after the history, as far as some are booked then.

    How long ahead visits of a weekday are booked is told by those asked for in the last
    four weeks, of which every visit is known: of the series, and of all series as far as
    it has few. Bookings that will still be cancelled are among those known.
    """
    bookings = _bookings(counts, calendar)
    leads = _leads(bookings)
    days = _days_ahead(bookings)
    asked_late = pl.col("lead") <= pl.col("ahead")
    visits = pl.col("visits")
    to_come = (
        days.join(leads, on=["series", "weekday"], how="left")
        .sort("series", "day", "lead")
        .group_by("series", "day")
        .agg(
            visits.is_not_null().any().alias("seen"),
            visits.sum().alias("own"),
            visits.filter(asked_late).sum().alias("late"),
            pl.col("of_all").filter(asked_late).sum().alias("usual"),
        )
    )
    late = pl.col("late") + WEIGHT * pl.col("usual")
    share = pl.when(pl.col("seen")).then(late / (pl.col("own") + WEIGHT)).otherwise(1.0)
    found = (
        days.join(to_come, on=["series", "day"])
        .join(_known(bookings), on=["series", "day"], how="left")
        .with_columns(share.clip(0, 1).alias("to_come"))
        .with_columns(pl.col("known", "last").fill_null(0.0))
        .filter((pl.col("to_come") < 1) | (pl.col("known") > 0))
    )
    columns = BookedAhead.column_names()
    return BookedAhead.validate(found.select(columns).sort("series", "day"), cast=True)


def _bookings(counts: Counts, calendar: Calendar) -> pl.DataFrame:
    """Booked visits with their series and days of `lead`.

    `last_day` is the last that their source tells of, `newest` that any source of the
    series does: of a system that was replaced nothing is still to come.
    """
    ends = source_ends(counts.slots, calendar).lazy().select("source", "last_day")
    lead = (pl.col("visit") - pl.col("requested")).dt.total_days()
    booked = counts.bookings.filter(pl.col("channel") == BOOKED)
    keys = ["source", "requested", "visit", *PLACE]
    sums = booked.group_by(keys).agg(pl.col("count", "no_show").sum())
    return (
        sums.join(ends, on="source")
        .with_columns(series_name().alias("series"), lead.clip(0).alias("lead"))
        .with_columns(pl.col("last_day").max().over("series").alias("newest"))
        .collect()
    )


def _leads(bookings: pl.DataFrame) -> pl.DataFrame:
    """Visits per series, weekday and days of lead; beside it the share of all series."""
    recent = bookings.filter(
        pl.col("requested") < pl.col("newest"),
        pl.col("requested") >= pl.col("newest") - timedelta(days=LEAD_DAYS),
    ).with_columns(WEEKDAY.alias("weekday"), pl.col("lead").clip(0, LONGEST))
    own = recent.group_by("series", "weekday", "lead").agg(
        pl.col("count").sum().alias("visits")
    )
    every = recent.group_by("weekday", "lead").agg(pl.col("count").sum())
    of_all = pl.col("count") / pl.col("count").sum().over("weekday")
    grid = (
        bookings.select("series")
        .unique()
        .join(every.select("weekday", "lead", of_all.alias("of_all")), how="cross")
    )
    keys = ["series", "weekday", "lead"]
    both = grid.join(own, on=keys, how="left")
    return both.with_columns(pl.col("visits").fill_null(0.0))


def _days_ahead(bookings: pl.DataFrame) -> pl.DataFrame:
    """Days after the history of each series, `ahead` days away."""
    ahead = pl.DataFrame({"ahead": range(1, LONGEST)}, schema={"ahead": pl.Int64})
    series = bookings.select("series", "newest").unique()
    days = series.join(ahead, how="cross").with_columns(
        (pl.col("newest") + pl.duration(days=pl.col("ahead"))).alias("day")
    )
    return days.with_columns(pl.col("day").dt.weekday().alias("weekday"))


def _known(bookings: pl.DataFrame) -> pl.DataFrame:
    """Visits of each coming day that are booked, and those of the last day of asking."""
    ahead = bookings.filter(pl.col("visit") > pl.col("newest"))
    on_last = pl.col("requested") >= pl.col("newest")
    return ahead.group_by("series", pl.col("visit").alias("day")).agg(
        pl.col("count").sum().alias("known"),
        pl.col("count").filter(on_last).sum().alias("last"),
    )
