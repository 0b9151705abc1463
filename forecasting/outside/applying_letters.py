"""Applications that letters move between weeks, dealt over the rows of a service."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from forecasting.calendar import monday
from forecasting.outside.dealing import WORKING_DAYS, Dealt, fitted
from forecasting.outside.shifting import WEEK
from forecasting.series.exposure import Exposure
from forecasting.series.panel import DayArray, FloatArray

Shift = Callable[[Exposure], FloatArray]
"""The change per week that letters bring to an exposure."""


def moved_applications(
    frame: pl.DataFrame,
    service: str,
    shift: Shift,
    *,
    known_at: date,
    first: date,
    until: date,
    carried: bool = True,
) -> Dealt:
    """What letters add to each day of the applications of a service, or take off it.

    A week's change is dealt over its rows in proportion to what they expect: so an open
    day or place gets its part, a closed one none.

    Args:
        frame: `start, cadence, mean` of all series of applications.
        service: whose they are.
        shift: the change of what is expected per week.
        known_at: the day it is looked at.
        first: a Monday; rows and days before it stay.
        until: the last day that the rows reach.
        carried: whether what would come in a week without rows comes in the next: so of
            closed weeks, but not of those that are unknown.
    """
    every = Dealt.of(frame, "mean")
    begin = np.datetime64(first)
    dealt = every.having(every.days >= begin)
    if not dealt.days.size:
        return dealt
    week = ((dealt.days - begin) // WEEK).astype(np.int64)
    weekly = np.bincount(week, dealt.counts).astype(np.float64)
    whole = _whole(begin, weekly.size, until)
    change = shift(Exposure(service, known_at, begin, weekly / whole)) * whole
    placed = fitted(change, weekly) if carried else np.maximum(change, -weekly)
    factor = placed / np.where(weekly > 0, weekly, 1.0)
    return dealt.counting(dealt.counts * factor[week])


def weeks_to_come(last: date) -> date:
    """The first Monday after a day."""
    return monday(last + WEEK.astype(object))


def _whole(begin: np.datetime64, weeks: int, until: date) -> FloatArray:
    """The share of the working days of each week that lies up to a day."""
    starts: DayArray = begin + np.arange(weeks) * WEEK
    end = np.datetime64(until) + np.timedelta64(1, "D")
    days = np.busday_count(starts, np.minimum(starts + WEEK, end))
    return np.maximum(days / WORKING_DAYS, 1 / WORKING_DAYS)
