"""Which quarter-hours of coming periods are open: by hours that are known, or by habit."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

import polars as pl

from forecasting.calendar import Calendar
from forecasting.series.slots import open_minutes

UTC_TIME = pl.Datetime("us", "UTC")
SLOTS = pl.Schema([("series", pl.String()), ("period", pl.Date()), ("start", UTC_TIME)])
TEXT = pl.String()
PLACED = pl.Schema([("series", TEXT), ("location", TEXT), ("skill", TEXT)])
PLANNED = pl.Schema(
    [("location", TEXT), ("skill", TEXT), ("day", pl.Date()), ("start", UTC_TIME)]
)
Place = tuple[str, str | None]
"""Location and skill of a series; no skill when the catalogue lacks its step."""


def planned_slots(
    days: pl.DataFrame, places: Mapping[str, Place], calendar: Calendar
) -> pl.DataFrame:
    """`series, clock`: the open slots of days (`series, start`) whose hours are known."""
    known = [
        (name, *place)
        for name, place in sorted(places.items())
        if place[1] is not None and calendar.knows(place[0], place[1])
    ]
    where = pl.DataFrame(known, schema=PLACED, orient="row")
    placed = days.select("series", pl.col("start").alias("day")).join(
        where, on="series"
    )
    keys = ["location", "skill", "day"]
    pairs = placed.select(keys).unique().sort(keys)
    rows = [(*key, slot) for key in pairs.iter_rows() for slot in calendar.slots(*key)]
    slots = pl.DataFrame(rows, schema=PLANNED, orient="row")
    plan = slots.with_columns(clock_of(calendar)).drop("start")
    return placed.join(plan, on=keys).select("series", "clock")


def slots_by_hours(
    periods: pl.DataFrame, places: Mapping[str, Place], calendar: Calendar
) -> pl.DataFrame:
    """The open slots of days, weeks and months whose hours are known, typed `SLOTS`."""
    open_slots = cache(calendar.slots)
    rows = [
        slot
        for row in periods.iter_rows(named=True)
        if _knows(row, places, calendar)
        for slot in _slots(row, places, open_slots)
    ]
    return pl.DataFrame(rows, schema=SLOTS, orient="row")


def clock_of(calendar: Calendar) -> pl.Expr:
    """`clock`: the local time of `start`, without a zone."""
    start = pl.col("start").dt.convert_time_zone(calendar.zone)
    return start.dt.replace_time_zone(None).alias("clock")


def _knows(
    row: dict[str, object], places: Mapping[str, Place], calendar: Calendar
) -> bool:
    location, skill = places[str(row["series"])]
    return skill is not None and calendar.knows(location, skill)


def _slots(
    row: dict[str, object],
    places: Mapping[str, Place],
    open_slots: Callable[[str, str, date], list[datetime]],
) -> list[tuple[object, ...]]:
    """Open slots of one day, week or month by the calendar."""
    name, start = str(row["series"]), row["start"]
    location, skill = places[name]
    if not isinstance(start, date) or skill is None:
        return []
    days = (start + timedelta(days=i) for i in range(_length(start, row["cadence"])))
    return [
        (name, start, slot) for day in days for slot in open_slots(location, skill, day)
    ]


def _length(start: date, cadence: object) -> int:
    month = monthrange(start.year, start.month)[1]
    return {"week": 7, "month": month}.get(str(cadence), 1)


def slots_by_pattern(
    periods: pl.DataFrame, local: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """Slots that the history usually has on the same weekday."""
    pattern = open_minutes(local)
    days = periods.filter(pl.col("cadence") == "day").select(
        "series",
        pl.col("start").alias("period"),
        pl.col("start").dt.weekday().alias("weekday"),
    )
    clock = pl.col("period").cast(pl.Datetime("us")) + pl.duration(
        minutes=pl.col("minute")
    )
    slots = days.join(pattern, on=["series", "weekday"])
    both = [
        slots.select("series", "period", _moment(clock, calendar, which).alias("start"))
        for which in ("earliest", "latest")
    ]
    return pl.concat(both).drop_nulls().unique().sort(pl.all())


def _moment(
    clock: pl.Expr, calendar: Calendar, which: Literal["earliest", "latest"]
) -> pl.Expr:
    """A local time in UTC, the first or last where the clock shows it twice."""
    local = clock.dt.replace_time_zone(
        calendar.zone, ambiguous=which, non_existent="null"
    )
    return local.dt.convert_time_zone("UTC")
