"""The counter load of a plan: expected hours per week, futures of them, and capacity."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.errors import InputError
from staffing.reminders.curve import StaffCurve
from staffing.reminders.response import FloatArray

FUTURES = 200
QUARTILE = 0.6744897501960817
"""The upper quartile of a standard normal."""
SHARED = 0.5
"""The part of the variance that weeks share where nothing is known of it (assumed)."""


@dataclass(frozen=True)
class Load:
    """Hours of counter work per week of the plan.

    `hours` (weeks) is expected and `capacity` what can be done; `futures` (futures x
    weeks) are joint draws of what will come; `staff` turns hours into staff hours.
    """

    hours: FloatArray
    capacity: FloatArray
    futures: FloatArray
    staff: StaffCurve

    @property
    def upper(self) -> FloatArray:
        """What the upper quartile of each week lies above its expectation."""
        quartile = np.quantile(self.futures, 0.75, axis=0)
        above: FloatArray = np.maximum(0.0, quartile - self.hours)
        return above


def futures_of(demand: pl.DataFrame, seed: int) -> FloatArray:
    """Futures x weeks of the hours of a sorted `demand`.

    Those of its column `hours_samples`; else normal draws from `hours_q75`, of whose
    variance weeks share half; else the expectation alone.

    Raises:
        InputError: weeks have samples of different number, or negative ones.
    """
    hours = demand["hours"].to_numpy()
    if "hours_samples" in demand.columns:
        return _told(demand)
    if "hours_q75" not in demand.columns:
        return hours[None, :].copy()
    spread = np.maximum(0.0, demand["hours_q75"].to_numpy() - hours) / QUARTILE
    random = np.random.default_rng(seed)
    shared = np.sqrt(SHARED) * random.standard_normal((FUTURES, 1))
    own = np.sqrt(1 - SHARED) * random.standard_normal((FUTURES, hours.size))
    drawn: FloatArray = np.maximum(0.0, hours + spread * (shared + own))
    return drawn


def _told(demand: pl.DataFrame) -> FloatArray:
    samples = pl.col("hours_samples")
    number = demand["hours_samples"].list.len().fill_null(0)
    sound = samples.list.eval(pl.element().is_finite() & (pl.element() >= 0)).list.all()
    wanted = number.item(0)
    bad = demand.with_row_index("row", offset=1).filter(
        (number != wanted) | (number == 0) | ~demand.select(sound).to_series()
    )
    if not bad.is_empty():
        row, week = bad.select("row", "week").row(0)
        raise InputError(
            f"row {row}: expected samples of 0 hours or more, as many in each week "
            f"({wanted} in the first), came others (week {week})",
            column="hours_samples",
        )
    drawn: FloatArray = np.array(demand["hours_samples"].to_list(), dtype=np.float64)
    return drawn.T
