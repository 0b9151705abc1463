"""A rise of fees that nobody announced yet: what earlier changes would let expect of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from forecasting.calendar import Calendar, FeeChange
from forecasting.catalogue import Catalogue
from forecasting.insight_tables import Effects
from forecasting.models.effects.fees import FEE
from forecasting.models.effects.planned import expected_effects, fee_adjustment
from forecasting.models.effects.rows import Row, table_of
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import EffectTuning

NAMED, ASSUMED, UNMEASURED = "in the forecast", "assumed", "never measured"
BY_PHONE = "phone"
SOURCE = "assumed: to see what a rise would do"


@dataclass(frozen=True)
class AssumedFees:
    """A rise on one day: per service its `states`, and what is expected of those assumed.

    A service is "in the forecast" where the calendar names a change around that day of
    which earlier ones tell something, "never measured" where none does, else "assumed".
    `effects` is an `Effects` table of the `changes` that are assumed.
    """

    day: date
    states: dict[str, str]
    changes: tuple[FeeChange, ...]
    effects: pl.DataFrame

    def of(self, state: str) -> list[str]:
        """The services in a state."""
        return sorted(name for name, found in self.states.items() if found == state)


def assumed_fees(
    services: Collection[str],
    day: date,
    last_day: date,
    calendar: Calendar,
    effects: pl.DataFrame,
    tuning: EffectTuning,
) -> AssumedFees:
    """A rise of the fees of some services, as earlier changes let expect.

    Args:
        services: those whose fee is to rise.
        day: of the rise, after `last_day`, the last day known.
        last_day: changes up to it were measured, as far as history covers them.
        calendar: names changes past and to come.
        effects: an `Effects` table of the forecast.
        tuning: which weeks around a change move.
    """
    coming = [fee for fee in calendar.fee_changes if fee.day > last_day]
    measured = _measured(effects, coming)
    reach = timedelta(weeks=tuning.fee_weeks[-1] - tuning.fee_weeks[0])
    known = {fee.service for fee in coming if abs(fee.day - day) < reach}
    states, changes, rows = {}, [], []
    for service in sorted(services):
        fee = _rise(service, day)
        expected = expected_effects(fee, measured, tuning)
        states[service] = NAMED if service in known else ASSUMED
        if not expected:
            states[service] = UNMEASURED
        elif service not in known:
            changes.append(fee)
            rows += expected
    return AssumedFees(day, states, tuple(changes), table_of(rows))


def _rise(service: str, day: date) -> FeeChange:
    return FeeChange(name=f"rise of {day}", service=service, day=day, source=SOURCE)


def _measured(effects: pl.DataFrame, coming: Sequence[FeeChange]) -> list[Row]:
    """What history tells of changes; not what it lets expect of those to come."""
    rows = effects.select(Effects.column_names()).filter(pl.col("kind") == FEE)
    names = tuple(f"{fee.name}: " for fee in coming)
    return [
        row
        for one in rows.iter_rows()
        if not (row := Row(*one)).detail.startswith(names)
    ]


def with_assumed_fees(
    forecast: pl.DataFrame,
    fees: AssumedFees,
    catalogue: Catalogue,
    tuning: EffectTuning,
    *,
    later_days: int,
) -> pl.DataFrame:
    """The forecast with the rise: mean and quantiles of first and second visits moved.

    A second visit moves as the first one `later_days` before it; calls do not move.
    """
    services = {fee.service for fee in fees.changes}
    scaled = pl.col("mean", *QUANTILE_NAMES)
    parts = []
    for part in forecast.partition_by("series", maintain_order=True):
        service, lag = _moves(part.item(0, "series"), catalogue, later_days)
        if service in services:
            days = part["start"].to_numpy().astype("datetime64[D]")
            days = days - np.timedelta64(lag, "D")
            told = (days, fees.changes, fees.effects, tuning)
            part = part.with_columns(scaled * pl.Series(fee_adjustment(service, *told)))
        parts.append(part)
    return pl.concat(parts) if parts else forecast


def _moves(series: str, catalogue: Catalogue, later_days: int) -> tuple[str, int]:
    """The service of a series of visits and its lag in days; an empty text for others."""
    parts = series.split("/")
    if len(parts) != 4 or parts[3] == BY_PHONE:
        return "", 0
    step = catalogue.find_step(parts[1], parts[2])
    if step is None:
        return "", 0
    return parts[1], later_days if step.follows else 0
