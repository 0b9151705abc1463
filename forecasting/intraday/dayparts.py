"""The open quarter-hours of forecast periods, and what comes in each."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.intraday.profiles import at_clock, default_profile, profile, spread
from forecasting.tuning import Tuning

UTC_TIME = pl.Datetime("us", "UTC")
SLOTS = pl.Schema([("series", pl.String()), ("period", pl.Date()), ("start", UTC_TIME)])
Place = tuple[str, str | None]
"""Location and skill of a series; no skill when the catalogue lacks its step."""


def forecast_slots(
    periods: pl.DataFrame,
    history: pl.DataFrame,
    places: Mapping[str, Place],
    calendar: Calendar,
    tuning: Tuning,
) -> pl.DataFrame:
    """Share forecast days, weeks and months out over open slots: `series, start, mean`.

    A series whose exports tell times of day follows its own profile; others the assumed
    one. Where the calendar knows no hours, the slots of the history count as open; a
    series with neither has no slots.

    Args:
        periods: `series, start, cadence, mean`.
        history: `SlotDemand`.
        places: location and skill per series.
        calendar: opening hours.
        tuning: profile settings, and the assumed profile.
    """
    local = history.with_columns(_clock(calendar))
    known = [
        row for row in periods.iter_rows(named=True) if _knows(row, places, calendar)
    ]
    rows = [slot for row in known for slot in _slots(row, places, calendar)]
    by_hours = pl.DataFrame(rows, schema=SLOTS, orient="row")
    others = periods.join(by_hours.select("series").unique(), on="series", how="anti")
    slots = pl.concat([by_hours, _by_pattern(others, local, calendar)])
    clocked = slots.with_columns(_clock(calendar))
    shares = _shares(periods["series"].unique().sort(), local, tuning)
    return spread(periods, clocked, shares)


def _clock(calendar: Calendar) -> pl.Expr:
    start = pl.col("start").dt.convert_time_zone(calendar.zone)
    return start.dt.replace_time_zone(None).alias("clock")


def _knows(
    row: dict[str, object], places: Mapping[str, Place], calendar: Calendar
) -> bool:
    location, skill = places[str(row["series"])]
    return skill is not None and calendar.knows(location, skill)


def _slots(
    row: dict[str, object], places: Mapping[str, Place], calendar: Calendar
) -> list[tuple[object, ...]]:
    """Open slots of one day, week or month by the calendar."""
    name, start = str(row["series"]), row["start"]
    location, skill = places[name]
    if not isinstance(start, date) or skill is None:
        return []
    days = (start + timedelta(days=i) for i in range(_length(start, row["cadence"])))
    return [
        (name, start, slot)
        for day in days
        for slot in calendar.slots(location, skill, day)
    ]


def _length(start: date, cadence: object) -> int:
    month = monthrange(start.year, start.month)[1]
    return {"week": 7, "month": month}.get(str(cadence), 1)


def _by_pattern(
    periods: pl.DataFrame, local: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    """Slots that the history has on the same weekday."""
    seen = local.with_columns(*at_clock("clock"))
    pattern = seen.select("series", "weekday", "minute").unique()
    days = periods.filter(pl.col("cadence") == "day").select(
        "series",
        pl.col("start").alias("period"),
        pl.col("start").dt.weekday().alias("weekday"),
    )
    clock = pl.col("period").cast(pl.Datetime("us")) + pl.duration(
        minutes=pl.col("minute")
    )
    start = clock.dt.replace_time_zone(
        calendar.zone, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")
    slots = days.join(pattern, on=["series", "weekday"])
    return slots.select("series", "period", start.alias("start")).drop_nulls()


def _shares(names: pl.Series, local: pl.DataFrame, tuning: Tuning) -> pl.DataFrame:
    """Own profiles, and the assumed one for series without times of day."""
    own = profile(local, tuning.intraday)
    without = names.filter(~names.is_in(own["series"].unique().implode()))
    return pl.concat([own, default_profile(without, tuning.default_profile)])
