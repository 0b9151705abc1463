"""What earlier forecasts of a series missed, as arrays, in the order of their origins."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.series.panel import FloatArray
from forecasting.tuning import IntervalTuning

Codes = npt.NDArray[np.int64]
MONDAY = 3
"""1 January 1970 was the third day after a Monday."""
KINDS = {"weekday": 7, "season": 4, "holiday": 2}
"""What a period may have in common with others in how far it strays."""


@dataclass(frozen=True)
class Errors:
    """Outcomes and means of one series at earlier origins, newest origins weigh most.

    `origin` numbers the origins in order of time; `weight` is that of a row, `kinds`
    the group of a row per kind. `origins` is how many origins the weights are worth.
    """

    actual: FloatArray
    mean: FloatArray
    band: Codes
    origin: Codes
    weight: FloatArray
    year: Codes
    kinds: dict[str, Codes]
    origins: float
    whole: bool
    by_month: bool

    @classmethod
    def of(cls, past: pl.DataFrame, tuning: IntervalTuning) -> "Errors":
        """The errors of a frame `origin, start, ahead, actual, mean` of one series."""
        days = past["origin"].to_numpy().astype("datetime64[D]")
        times, origin = np.unique(days, return_inverse=True)
        age = (times[-1] - times).astype(float) if times.size else np.empty(0)
        share = 0.5 ** (age / tuning.half_life_days)
        actual, mean = (
            past[name].to_numpy().astype(float) for name in ("actual", "mean")
        )
        worth = share.sum() ** 2 / np.sum(share**2) if times.size else 0.0
        whole = bool((actual == np.round(actual)).all())
        by_month = is_monthly(past)
        return cls(
            actual,
            mean,
            bands_of(past, tuning),
            origin,
            share[origin],
            years_of(past),
            kinds_of(past, by_month=by_month),
            float(worth),
            whole,
            by_month,
        )

    @property
    def level(self) -> float:
        """Mean outcome; 0 when there is none."""
        return float(self.actual.mean()) if self.actual.size else 0.0


def bands_of(rows: pl.DataFrame, tuning: IntervalTuning) -> Codes:
    """The horizon group of each row, by its days ahead."""
    edges = np.array(tuning.group_days)
    ahead = rows["ahead"].to_numpy().astype(float)
    return np.searchsorted(edges, ahead, side="left").astype(np.int64)


def kinds_of(rows: pl.DataFrame, *, by_month: bool) -> dict[str, Codes]:
    """The groups of each row: weekday, quarter of the year, and whether it is a holiday.

    The holiday is told by a column `holiday` (true or false) where there is one. Months
    have no weekday.
    """
    blank = np.zeros(rows.height, dtype=np.int64)
    codes = dict.fromkeys(KINDS, blank)
    if "start" in rows.columns:
        days = rows["start"].to_numpy().astype("datetime64[D]")
        codes["season"] = days.astype("datetime64[M]").astype(np.int64) % 12 // 3
        if not by_month:
            codes["weekday"] = (days.astype(np.int64) + MONDAY) % 7
    if "holiday" in rows.columns:
        shut = rows["holiday"].fill_null(value=False)
        codes["holiday"] = shut.to_numpy().astype(np.int64)
    return codes


def years_of(rows: pl.DataFrame) -> Codes:
    """The year of each row; 0 where days are not told."""
    if "start" not in rows.columns:
        return np.zeros(rows.height, dtype=np.int64)
    years = rows["start"].to_numpy().astype("datetime64[Y]")
    return np.asarray(years.astype(np.int64))


def is_monthly(rows: pl.DataFrame) -> bool:
    """Whether every row starts on the first day of a month."""
    if "start" not in rows.columns:
        return False
    days = rows["start"].to_numpy().astype("datetime64[D]")
    return bool((days == days.astype("datetime64[M]").astype("datetime64[D]")).all())
