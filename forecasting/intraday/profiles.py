"""From days to slots: how a day of a series falls over its times of day.

The series of one location and channel are a group, fitted together: a small series leans
on it at every level. Series of other names are groups of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from forecasting.intraday.daybook import DayBook
from forecasting.intraday.grids import Grid, to_grid
from forecasting.intraday.habits import Habits, fit_habits
from forecasting.intraday.moving import day_factor, kept_share, usual_openness
from forecasting.intraday.noise import slot_noise
from forecasting.series.panel import FloatArray
from forecasting.tables import split_series
from forecasting.tuning import IntradayTuning

UNKNOWN = ""
"""Stands for a series of the group without slots of its own: it does as the group."""
PORTIONS = pl.Schema(
    [
        ("series", pl.String()),
        ("period", pl.Date()),
        ("clock", pl.Datetime("us")),
        ("part", pl.Float64()),
        ("cv", pl.Float64()),
    ]
)
FACTORS = pl.Schema(
    [("series", pl.String()), ("period", pl.Date()), ("factor", pl.Float64())]
)


@dataclass(frozen=True)
class Profile:
    """The profile of one group.

    `noise` is the relative variance of slots by series and minute, given their day;
    `kept` what short days keep, and `usual_days` their usual openness, by kind of day.
    """

    habits: Habits
    noise: FloatArray
    kept: float
    usual_days: FloatArray

    def portions(
        self, grid: Grid, book: DayBook, *, whole: bool
    ) -> tuple[FloatArray, FloatArray]:
        """What each slot of a grid holds of the forecast of its day, and its noise."""
        shape = self.habits.shape(grid, book)
        evenly = shape.parts / np.maximum(grid.slots, 1.0)
        part = evenly if whole else shape.share
        nearest = np.abs(grid.minutes[:, None] - self.habits.minutes).argmin(axis=1)
        noise = self.noise[:, nearest][grid.series]
        return part[grid.row, grid.column], noise[grid.row, grid.column]

    def factors(self, grid: Grid, book: DayBook) -> FloatArray:
        """What the open slots of each day of a grid bring beside a day of its kind."""
        usual = self.usual_days[grid.series, book.kinds(grid.days)]
        return day_factor(self.habits.shape(grid, book).openness, usual, self.kept)


Profiles = Mapping[str, Profile]
"""A profile by group."""


def group_of() -> pl.Expr:
    """Location and channel where the name tells them, else the series itself."""
    parts = split_series()
    place = parts.struct.field("location") + "/" + parts.struct.field("channel")
    return place.fill_null(pl.col("series")).alias("group")


def fit_profiles(
    history: pl.DataFrame, book: DayBook, tuning: IntradayTuning
) -> dict[str, Profile]:
    """Profiles of all groups of `series, clock, count`, `clock` being local time.

    A slot that was open without contacts has a zero, a closed one no row.
    """
    parts = _by_group(history)
    return {group: _fit(parts[group], book, tuning) for group in sorted(parts)}


def _by_group(slots: pl.DataFrame) -> dict[str, pl.DataFrame]:
    groups = slots.select(pl.col("series").unique()).with_columns(group_of())
    parts = slots.join(groups, on="series").partition_by("group", as_dict=True)
    return {str(key[0]): part.sort("series", "clock") for key, part in parts.items()}


def _fit(part: pl.DataFrame, book: DayBook, tuning: IntradayTuning) -> Profile:
    known = to_grid(part)
    grid = replace(known, names=(*known.names, UNKNOWN))
    habits, days, rate = fit_habits(grid, book, tuning)
    openness = habits.shape(grid, book).openness
    return Profile(
        habits,
        slot_noise(days, rate, grid.series, len(grid.names), tuning),
        kept_share(grid, openness, tuning),
        usual_openness(grid, openness, book),
    )


def portions_of(
    slots: pl.DataFrame, profiles: Profiles, book: DayBook, *, whole: bool
) -> pl.DataFrame:
    """What each slot holds of the forecast of its day, typed `PORTIONS`.

    Args:
        slots: `series, clock` of slots to come; those of unknown groups are left out.
        profiles: by group.
        book: holidays and school holidays.
        whole: whether the forecast of a day is that of its slots together, all that are
            open then, or that of a usual day, of which only these are asked for.
    """
    parts = _by_group(slots)
    frames = [
        _portions(parts[group], profiles[group], book, whole=whole)
        for group in sorted(parts)
        if group in profiles
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=PORTIONS)


def day_factors(slots: pl.DataFrame, profiles: Profiles, book: DayBook) -> pl.DataFrame:
    """`series, period, factor`: what the slots open on a day bring, beside one of its kind.

    `slots` (`series, clock`) are all that is open on the days to come; those of unknown
    groups are left out.
    """
    parts = _by_group(slots)
    frames = [
        _factors(parts[group], profiles[group], book)
        for group in sorted(parts)
        if group in profiles
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=FACTORS)


def _factors(slots: pl.DataFrame, profile: Profile, book: DayBook) -> pl.DataFrame:
    grid = to_grid(slots)
    return pl.DataFrame(
        {
            "series": pl.Series(grid.names, dtype=pl.String).gather(grid.series),
            "period": grid.days,
            "factor": profile.factors(_renamed(grid, profile), book),
        },
        schema=FACTORS,
    )


def _portions(
    slots: pl.DataFrame, profile: Profile, book: DayBook, *, whole: bool
) -> pl.DataFrame:
    grid = to_grid(slots)
    part, noise = profile.portions(_renamed(grid, profile), book, whole=whole)
    return slots.select(
        "series",
        pl.col("clock").dt.date().alias("period"),
        "clock",
        pl.Series("part", part),
        pl.Series("cv", np.sqrt(noise)),
    )


def _renamed(grid: Grid, profile: Profile) -> Grid:
    """The grid with the numbers that the series have in the profile."""
    place = {name: at for at, name in enumerate(profile.habits.names)}
    none = place[UNKNOWN]
    numbers = np.array([place.get(name, none) for name in grid.names], dtype=np.int64)
    return replace(grid, names=profile.habits.names, series=numbers[grid.series])
