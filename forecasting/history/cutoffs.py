"""First and last days of a source that it tells in part only: an export made at 11:00.

The evidence is what is missing beyond the last contact seen on the last day of a source
(before the first one on its first day). By the same weekdays around it, in the hours that
the calendar opens on that very day, so many contacts were to come there; that none did is
no chance where it is too improbable. An import made on that day, after all that was seen,
needs no such proof. A place that closes early by plan expects nothing after it closes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import PLACE, Counts
from forecasting.history.contacts import source_ends
from forecasting.history.early import brought_on, imported_early
from forecasting.history.planned import open_then
from forecasting.history.seen import LATEST, SPAN_DAYS, by_the_clock, seen_last
from forecasting.tables import series_name
from forecasting.tuning import load_tuning

IMPROBABLE = math.log(0.01)
"""One silence a source is looked at, so that one whole day in a hundred is left out."""
LEAST_DAYS = 4
"""So many days of the same weekday speak for themselves."""
YOUNG_DAYS = 28
"""Where fewer days are known, those of all weekdays together speak."""
LEAST_HISTORY_DAYS = 14
"""A younger history does not say when its days begin and end."""
PART_SHARE = 0.1
"""A day is known in part where more than this share of a usual one is missing."""
WORTH = 5.0
"""A series of few contacts is taken to fall over the day as all of its source do."""

PARTIAL = pl.Schema(
    [
        ("source", pl.String()),
        ("series", pl.String()),
        ("start", pl.Date()),
        ("end", pl.String()),
        ("minute", pl.Int32()),
        ("missing", pl.Float64()),
    ]
)
"""A day of a series known in part: up to (`end` "last") or from (`end` "first") a minute
of the day; `missing` is the share of a usual day that lies beyond."""

End = Literal["first", "last"]


@dataclass(frozen=True)
class Cut:
    """Per source a day and minute (`source, edge, at`), and whether it is `certain`."""

    frame: pl.DataFrame
    end: End

    @property
    def beyond(self) -> pl.Expr:
        """Whether a contact was not known yet, or was before what is told."""
        later = pl.col("known") > pl.col("at")
        return later if self.end == "last" else pl.col("minute") < pl.col("at")


def partial_days(
    counts: Counts,
    calendar: Calendar,
    catalogue: Catalogue,
    imported: Mapping[str, datetime] | None = None,
) -> pl.DataFrame:
    """The days that sources tell in part, typed `PARTIAL`, of each series they feed.

    `imported` is when something of each source was last imported. Only the first and the
    last day of a series count: where another source goes on, a day is whole.
    """
    ends = source_ends(counts.slots, calendar)
    if ends.is_empty():
        return pl.DataFrame(schema=PARTIAL)
    clocked = by_the_clock(counts.slots, ends, calendar)
    brought = brought_on(ends, imported or {}, calendar)
    last = seen_last(counts.slots, ends, calendar, brought)
    first = clocked.group_by("source").agg(
        pl.col("day").min().alias("edge"),
        pl.col("minute").sort_by("day", "minute").first().alias("at"),
    )
    first = first.with_columns(certain=pl.lit(value=False))
    parts = [
        _told(clocked, Cut(last, "last"), calendar, catalogue),
        _told(clocked, Cut(first, "first"), calendar, catalogue),
        imported_early(
            counts.slots, brought, calendar, catalogue, load_tuning().default_profile
        ),
    ]
    return _at_the_edge(pl.concat(parts), counts, calendar)


def in_part(partial: pl.DataFrame) -> pl.DataFrame:
    """The days of series of which too much is missing: `series, start, end, minute`."""
    found = partial.filter(pl.col("missing") > PART_SHARE)
    keys = ["series", "start", "end"]
    return found.group_by(keys).agg(pl.col("minute").max()).sort(keys)


def _told(
    clocked: pl.DataFrame, cut: Cut, calendar: Calendar, catalogue: Catalogue
) -> pl.DataFrame:
    """What is missing at one end of each source that breaks off there."""
    near = _comparable(clocked, cut)
    plan = open_then(near, calendar, catalogue)
    inside = plan.filter(pl.col("open")).with_columns(cut.beyond.alias("beyond"))
    broken = _broken(inside, cut)
    sums = inside.join(broken, on="source", how="semi").group_by("source", "series")
    count = pl.col("count")
    rows = sums.agg(
        count.sum().alias("all"),
        count.filter("beyond").sum().alias("late"),
        (pl.col("beyond") | ~pl.col("planned")).any().alias("later"),
    )
    usual = pl.col("late").sum().over("source") / pl.col("all").sum().over("source")
    worth = pl.when("later").then(WORTH).otherwise(0.0)
    missing = (pl.col("late") + worth * usual) / (pl.col("all") + worth)
    placed = rows.with_columns(missing.alias("missing")).join(cut.frame, on="source")
    return placed.select(
        "source",
        "series",
        pl.col("edge").alias("start"),
        pl.lit(cut.end).alias("end"),
        pl.col("at").cast(pl.Int32).alias("minute"),
        "missing",
    )


def _comparable(clocked: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """Contacts of the days around an edge: of its weekday, where there are enough."""
    apart = (pl.col("day") - pl.col("edge")).dt.total_days().abs()
    near = clocked.join(cut.frame, on="source").filter(apart.is_between(1, SPAN_DAYS))
    days = pl.col("day").n_unique().over("source")
    enough = near.filter((days >= LEAST_HISTORY_DAYS) | pl.col("certain"))
    alike = pl.col("day").dt.weekday() == pl.col("edge").dt.weekday()
    number = pl.col("day").filter(alike).n_unique().over("source")
    return enough.filter(alike | ((number < LEAST_DAYS) & (days < YOUNG_DAYS)))


def _broken(rows: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """The sources of which it is certain, or no chance, that they break off."""
    late = pl.col("count").filter("beyond").sum()
    days = rows.group_by("source", "day").agg(
        late.alias("late"), pl.col("certain").first()
    )
    mean, phi = pl.col("late").mean(), pl.col("late").var() / pl.col("late").mean()
    found = days.group_by("source").agg(
        mean.alias("mean"),
        phi.fill_null(1.0).fill_nan(1.0).clip(lower_bound=1.0).alias("phi"),
        pl.col("certain").first(),
        pl.len().alias("days"),
    )
    excess = pl.col("phi") - 1
    spread = pl.when(excess > 1e-6).then(pl.col("phi").log() / excess).otherwise(1.0)
    silent = (-pl.col("mean") * spread < IMPROBABLE) & (pl.col("days") >= LEAST_DAYS)
    return found.filter(silent | pl.col("certain")).select("source")


def _at_the_edge(
    partial: pl.DataFrame, counts: Counts, calendar: Calendar
) -> pl.DataFrame:
    """Those days that are the first or last that any source tells of the series."""
    if partial.is_empty():
        return partial
    day = pl.col("start").dt.convert_time_zone(calendar.zone).dt.date()
    took = counts.slots.select(*PLACE, "source", day.alias("day"))
    ends = source_ends(counts.slots, calendar).select("source", "last_day").lazy()
    spans = (
        took.join(ends, on="source")
        .filter(pl.col("day") <= pl.col("last_day"))
        .group_by(PLACE)
        .agg(pl.col("day").min().alias("begin"), pl.col("day").max().alias("until"))
        .collect(engine="streaming")
        .select(series_name().alias("series"), "begin", "until")
    )
    edge = pl.when(pl.col("end") == LATEST).then("until").otherwise("begin")
    past = pl.when(pl.col("end") == LATEST).then(pl.col("start") >= pl.col("until"))
    kept = past.otherwise(pl.col("start") == edge)
    joined = partial.join(spans, on="series").filter(kept)
    return joined.select(PARTIAL.names()).sort("series", "start", "source")
