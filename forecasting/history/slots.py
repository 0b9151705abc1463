"""Demand per series and open quarter-hour, where exports tell the time of day."""

import polars as pl

from forecasting.calendar import SLOT, Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import PLACE, Counts
from forecasting.history.contacts import source_ends, took_place
from forecasting.history.cutoffs import in_part, partial_days
from forecasting.history.days import days_seen
from forecasting.history.opening import places
from forecasting.history.seen import LATEST
from forecasting.tables import BookedDays, SlotDemand, series_name

SLOT_S = int(SLOT.total_seconds())
HOUR_S = 3600
QUARTERS: dict[str, pl.DataType] = {
    "location": pl.String(),
    "skill": pl.String(),
    "start": pl.Date(),
    "slot": pl.List(pl.Datetime("us", "UTC")),
}
TAIL = 0.005
"""Share of contacts at either end of a day taken to fall outside opening hours."""


def slot_demand(
    counts: Counts,
    calendar: Calendar,
    catalogue: Catalogue,
    *,
    days: int = 730,
    partial: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Count contacts per quarter-hour of the last `days` of each series, as `SlotDemand`.

    An open quarter without contacts has a zero. A count of half an hour or an hour is
    spread evenly. Where the calendar knows no hours, each weekday is open between the
    quarters that hold all but 1% of its contacts. What falls outside is left out. A day
    that is told in part (`partial`, else by the counts) has the quarters it tells of.
    """
    if partial is None:
        partial = partial_days(counts, calendar, catalogue)
    timed = counts.slots.filter(pl.col("period_s") <= HOUR_S)
    past = took_place(timed, source_ends(timed, calendar))
    window = _recent(past, calendar, days)
    recent = window.collect(engine="streaming").lazy()
    visits = Counts(recent, BookedDays.create_empty().lazy())
    demand = days_seen(visits, calendar, catalogue)
    demand = demand.filter(pl.col("cadence") == "day")
    if demand.is_empty():
        return SlotDemand.create_empty()
    found = _per_quarter(recent)
    where = places(demand["series"].unique(), calendar, catalogue)
    placed = demand.select("series", "start").join(where, on="series")
    slots = pl.concat(
        [
            _known(placed.filter("known"), calendar),
            _inferred(placed.filter(~pl.col("known")), found, calendar),
        ]
    )
    told = _told(slots, in_part(partial), calendar)
    filled = told.join(found, on=["series", "start"], how="left")
    filled = filled.with_columns(pl.col("count").fill_null(0.0))
    return SlotDemand.validate(filled.sort("series", "start"), cast=True)


def _told(
    slots: pl.DataFrame, partial: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """The quarters without those after a day breaks off, or before it is told of."""
    local = pl.col("start").dt.convert_time_zone(calendar.zone)
    minute = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()
    days = partial.rename({"start": "day"}).with_columns(pl.col("minute").alias("at"))
    placed = slots.with_columns(local.dt.date().alias("day"), minute.alias("clock"))
    late = (pl.col("end") == LATEST) & (pl.col("clock") > pl.col("at"))
    early = (pl.col("end") != LATEST) & (pl.col("clock") < pl.col("at"))
    beyond = placed.join(days, on=["series", "day"]).filter(late | early)
    return slots.join(beyond, on=["series", "start"], how="anti", maintain_order="left")


def _recent(slots: pl.LazyFrame, calendar: Calendar, days: int) -> pl.LazyFrame:
    """The last whole days of each series."""
    midnight = pl.col("last").dt.convert_time_zone(calendar.zone).dt.truncate("1d")
    since = midnight.dt.offset_by(f"-{days - 1}d").dt.convert_time_zone("UTC")
    window = slots.group_by(PLACE).agg(pl.col("start").max().alias("last"))
    window = window.with_columns(since.alias("since"))
    recent = slots.join(window, on=PLACE)
    return recent.filter(pl.col("start") >= pl.col("since")).drop("last", "since")


def _per_quarter(slots: pl.LazyFrame) -> pl.DataFrame:
    """Contacts per series and quarter-hour in which there were any."""
    parts = pl.max_horizontal(pl.col("period_s") // SLOT_S, 1)
    spread = slots.select(
        *PLACE,
        pl.col("start").dt.truncate("15m"),
        (pl.col("count") / parts).alias("count"),
        pl.int_ranges(0, parts).alias("part"),
    ).explode("part")
    start = pl.col("start") + pl.duration(minutes=15 * pl.col("part"))
    counts = spread.group_by(*PLACE, start.alias("start")).agg(pl.col("count").sum())
    return counts.collect(engine="streaming").select(
        series_name().alias("series"), "start", "count"
    )


def _known(placed: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Open quarters by the calendar."""
    pairs = placed.select("location", "skill", "start").unique().sort(pl.all())
    quarters = [
        (location, skill, day, calendar.slots(location, skill, day))
        for location, skill, day in pairs.iter_rows()
    ]
    slots = pl.DataFrame(quarters, schema=QUARTERS, orient="row").explode("slot")
    joined = placed.join(slots, on=["location", "skill", "start"]).drop_nulls("slot")
    return joined.select("series", pl.col("slot").alias("start"))


def _inferred(
    placed: pl.DataFrame, counts: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """Open quarters by weekday, between the tails of the day's contacts."""
    local = pl.col("start").dt.convert_time_zone(calendar.zone)
    quarter = local.dt.hour().cast(pl.Int64) * 4 + local.dt.minute() // 15
    weekday = local.dt.weekday().alias("weekday")
    shape = counts.group_by("series", weekday, quarter.alias("quarter")).agg(
        pl.col("count").sum()
    )
    so_far = pl.col("count").cum_sum().over("series", "weekday", order_by="quarter")
    share = so_far / pl.col("count").sum().over("series", "weekday")
    reached = pl.col("quarter").filter(pl.col("share") > TAIL).min()
    nearly_all = pl.col("quarter").filter(pl.col("share") >= 1 - TAIL).min()
    hours = (
        shape.with_columns(share.alias("share"))
        .group_by("series", "weekday")
        .agg(pl.int_ranges(reached, nearly_all + 1).first().alias("quarter"))
        .explode("quarter")
        .drop_nulls()
    )
    days = placed.with_columns(pl.col("start").dt.weekday().alias("weekday"))
    opened = days.join(hours, on=["series", "weekday"])
    clock = pl.col("start").cast(pl.Datetime("us"))
    clock = clock + pl.duration(minutes=15 * pl.col("quarter"))
    moment = clock.dt.replace_time_zone(
        calendar.zone, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")
    return opened.select("series", moment.alias("start")).drop_nulls().unique()
