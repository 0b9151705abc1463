"""Slot histories: day forecasts shared out over slots, with quantiles of each slot.

A slot is uncertain for three reasons: the day's level (the quantiles of the day's
forecast, less the chance in them), the noise of the slot about it, and the chance of
counting. The first two multiply: relative variance (1 + day) (1 + slot) - 1.
"""

import numpy as np
import polars as pl
from scipy.special import ndtri

from forecasting.intraday.counts import count_quantiles
from forecasting.intraday.daybook import DayBook
from forecasting.intraday.profiles import Profiles, fit_profiles, portions_of
from forecasting.series.cadence import SLOT_SECONDS, by_clock, from_clock, on_days
from forecasting.series.knowndays import Known
from forecasting.series.panel import FloatArray
from forecasting.series.slots import open_minutes, whole_days
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import IntradayTuning

MIDDLE_80, MIDDLE_90 = 2 * float(ndtri(0.9)), 2 * float(ndtri(0.95))


def open_slots(
    history: pl.DataFrame, days: pl.DataFrame, cadence: str, horizon: int | None
) -> pl.DataFrame:
    """The slots of open days that are usually open on that weekday.

    They lie within the first `horizon` slots of the clock after the history.
    """
    clocked = by_clock(history)
    pattern = open_minutes(clocked)
    clock = pl.col("start").cast(pl.Datetime("us")) + pl.duration(
        minutes=pl.col("minute")
    )
    weekday = pl.col("start").dt.weekday().alias("weekday")
    slots = days.with_columns(weekday).join(pattern, on=["series", "weekday"])
    slots = slots.select("series", clock.alias("clock"))
    last = clocked.group_by("series").agg(pl.col("clock").max().alias("last"))
    gone = (pl.col("clock") - pl.col("last")).dt.total_seconds()
    reach = (horizon or 10**9) * SLOT_SECONDS[cadence]
    slots = slots.join(last, on="series").filter(gone.is_between(1, reach))
    kind = history.schema["start"]
    both = [
        slots.select(
            "series", from_clock(pl.col("clock"), kind, late=late).alias("start")
        )
        for late in (False, True)
    ]
    return pl.concat(both).drop_nulls().unique().sort("series", "start")


def share_days_out(
    days: pl.DataFrame,
    history: pl.DataFrame,
    wanted: pl.DataFrame,
    known: Known,
    tuning: IntradayTuning,
) -> pl.DataFrame:
    """Forecasts of wanted slots from those of their days: means and quantiles.

    Args:
        days: the forecast of local days, and whatever else is to be kept of it.
        history: the slot history; days known in part are not learned from.
        wanted: `series, start` of slots, and whatever else is to be kept.
        known: holidays and school holidays.
        tuning: settings of the profile.
    """
    past = whole_days(history)
    book = DayBook.of_history(on_days(past), known)
    profiles = fit_profiles(by_clock(past), book, tuning)
    return _shared(days, by_clock(wanted), profiles, book, are_whole(history))


def are_whole(history: pl.DataFrame) -> bool:
    """Whether all counts are whole numbers."""
    return bool((history["count"] == history["count"].round()).all())


def _shared(
    days: pl.DataFrame,
    wanted: pl.DataFrame,
    profiles: Profiles,
    book: DayBook,
    whole: bool,
) -> pl.DataFrame:
    slots = wanted.select("series", "clock").unique()
    parts = portions_of(slots, profiles, book, whole=False)
    asked = _with_day_noise(wanted.join(parts, on=["series", "clock"]))
    of_day = days.rename({"start": "period", "mean": "day"})
    summed = asked.join(of_day, on=["series", "period"])
    mean = (summed["day"] * summed["part"]).to_numpy()
    spread = np.maximum(day_spread(summed, "day") - summed["slot_noise"].to_numpy(), 0)
    relative = (1 + spread) * (1 + summed["cv"].to_numpy() ** 2) - 1
    found = count_quantiles(mean, relative, whole=whole).T
    quantiles = (
        pl.Series(name, row) for name, row in zip(QUANTILE_NAMES, found, strict=True)
    )
    told = summed.with_columns(pl.Series("mean", mean), *quantiles)
    return told.drop("clock", "period", "part", "cv", "day", "slot_noise")


def _with_day_noise(slots: pl.DataFrame) -> pl.DataFrame:
    """With what the noise of its slots adds to the relative variance of a day."""
    noise = (pl.col("part") * pl.col("cv")) ** 2
    return slots.with_columns(noise.sum().over("series", "period").alias("slot_noise"))


def day_spread(days: pl.DataFrame, mean: str = "mean") -> FloatArray:
    """The relative variance of the level of days, by quantiles, without chance."""
    day = days[mean].to_numpy()
    inner = (days["q90"] - days["q10"]).to_numpy() / MIDDLE_80
    outer = (days["q95"] - days["q05"]).to_numpy() / MIDDLE_90
    beyond = np.maximum(((inner + outer) / 2) ** 2 - day, 0.0)
    squared = np.maximum(day, 1e-9) ** 2
    return np.asarray(np.where(day > 0, beyond / squared, 0.0))
