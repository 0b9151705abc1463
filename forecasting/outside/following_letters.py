"""Second visits that follow the applications which letters moved, some open days later."""

import numpy as np
import polars as pl

from forecasting.outside.dealing import Dealt, fitted
from forecasting.series.panel import DayArray, FloatArray


def moved_collections(
    frame: pl.DataFrame, leading: Dealt, shares: FloatArray
) -> FloatArray:
    """What the change of applications adds to each row of a series that follows them.

    Of what changes on a day, `shares[k]` follows k open days later. Nothing goes below
    zero: what a row cannot lose the next one does.

    Args:
        frame: `start, cadence, mean` of one series, in order.
        leading: changes of the applications by day.
        shares: by open days after the application.
    """
    own = Dealt.of(frame, "mean")
    opened = np.unique(own.days)
    change = np.zeros(opened.size + shares.size)
    place = np.searchsorted(opened, leading.days)
    for later, share in enumerate(shares.tolist()):
        inside = place + later < opened.size
        np.add.at(change, place[inside] + later, share * leading.counts[inside])
    found = _over(own, opened, change[: opened.size]).by_row(frame.height)
    return fitted(found, own.by_row(frame.height))


def _over(own: Dealt, opened: DayArray, change: FloatArray) -> Dealt:
    """A change by day, dealt over the parts of a series that lie on that day."""
    day = np.searchsorted(opened, own.days)
    parts = np.bincount(day, minlength=opened.size)
    return own.counting(change[day] / parts[day])
