"""A change of a fee to come: residents hurry before a rise, and stay away after it."""

from collections.abc import Callable

import polars as pl

from forecasting.calendar import FeeChange
from forecasting.models.effects.planned import fee_adjustment, unmeasured
from forecasting.pipeline.adjusting import ADDED
from forecasting.pipeline.town import Town
from forecasting.series.panel import DayArray, FloatArray
from forecasting.tables import QUANTILE_NAMES

FEE = "fee"
BY_PHONE = "phone"


def with_fees(
    forecast: pl.DataFrame, town: Town, effects: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The forecast with what earlier changes let expect of those to come, and the parts.

    First visits of the service move, mean and quantiles alike; calls and second visits do
    not. The second frame holds `series, start, cause, count`, the cause `fee`.

    Args:
        forecast: a `StoredForecast`.
        town: its calendar names the changes.
        effects: an `Effects` table of the same run.
    """
    moves = fees_to_come(town, effects)
    services = {fee.service for fee in _coming(town)}
    moved = []
    for part in forecast.partition_by("series", maintain_order=True):
        service = _first_visits(part["series"][0], town)
        if service not in services:
            moved.append(part)
            continue
        days = part["start"].to_numpy().astype("datetime64[D]")
        factor = pl.Series(moves(service, days))
        scaled = pl.col("mean", *QUANTILE_NAMES) * factor
        moved.append(part.with_columns(scaled))
    after = pl.concat(moved) if moved else forecast
    more = (after["mean"] - forecast["mean"]).alias("count")
    parts = forecast.select("series", "start", pl.lit(FEE).alias("cause"), more)
    return after, parts.select(list(ADDED)).filter(pl.col("count") != 0)


def fees_to_come(
    town: Town, effects: pl.DataFrame
) -> Callable[[str, DayArray], FloatArray]:
    """The factor on the applications of a service on days, by the changes to come."""
    coming, tuning = _coming(town), town.tuning.effects
    return lambda service, days: fee_adjustment(service, days, coming, effects, tuning)


def _coming(town: Town) -> list[FeeChange]:
    return [fee for fee in town.calendar.fee_changes if fee.day > town.last_day]


def fees_not_reckoned(town: Town, effects: pl.DataFrame) -> list[dict[str, str]]:
    """`name, service, day` of changes to come of which nothing was ever measured."""
    found = unmeasured(town.calendar.fee_changes, effects, town.last_day)
    return [
        {"name": fee.name, "service": fee.service, "day": str(fee.day)} for fee in found
    ]


def _first_visits(name: str, town: Town) -> str:
    """The service of a series of first visits; an empty text for others."""
    parts = name.split("/")
    if len(parts) != 4 or parts[3] == BY_PHONE:
        return ""
    step = town.catalogue.find_step(parts[1], parts[2])
    return parts[1] if step is not None and not step.follows else ""
