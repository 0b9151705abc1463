"""Demand that was not served: callers who gave up, bookings that a full calendar kept away."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
import polars as pl

from forecasting.calendar import Calendar
from forecasting.counting import Counts
from forecasting.history.balking import estimate_balking
from forecasting.history.calls import call_logs
from forecasting.history.leaving import LeftOut, is_left_out
from forecasting.history.redials import measure_redials
from forecasting.history.waits import BookingDays, booking_days
from forecasting.tables import Unmet, split_series
from forecasting.tuning import CensoredTuning

COLUMNS = Unmet.column_names()


@dataclass(frozen=True)
class Redials:
    """The share of those who give up that calls again, its range, and how it is known."""

    share: float
    low: float
    high: float
    known: Literal["measured", "assumed"]


@dataclass(frozen=True)
class Censored:
    """What was asked for in vain (`unmet`, typed `Unmet`), and the redials behind it."""

    unmet: pl.DataFrame
    redials: Redials


def unmet_demand(
    counts: Counts,
    demand: pl.DataFrame,
    calendar: Calendar,
    tuning: CensoredTuning,
    *,
    left_out: Sequence[LeftOut] = (),
    seed: int = 0,
) -> Censored:
    """Estimate what was asked for in vain, beside what was served, typed `Unmet`.

    Phone series have a row for each period of `demand` (typed `Demand`) where their
    export tells who gave up; appointments one for each day of asking of the last years,
    where enough is known. Days that are `left_out` of training say nothing of waits.
    """
    redials = known_redials(counts, calendar, tuning)
    parts = [_gave_up(demand, redials)]
    for bookings in booking_days(counts, tuning.wait_quantiles):
        rng = np.random.default_rng((seed, zlib.crc32(bookings.series.encode())))
        parts.append(_kept_away(bookings, calendar, tuning, left_out, rng))
    return Censored(_whole(parts), redials)


def known_redials(
    counts: Counts, calendar: Calendar, tuning: CensoredTuning
) -> Redials:
    """The measured share where the calls tell it well enough, else the assumed one."""
    logs = call_logs(counts, calendar.zone, tuning.redial_days)
    found = measure_redials(logs, tuning.redial_after_s)
    if found is not None:
        narrow = found.high - found.low <= tuning.informative_width
        if narrow and found.high > 0 and found.low < 1:
            share, low, high = np.clip([found.value, found.low, found.high], 0, 1)
            return Redials(float(share), float(low), float(high), "measured")
    return Redials(tuning.redial, tuning.redial_low, tuning.redial_high, "assumed")


def _gave_up(demand: pl.DataFrame, redials: Redials) -> pl.DataFrame:
    """Callers who gave up and did not call again."""
    phone = split_series().struct.field("channel") == "phone"
    told = pl.col("unmet").sum().over("series") > 0
    return demand.filter(phone & told).select(
        "series",
        "start",
        pl.lit("gave up").alias("kind"),
        (pl.col("count") - pl.col("unmet")).clip(lower_bound=0).alias("served"),
        (pl.col("unmet") * (1 - redials.share)).alias("unmet"),
        (pl.col("unmet") * (1 - redials.high)).alias("low"),
        (pl.col("unmet") * (1 - redials.low)).alias("high"),
    )


def _kept_away(
    bookings: BookingDays,
    calendar: Calendar,
    tuning: CensoredTuning,
    left_out: Sequence[LeftOut],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Bookings that were not made because the calendar was full."""
    last = bookings.first + timedelta(days=bookings.made.size - 1)
    days = pl.date_range(bookings.first, last, eager=True).alias("start")
    frame = days.to_frame().with_columns(pl.lit(bookings.series).alias("series"))
    excluded = frame.select(is_left_out(left_out, [bookings.series])).to_series()
    found = estimate_balking(
        bookings, tuning, calendar.is_closed, excluded.to_numpy(), rng
    )
    if found is None:
        return Unmet.create_empty()
    kept = frame[found.days].with_columns(
        pl.lit("calendar full").alias("kind"),
        pl.Series("served", bookings.made[found.days]),
        pl.Series("unmet", found.unmet),
        pl.Series("low", found.low),
        pl.Series("high", found.high),
    )
    return kept.select(COLUMNS)


def _whole(parts: list[pl.DataFrame]) -> pl.DataFrame:
    frame = pl.concat([part.select(COLUMNS) for part in parts], how="vertical_relaxed")
    return Unmet.validate(frame.sort("series", "start"), cast=True)
