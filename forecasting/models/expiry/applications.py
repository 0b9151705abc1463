"""The applications of one service as the series count them, on the axis of weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from forecasting.models.expiry.mixing import by_month, on_one_axis
from forecasting.models.expiry.weeks import week_of, weeks_of
from forecasting.models.features import over_periods, weekday
from forecasting.series.panel import FloatArray

USUAL_SHARE = 0.75
"""A week with fewer of its usual rows than this was partly closed or is partly unknown."""

AROUND = 26
"""Weeks before and after that tell how many rows are usual."""


@dataclass(frozen=True)
class Applications:
    """Applications per week from week `first` on, and the periods they were counted in.

    `weekly` has no gaps: a week that is unknown lies on the line between its neighbours.
    The periods that teach are sums over `weeks` of the rows of `matrix` (periods x weeks).
    """

    first: int
    weekly: FloatArray
    matrix: FloatArray
    counts: FloatArray

    @property
    def weeks(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The numbers of all weeks."""
        return self.first + np.arange(self.weekly.size)

    @property
    def usual(self) -> float:
        """The mean of all weeks."""
        return float(self.weekly.mean())

    def since(self, week: int) -> "Applications":
        """Weeks from one on, and the periods that lie in them whole."""
        skip = int(np.clip(week - self.first, 0, self.weekly.size - 1))
        kept = ~self.matrix[:, :skip].any(axis=1)
        return Applications(
            self.first + skip,
            self.weekly[skip:],
            self.matrix[kept, skip:],
            self.counts[kept],
        )


def service_of(
    series: str, services: Iterable[str], steps: tuple[str, ...] | None
) -> str | None:
    """The service whose documents a series follows, if any.

    A name `location/service/step/channel` follows its service where the step is one of
    `steps` (any where these are None); another name where one of its parts is a service.
    """
    parts, known = series.split("/"), set(services)
    if len(parts) == 4 and parts[1] in known:
        return parts[1] if steps is None or parts[2] in steps else None
    found = [part for part in parts if part in known]
    return found[0] if found else None


def applications_of(
    demand: pl.DataFrame,
    service: str,
    services: Iterable[str],
    steps: tuple[str, ...],
    known_at: date,
) -> Applications | None:
    """The applications of a service in a history (`series, start, count`); None if none.

    Later counts than of `known_at` are not looked at. Where some of its series count in
    months and others do not, the months are shared over their working days.
    """
    names = [
        name
        for name in demand["series"].unique().sort()
        if service_of(name, services, steps) == service
    ]
    mine = on_one_axis(demand.filter(pl.col("series").is_in(names)), known_at)
    if mine.is_empty():
        return None
    counted = mine.group_by("start").agg(
        pl.col("count").cast(pl.Float64).sum(), pl.len().alias("rows")
    )
    counted = counted.sort("start")
    starts = counted["start"].cast(pl.Date)
    if len(starts) > 1 and by_month(starts):
        return _of_months(starts.to_numpy(), counted["count"].to_numpy())
    weeks = weeks_of(starts.to_numpy())
    return of_weeks(weeks, counted["count"].to_numpy(), counted["rows"].to_numpy())


def of_weeks(
    weeks: np.ndarray, counts: FloatArray, rows: np.ndarray | None = None
) -> Applications:
    """Applications counted on days or in weeks: week of each row, its count."""
    rows = np.ones(weeks.size) if rows is None else rows
    first = int(weeks.min())
    total = np.bincount(weeks - first, weights=counts).astype(float)
    known = np.bincount(weeks - first, weights=rows).astype(float)
    usual = np.array(
        [_median(known[max(i - AROUND, 0) : i + AROUND + 1]) for i in range(known.size)]
    )
    whole = known >= USUAL_SHARE * usual
    seen = known > 0
    weekly = np.interp(np.arange(total.size), np.flatnonzero(seen), total[seen])
    return Applications(first, weekly, np.eye(total.size)[whole], total[whole])


def _median(rows: FloatArray) -> float:
    seen = rows[rows > 0]
    return float(np.median(seen)) if seen.size else 0.0


def _of_months(starts: np.ndarray, counts: FloatArray) -> Applications:
    """Applications counted in months, shared over weeks by their working days."""
    days, _ = over_periods(starts, "month")
    month = np.searchsorted(starts, days, side="right") - 1
    working = weekday(days) < 5
    week = weeks_of(days)
    first, last = week_of(starts[0].item()), int(week.max())
    part = np.zeros((starts.size, last - first + 1))
    np.add.at(part, (month[working], week[working] - first), 0.2)
    per_week = counts / np.maximum(part.sum(axis=1), 1e-9)
    share = part.sum(axis=0)
    rate = (per_week @ part) / np.maximum(share, 1e-9)
    filled = np.interp(
        np.arange(share.size), np.flatnonzero(share > 0), rate[share > 0]
    )
    return Applications(first, filled, part, counts)
