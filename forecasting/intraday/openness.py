"""When a day is open: which slots usually are, and days that open late or close early."""

import numpy as np
from scipy.sparse import csr_matrix

from forecasting.intraday.grids import BoolArray, Grid, IntArray
from forecasting.series.panel import FloatArray
from forecasting.series.slots import RECENT_DAYS

WEEKDAYS = 7
OPENINGS = 4
AS_USUAL, LATE, EARLY, EVENING = range(OPENINGS)
MARGIN_MINUTES = 30
"""Opening or closing at least this much off the usual makes another kind of day."""
OFTEN = 0.5


def open_share(grid: Grid) -> FloatArray:
    """How many slots are open at a time, by series, weekday and minute.

    It is the mean over the last three months of a series; of a weekday without any day
    in them, over all. A weekday never seen goes by the mean of those that were.
    """
    last = np.full(len(grid.names), np.datetime64("0001-01-01", "D"))
    np.maximum.at(last, grid.series, grid.days)
    recent = last[grid.series] - grid.days < np.timedelta64(RECENT_DAYS, "D")
    late, ever = _mean_open(grid, recent), _mean_open(grid, np.ones_like(recent))
    seen = late.any(axis=1, keepdims=True)
    shape = len(grid.names), WEEKDAYS, grid.minutes.size
    found = np.where(seen, late, ever).reshape(shape)
    known = found.any(axis=2, keepdims=True)
    days = np.maximum(known.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.where(known, found, found.sum(axis=1, keepdims=True) / days))


def _mean_open(grid: Grid, chosen: BoolArray) -> FloatArray:
    key = grid.series * WEEKDAYS + grid.weekday
    size = len(grid.names) * WEEKDAYS
    rows = np.arange(key.size)
    pick = csr_matrix((chosen.astype(float), (key, rows)), shape=(size, key.size))
    days = np.bincount(key, chosen, size)[:, None]
    return np.asarray((pick @ grid.slots) / np.maximum(days, 1.0))


def openings(grid: Grid, usual: FloatArray) -> IntArray:
    """Whether each day is open `AS_USUAL`, or opens `LATE`, closes `EARLY` or later.

    A day that is off at both ends counts as closing early.
    """
    first, last = _ends(grid.slots > 0, grid.minutes)
    often = usual[grid.series, grid.weekday] > OFTEN
    begins, ends = _ends(often, grid.minutes)
    seen = often.any(axis=1)
    kind = np.where(last - ends >= MARGIN_MINUTES, EVENING, AS_USUAL)
    kind = np.where(first - begins >= MARGIN_MINUTES, LATE, kind)
    kind = np.where(ends - last >= MARGIN_MINUTES, EARLY, kind)
    return np.asarray(np.where(seen, kind, AS_USUAL))


def _ends(is_open: BoolArray, minutes: IntArray) -> tuple[IntArray, IntArray]:
    """The minutes of the first and the last open slot of each row."""
    first = minutes[is_open.argmax(axis=1)]
    last = minutes[minutes.size - 1 - is_open[:, ::-1].argmax(axis=1)]
    return first, last
