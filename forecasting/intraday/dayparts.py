"""What comes in the open hours of forecast periods, and in each quarter-hour of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from forecasting.calendar import Calendar
from forecasting.intraday.assumed import assumed_portions
from forecasting.intraday.daybook import DayBook
from forecasting.intraday.opened import (
    Place,
    clock_of,
    planned_slots,
    slots_by_hours,
    slots_by_pattern,
)
from forecasting.intraday.profiles import (
    Profiles,
    day_factors,
    fit_profiles,
    portions_of,
)
from forecasting.series.panel import first_and_last
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import Tuning

CLOCK = pl.Datetime("us")
LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class DayParts:
    """How the days of a town fall over their slots, fitted once for a run.

    The days of a series whose exports tell times of day follow its own profile, those of
    its like at the same location and channel theirs, others the assumed one. Where the
    calendar knows no hours, the slots of the history count as open.
    """

    local: pl.DataFrame
    places: Mapping[str, Place]
    calendar: Calendar
    tuning: Tuning
    book: DayBook
    profiles: Profiles

    @classmethod
    def fitted(
        cls,
        history: pl.DataFrame,
        places: Mapping[str, Place],
        calendar: Calendar,
        tuning: Tuning,
        until: date,
    ) -> "DayParts":
        """Fit the profiles to a `SlotDemand`, for periods that begin by `until`.

        `places` are location and skill per series.
        """
        local = history.with_columns(clock_of(calendar))
        ahead = pl.DataFrame({"clock": [until, until + LONGEST]})
        span = _span([local, ahead.with_columns(pl.col("clock").cast(CLOCK))])
        book = DayBook.of_calendar(calendar, *span)
        profiles = fit_profiles(local, book, tuning.intraday)
        return cls(local, places, calendar, tuning, book, profiles)

    def in_open_hours(self, periods: pl.DataFrame) -> pl.DataFrame:
        """The forecast of days as what their open hours bring, mean and quantiles alike.

        A day with fewer open hours than days of its kind have brings less, by what such
        days lost before; with more hours more. Weeks, months and days of series without a
        profile, or whose hours the calendar does not know, stay as they are.
        """
        days = periods.filter(pl.col("cadence") == "day").select("series", "start")
        slots = planned_slots(days, self.places, self.calendar)
        factors = day_factors(slots, self.profiles, self.book)
        moved = periods.join(
            factors.rename({"period": "start"}),
            on=["series", "start"],
            how="left",
            maintain_order="left",
        )
        factor = pl.col("factor").fill_null(1.0)
        return moved.with_columns(pl.col("mean", *QUANTILE_NAMES) * factor).drop(
            "factor"
        )

    def slots(self, periods: pl.DataFrame) -> pl.DataFrame:
        """Share days, weeks and months out over their slots: `series, start, mean, cv`.

        The slots of a period add up to its mean. `cv` is the noise of the slot beyond
        chance, given the day; null where it was not measured. A series without hours
        and without slots of its own has none.

        Args:
            periods: `series, start, cadence, mean`; days are those of the open hours.
        """
        by_hours = slots_by_hours(periods, self.places, self.calendar)
        others = periods.join(
            by_hours.select("series").unique(), on="series", how="anti"
        )
        slots = pl.concat(
            [by_hours, slots_by_pattern(others, self.local, self.calendar)]
        )
        clocked = slots.with_columns(clock_of(self.calendar))
        parts = self._parts(clocked, periods)
        means = periods.select("series", pl.col("start").alias("period"), "mean")
        shared = clocked.join(
            parts.unique(["series", "clock"]), on=["series", "period", "clock"]
        ).join(means, on=["series", "period"])
        mean = (pl.col("mean") * pl.col("part")).alias("mean")
        return shared.select("series", "start", mean, "cv").sort("series", "start")

    def _parts(self, slots: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
        """What each slot (`series, period, clock`) holds of its period, and its noise."""
        daily = periods.filter(pl.col("cadence") == "day").select("series").unique()
        days = slots.join(daily, on="series", how="semi")
        named = days.select("series", "clock")
        own = portions_of(named, self.profiles, self.book, whole=True)
        rest = slots.join(own, on=["series", "clock"], how="anti")
        return pl.concat([own, assumed_portions(rest, self.tuning.default_profile)])


def _span(frames: list[pl.DataFrame]) -> tuple[date, date]:
    """The first and last day of the slots of several frames."""
    days = pl.concat(frame.select(pl.col("clock").dt.date()) for frame in frames)
    if days.is_empty():
        return date(1970, 1, 1), date(1970, 1, 1)
    return first_and_last(days["clock"])
