"""Who may renew in a week: the stock of that week, as issued or as it was left."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.expiry.stocks import Stock
from forecasting.models.expiry.timing import Timing
from forecasting.series.panel import FloatArray

FILL_WEEKS = 13
"""Overdue documents that an extract no longer lists are as many as in its first weeks."""


@dataclass(frozen=True)
class AtRisk:
    """Per week x lag the documents that one stock knows to expire `lag` weeks before.

    `counts` (weeks x lags x bands) are those counted; they were counted at `lag_then`
    (weeks x lags), before which nobody was missing. `listed` is whether they were.
    `since` (weeks) is how long ago that was, `all` (weeks) the valid documents.
    """

    counts: FloatArray
    lag_then: FloatArray
    listed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    since: FloatArray
    all: FloatArray

    def issued(self, timing: Timing) -> FloatArray:
        """The documents that were issued, by what is left of them: weeks x lags x bands.

        Those no longer listed are filled in by the first listed weeks.
        """
        cohorts = self.counts / timing.left(self.lag_then)
        overdue = ~self.listed & (np.cumsum(self.listed, axis=1) > 0)
        if not overdue.any():
            return np.asarray(cohorts)
        place = np.cumsum(self.listed[:, ::-1], axis=1)[:, ::-1]
        near = self.listed & (place <= FILL_WEEKS)
        number = np.maximum(near.sum(axis=1), 1)
        usual = np.where(near[..., None], cohorts, 0.0).sum(axis=1) / number[:, None]
        return np.where(overdue[..., None], usual[:, None, :], cohorts)


def newest_before(stocks: tuple[Stock, ...], weeks: np.ndarray) -> np.ndarray:
    """Which stock tells of each week: the newest counted by its end, else the first."""
    moments = np.array([stock.at for stock in stocks])
    return np.maximum(np.searchsorted(moments, weeks + 1, side="right") - 1, 0)


def at_risk(
    stocks: tuple[Stock, ...], weeks: np.ndarray, lags: np.ndarray, bands: int
) -> AtRisk:
    """Who may renew in each of the weeks, by the stock that tells of it."""
    shape = weeks.size, lags.size
    counts = np.zeros((*shape, bands))
    then = np.full(shape, float(lags[0]))
    listed = np.ones(shape, dtype=bool)
    since, every = np.zeros(weeks.size), np.zeros(weeks.size)
    choice = newest_before(stocks, weeks)
    for number in np.unique(choice):
        mine, stock = choice == number, stocks[number]
        expiry = weeks[mine][:, None] - lags
        counts[mine] = stock.cells(expiry)
        listed[mine] = expiry >= stock.first
        every[mine] = _valid(stock, weeks[mine])
        since[mine] = weeks[mine] - stock.at
        if stock.outstanding:
            then[mine] = np.maximum(stock.at - expiry, lags[0])
    return AtRisk(counts, then, listed, since, every)


def _valid(stock: Stock, weeks: np.ndarray) -> FloatArray:
    """Documents that have not expired in a week."""
    upto = np.cumsum(stock.counts.sum(axis=1)[::-1])[::-1]
    place = np.clip(weeks - stock.first, 0, len(upto) - 1)
    return np.asarray(upto[place], dtype=float)
