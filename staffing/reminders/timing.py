"""When holders renew around expiry, as assumed or as a forecast measured it."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field, model_validator

from forecasting.insight_tables import RenewalTiming
from forecasting.policy import Policy
from forecasting.reactions.assumption import Share

FloatArray = npt.NDArray[np.float64]

FIRST_LAG, LAST_LAG = -26, 13
LAGS = np.arange(FIRST_LAG, LAST_LAG + 1)


class Timing(Policy):
    """When the holders of a service's documents come, in weeks relative to expiry.

    `points` are (week, height) pairs, joined by straight lines; only their proportions
    matter. `renews` is the share that renews at the counter in that window at all.
    Without `age_bands` it holds for every age band that has no timing of its own.
    """

    service: str
    age_bands: tuple[str, ...] = ()
    renews: Share
    points: tuple[tuple[int, float], ...] = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_points(self) -> "Timing":
        weeks = [week for week, _ in self.points]
        if weeks != sorted(set(weeks)):
            raise ValueError("points must be in order of week, each week once")
        if min(height for _, height in self.points) < 0 or self._heights().sum() <= 0:
            raise ValueError("points must not be negative, nor all zero in -26..13")
        return self

    def _heights(self) -> FloatArray:
        weeks, heights = zip(*self.points, strict=True)
        between: FloatArray = np.interp(LAGS, weeks, heights, left=0.0, right=0.0)
        return between

    def weights(self) -> FloatArray:
        """Share of all holders per week of `LAGS`; sums to `renews`."""
        heights = self._heights()
        weights: FloatArray = self.renews.value * heights / heights.sum()
        return weights


def timings_of(table: pl.DataFrame, source: str) -> tuple[Timing, ...]:
    """The timing of each service and age band of a `RenewalTiming` table.

    Weeks outside `LAGS` are left out: hardly anybody comes then, and no letter moves
    them. The range of `renews` holds if all weeks err alike, so it is rather too wide.
    """
    inside = RenewalTiming.validate(table).filter(
        pl.col("lag").is_between(FIRST_LAG, LAST_LAG)
    )
    kinds = inside.filter(pl.col("weight") > 0).group_by(
        "service", "age_band", maintain_order=True
    )
    return tuple(
        _timing(str(service), str(band), rows, source)
        for (service, band), rows in kinds
    )


def _timing(service: str, band: str, rows: pl.DataFrame, source: str) -> Timing:
    value, low, high = (
        min(1.0, float(rows[name].sum())) for name in ("weight", "low", "high")
    )
    renews = Share(
        value=value, low=min(low, value), high=max(high, value), source=source
    )
    points = rows.sort("lag").select("lag", "weight").rows()
    return Timing(
        service=service,
        age_bands=(band,) if band else (),
        renews=renews,
        points=tuple(points),
        source=source,
    )


def first_of(timings: Iterable[Timing], service: str, age_band: str) -> Timing | None:
    """The timing of an age band, else the one of the whole service."""
    known = [timing for timing in timings if timing.service == service]
    own = [timing for timing in known if age_band in timing.age_bands]
    return next(iter(own + [timing for timing in known if not timing.age_bands]), None)
