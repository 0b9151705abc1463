"""Days that were imported before they were over, of sources that tell no time of day."""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.counting import PLACE
from forecasting.history.observed import WEEK_S
from forecasting.history.opening import places
from forecasting.history.seen import DAY_S, LATEST
from forecasting.tables import series_name
from forecasting.tuning import DefaultProfile

QUARTER = 15
EVERY = np.arange(0, 1440, QUARTER)


def imported_early(
    slots: pl.LazyFrame,
    last: pl.DataFrame,
    calendar: Calendar,
    catalogue: Catalogue,
    profile: DefaultProfile,
) -> pl.DataFrame:
    """The last days of counts by day, imported on that very day, typed `PARTIAL`.

    What is missing is the part of the open hours after the import, by the assumed
    profile of a day.

    Args:
        slots: `SlotContacts`.
        last: `source, edge, brought`, sources with the minute of an import on their last
            day.
        calendar: opening hours, where they are known.
        catalogue: the skill of each step.
        profile: the assumed weights of hours.
    """
    daily = slots.filter(pl.col("period_s").is_between(DAY_S, WEEK_S, closed="left"))
    named = daily.select("source", *PLACE).unique().collect(engine="streaming")
    series = named.select("source", series_name().alias("series"))
    rows = series.join(last, on="source")
    skills = _known_hours(rows["series"], calendar, catalogue)
    missing = [
        _missing(_open(skills.get(name), day, calendar), minute, profile)
        for name, day, minute in rows.select("series", "edge", "brought").iter_rows()
    ]
    return rows.select(
        "source",
        "series",
        pl.col("edge").alias("start"),
        pl.lit(LATEST).alias("end"),
        pl.col("brought").alias("minute"),
        pl.Series("missing", missing, dtype=pl.Float64),
    )


def _known_hours(
    names: pl.Series, calendar: Calendar, catalogue: Catalogue
) -> dict[str, tuple[str, str]]:
    """Location and skill of the series whose hours are known."""
    known = places(names.unique(), calendar, catalogue).filter("known")
    rows = known.select("series", "location", "skill").iter_rows()
    return {name: (location, skill) for name, location, skill in rows}


def brought_on(
    ends: pl.DataFrame, imported: Mapping[str, datetime], calendar: Calendar
) -> pl.DataFrame:
    """`source, edge, brought`: sources imported on their last day, with the minute."""
    local = [
        (name, at.astimezone(calendar.tz)) for name, at in sorted(imported.items())
    ]
    brought = pl.DataFrame(
        [(name, at.date(), at.hour * 60 + at.minute) for name, at in local],
        schema={"source": pl.String, "edge": pl.Date, "brought": pl.Int32},
        orient="row",
    )
    days = ends.select("source", pl.col("last_day").alias("edge"))
    return days.join(brought, on=["source", "edge"])


def _open(place: tuple[str, str] | None, day: date, calendar: Calendar) -> np.ndarray:
    """The minutes at which open quarter-hours of a day begin; all where none is known."""
    if place is None:
        return EVERY
    local = (slot.astimezone(calendar.tz) for slot in calendar.slots(*place, day))
    return np.array([at.hour * 60 + at.minute for at in local], dtype=np.int64)


def _missing(minutes: np.ndarray, told: int, profile: DefaultProfile) -> float:
    hour = np.searchsorted(profile.hour_from, minutes // 60, side="right") - 1
    weight = np.array(profile.hour_weight)[hour]
    whole = float(weight.sum())
    return float(weight[minutes >= told].sum()) / whole if whole > 0 else 0.0
