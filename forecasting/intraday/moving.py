"""What a day with fewer open hours keeps of its usual demand.

With openness s (the part of the usual day's demand whose slots are open) a day is taken
to bring s + k (1 - s) of its usual total: k is the share of those shut out who come in
the open hours of that day. With longer hours, s above 1, the same k tells how many of
those who come in the added hours would else have come in the others. What does not come
that day is not added to other days: their level is learned with such days among them.
"""

import numpy as np

from forecasting.intraday.daybook import KINDS, USUAL, DayBook
from forecasting.intraday.grids import BoolArray, Grid
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntradayTuning

OFF = 0.1
"""A day this much more or less open than usual tells what moves."""
NEAR_DAYS = 42
"""The usual total is the mean of the same weekdays this near, at least so many."""
LEAST_NEAR = 2
DAY_CV = 0.2
"""Days of one weekday differ by about this, beyond chance."""


def kept_share(grid: Grid, openness: FloatArray, tuning: IntradayTuning) -> float:
    """The share k of demand shut out that comes the same day, between 0 and 1.

    Least squares on the days off the usual, with what is assumed as a prior.
    """
    total, off = grid.totals, np.abs(openness - 1) >= OFF
    told, known = 0.0, 0.0
    for row in np.flatnonzero(off):
        usual = _usual_total(grid, total, off, int(row))
        if usual <= 0:
            continue
        shut = usual * (1 - openness[row])
        trust = shut / (usual + (DAY_CV * usual) ** 2)
        told += trust * (total[row] - usual * openness[row])
        known += trust * shut
    prior = tuning.kept_sd**-2
    share = (told + prior * tuning.kept_share) / (known + prior)
    return float(np.clip(share, 0.0, 1.0))


def _usual_total(grid: Grid, total: FloatArray, off: BoolArray, row: int) -> float:
    """The mean total of usual days of the same series and weekday around a day."""
    apart = np.abs((grid.days - grid.days[row]).astype(np.int64))
    like = (grid.series == grid.series[row]) & (apart % 7 == 0) & (apart <= NEAR_DAYS)
    near = like & ~off
    return float(total[near].mean()) if near.sum() >= LEAST_NEAR else 0.0


def usual_openness(grid: Grid, openness: FloatArray, book: DayBook) -> FloatArray:
    """The mean openness of days by series and kind, beside days that are nothing special.

    A forecast of a day before a holiday knows that such days are short, if they are. 1
    where no day of a kind was seen.
    """
    key = grid.series * KINDS + book.kinds(grid.days)
    size = len(grid.names) * KINDS
    days = np.bincount(key, minlength=size)
    sums = np.bincount(key, openness, size)
    mean = np.divide(sums, days, out=np.ones(size), where=days > 0)
    table = mean.reshape(len(grid.names), KINDS)
    return np.asarray(table / np.maximum(table[:, [USUAL]], 1e-9))


def day_factor(openness: FloatArray, usual: FloatArray, kept: float) -> FloatArray:
    """The total of days beside that of days of their kind, by their openness."""
    return np.asarray(_total(openness, kept) / np.maximum(_total(usual, kept), 1e-9))


def _total(openness: FloatArray, kept: float) -> FloatArray:
    return np.asarray(openness + kept * (1 - openness))
