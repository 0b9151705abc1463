"""Days laid out in bins of equal length: log rates, their noise, the known seasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.models.effects.openness import DAY, OpenDays
from forecasting.models.features import (
    BoolArray,
    IntArray,
    fourier,
    named_days,
    near_holidays,
)
from forecasting.series.knowndays import Known
from forecasting.series.panel import DayArray, FloatArray

AROUND = 9
"""Bins over which a rate is smoothed to know how noisy a count is."""


@dataclass(frozen=True)
class Bins:
    """Counts per bin of `width` days, without the bins that were mostly closed.

    `place` is the number of a bin on the axis (gaps are left out), `owner` the row of the
    bin each day of `days` lies in, -1 where it was left out.
    """

    width: int
    first: np.datetime64
    place: FloatArray
    counts: FloatArray
    exposure: FloatArray
    days: OpenDays
    owner: IntArray

    @property
    def starts(self) -> DayArray:
        """The first day of each bin."""
        return self.first + (self.place * self.width).astype(np.int64) * DAY

    def only(self, starts: DayArray) -> "Bins":
        """The bins that begin on some days."""
        kept = np.isin(self.starts, starts)
        row = np.where(kept, np.cumsum(kept) - 1, -1)
        owner = np.where(self.owner >= 0, row[self.owner], -1)
        parts = (self.place[kept], self.counts[kept], self.exposure[kept])
        return Bins(self.width, self.first, *parts, self.days, owner)

    def share(self, inside: BoolArray) -> FloatArray:
        """The part of each bin's exposure that lies on some days."""
        wanted = inside & (self.owner >= 0)
        mass = np.bincount(
            self.owner[wanted],
            weights=self.days.exposure[wanted],
            minlength=self.place.size,
        )
        return np.asarray(mass / self.exposure)


def bins_of(days: OpenDays, width: int, anchor: date, least_share: float) -> Bins:
    """Whole bins of `width` days, of which one begins on `anchor`.

    A bin with less than `least_share` of the usual exposure is left out.
    """
    shift = int((np.datetime64(anchor) - days.first) / DAY) % width
    number = (np.arange(days.counts.size) - shift) // width
    number -= number[0]
    exposure = np.bincount(number, weights=days.exposure)
    counts = np.bincount(number, weights=days.counts)
    full = np.bincount(number) == width
    kept = full & (exposure > 0)
    usual = float(np.median(exposure[kept])) if kept.any() else 0.0
    kept &= exposure >= least_share * usual
    row = np.where(kept, np.cumsum(kept) - 1, -1)
    place = np.flatnonzero(kept).astype(np.float64)
    first = days.first - ((width - shift) % width) * DAY
    return Bins(width, first, place, counts[kept], exposure[kept], days, row[number])


def log_rates(bins: Bins, apart: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The log rate of each bin and the variance that its noise has beside the others'.

    A bin joins the others in a smooth rate m and answers log m + (rate - m)/m, which is
    free of the bias that a log of small counts has; bins of one kind `apart` (1, 2, ...;
    0 for ordinary ones) have a rate of their own.
    """
    ordinary = apart == 0
    smooth = _running_rate(bins, ordinary)
    for kind in np.unique(apart[~ordinary]):
        mine = apart == kind
        smooth[mine] = (bins.counts[mine].sum() + 0.5) / bins.exposure[mine].sum()
    off = bins.counts / bins.exposure / smooth - 1
    chance = 1 / (smooth * bins.exposure)
    beyond = max(float(np.mean(np.diff(off[ordinary]) ** 2) / 2 - chance.mean()), 0.0)
    short = np.median(bins.exposure) / bins.exposure
    return np.log(smooth) + off, chance + beyond * short


def _running_rate(bins: Bins, ordinary: BoolArray) -> FloatArray:
    kernel = np.ones(AROUND)
    counts = np.convolve(bins.counts * ordinary, kernel, "same")
    exposure = np.convolve(bins.exposure * ordinary, kernel, "same")
    usual = bins.counts.sum() / bins.exposure.sum()
    prior = bins.exposure.mean() / 2
    return np.asarray((counts + usual * prior) / (exposure + prior))


def seasons(bins: Bins, known: Known, order: int) -> FloatArray:
    """What is known of each bin: the time of year, holidays, school, how long it was open.

    Columns are means over the days of a bin; those that never vary are left out.
    """
    days = bins.days.days
    parts = [fourier(days, order), near_holidays(days, known.holidays)]
    parts += [named_days(days, _within(known.school, days))] if known.school else []
    values = np.hstack(parts)
    inside = bins.owner >= 0
    columns = np.zeros((bins.place.size, values.shape[1] + 1))
    np.add.at(columns[:, :-1], bins.owner[inside], values[inside] / bins.width)
    columns[:, -1] = np.log(bins.exposure / np.median(bins.exposure))
    return columns[:, np.ptp(columns, axis=0) > 1e-9]


def _within(named: Mapping[date, str], days: DayArray) -> dict[date, str]:
    first, last = days[0].item(), days[-1].item()
    return {day: name for day, name in named.items() if first <= day <= last}
