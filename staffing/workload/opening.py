"""Open quarter-hours per location and skill, as the calendar or the forecast has them."""

from datetime import date, datetime, timedelta

import polars as pl

from forecasting.calendar import Calendar, local_day
from forecasting.errors import InputError

UTC_TIME = pl.Datetime("us", "UTC")
HOUR = timedelta(hours=1)

Place = tuple[str, str]
"""A location and a skill."""


def open_slots(
    pairs: pl.DataFrame,
    slots: pl.DataFrame,
    days: tuple[date, date],
    calendar: Calendar,
) -> pl.DataFrame:
    """Open slots `location, skill, day, start` of pairs from the first to the last day.

    `slots` are forecast slots (`series, location, skill, start, mean`). A pair that the
    calendar does not know is open in those, and whenever its location has one.

    Raises:
        InputError: contacts are forecast in a slot that the opening hours have closed.
    """
    forecast = slots.select("location", "skill", "start")
    elsewhere = pairs.select("location", "skill").join(
        forecast.select("location", "start"), on="location"
    )
    unknown = [
        not calendar.knows(location, skill)
        for location, skill in pairs.select("location", "skill").iter_rows()
    ]
    guessed = elsewhere.join(pairs.filter(pl.Series(unknown)), on=["location", "skill"])
    open_by_hours = _by_calendar(pairs, days, calendar)
    _check_open(slots, pairs.filter(~pl.Series(unknown)), open_by_hours, calendar)
    told = [open_by_hours, forecast, guessed]
    every = pl.concat([part.select("location", "skill", "start") for part in told])
    every = every.unique().with_columns(local_day("start", calendar.zone).alias("day"))
    inside = every.filter(pl.col("day").is_between(*days))
    return inside.sort("location", "skill", "start")


def _check_open(
    slots: pl.DataFrame, known: pl.DataFrame, opened: pl.DataFrame, calendar: Calendar
) -> None:
    keys = ["location", "skill"]
    asked = slots.filter(pl.col("mean") > 0).join(known, on=keys, how="semi")
    shut = asked.join(opened, on=[*keys, "start"], how="anti").sort("start", "series")
    if not shut.is_empty():
        series, start = shut.select("series", "start").row(0)
        moment = start.astimezone(calendar.tz)
        raise InputError(
            f"expected contacts in open slots, found {series} at {moment:%Y-%m-%d %H:%M}, "
            "which is closed by the opening hours",
            remedy="Forecast again after a change of hours: piekwijzer forecast.",
        )


def _by_calendar(
    pairs: pl.DataFrame, days: tuple[date, date], calendar: Calendar
) -> pl.DataFrame:
    first, last = days
    span = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    rows = [
        (location, skill, start)
        for location, skill in pairs.select("location", "skill").iter_rows()
        for day in span
        for start in calendar.slots(location, skill, day)
    ]
    return pl.DataFrame(
        rows,
        schema={"location": pl.String, "skill": pl.String, "start": UTC_TIME},
        orient="row",
    )


def open_hours(places: list[Place], day: date, calendar: Calendar) -> float:
    """Hours from the first opening to the last closing of places on a day.

    0 on closed days; infinite where the calendar does not know one of the places.
    """
    if calendar.is_closed(day):
        return 0.0
    if not all(calendar.knows(*place) for place in places):
        return float("inf")
    outer = _outer(places, day, calendar)
    return (outer[1] - outer[0]) / HOUR if outer else 0.0


def open_minutes(places: list[Place], day: date, calendar: Calendar) -> tuple[int, int]:
    """First opening and last closing of places in local minutes; unknown: all day."""
    outer = _outer(places, day, calendar)
    if outer is None:
        return 0, 1440
    first, last = (moment.astimezone(calendar.tz) for moment in outer)
    return 60 * first.hour + first.minute, 60 * last.hour + last.minute


def _outer(
    places: list[Place], day: date, calendar: Calendar
) -> tuple[datetime, datetime] | None:
    found = [calendar.opening(*place, day) for place in places]
    times = [opening for opening in found if opening is not None]
    if not times:
        return None
    return min(time[0] for time in times), max(time[1] for time in times)
