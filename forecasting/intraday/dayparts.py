"""The open quarter-hours of forecast periods, and what comes in each."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

import polars as pl

from forecasting.calendar import Calendar
from forecasting.intraday.assumed import assumed_portions
from forecasting.intraday.daybook import DayBook
from forecasting.intraday.profiles import fit_profiles, portions_of
from forecasting.series.panel import first_and_last
from forecasting.series.slots import open_minutes
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
    """Share forecast days, weeks and months out over slots: `series, start, mean, cv`.

    The days of a series whose exports tell times of day follow its own profile, those
    of its like at the same location and channel theirs, others the assumed one. `cv` is
    the noise of the slot beyond chance, given the day; null where it was not measured.
    Where the calendar knows no hours, the slots of the history count as open; a series
    with neither has no slots. On a day with fewer open hours than usual the slots hold
    less than the day's mean, by what such days lost before.

    Args:
        periods: `series, start, cadence, mean`.
        history: `SlotDemand`.
        places: location and skill per series.
        calendar: opening hours, holidays, school holidays.
        tuning: profile settings, and the assumed profile.
    """
    local = history.with_columns(_clock(calendar))
    known = [
        row for row in periods.iter_rows(named=True) if _knows(row, places, calendar)
    ]
    open_slots = cache(calendar.slots)
    rows = [slot for row in known for slot in _slots(row, places, open_slots)]
    by_hours = pl.DataFrame(rows, schema=SLOTS, orient="row")
    others = periods.join(by_hours.select("series").unique(), on="series", how="anti")
    slots = pl.concat([by_hours, _by_pattern(others, local, calendar)])
    clocked = slots.with_columns(_clock(calendar))
    parts = _parts(clocked, periods, local, calendar, tuning)
    means = periods.select("series", pl.col("start").alias("period"), "mean")
    shared = clocked.join(
        parts.unique(["series", "clock"]), on=["series", "period", "clock"]
    ).join(means, on=["series", "period"])
    mean = (pl.col("mean") * pl.col("part")).alias("mean")
    return shared.select("series", "start", mean, "cv").sort("series", "start")


def _parts(
    slots: pl.DataFrame,
    periods: pl.DataFrame,
    local: pl.DataFrame,
    calendar: Calendar,
    tuning: Tuning,
) -> pl.DataFrame:
    """What each slot (`series, period, clock`) holds of its period, and its noise."""
    book = DayBook.of_calendar(calendar, *_span([local, slots]))
    profiles = fit_profiles(local, book, tuning.intraday)
    daily = periods.filter(pl.col("cadence") == "day").select("series").unique()
    days = slots.join(daily, on="series", how="semi")
    own = portions_of(days.select("series", "clock"), profiles, book, whole=True)
    rest = slots.join(own, on=["series", "clock"], how="anti")
    return pl.concat([own, assumed_portions(rest, tuning.default_profile)])


def _span(frames: list[pl.DataFrame]) -> tuple[date, date]:
    """The first and last day of the slots of several frames."""
    days = pl.concat(frame.select(pl.col("clock").dt.date()) for frame in frames)
    if days.is_empty():
        return date(1970, 1, 1), date(1970, 1, 1)
    return first_and_last(days["clock"])


def _clock(calendar: Calendar) -> pl.Expr:
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


def _by_pattern(
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
