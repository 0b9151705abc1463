"""Slots as arrays: a row per series and day, a column per time of the day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from forecasting.series.panel import DayArray, FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
DAY_MINUTES = 1440


@dataclass(frozen=True)
class Grid:
    """Slots of some series, with days as rows and minutes of the day as columns.

    `slots` counts the slots of a cell: 0 where closed, 2 where the clock shows the time
    twice, on the day that the clock is set back. `counts` are the contacts in them.
    `row` and `column` tell where each slot of the frame stands that the grid was made of.
    """

    names: tuple[str, ...]
    series: IntArray
    days: DayArray
    minutes: IntArray
    slots: FloatArray
    counts: FloatArray
    row: IntArray
    column: IntArray

    @property
    def weekday(self) -> IntArray:
        """Monday 0 to Sunday 6, per row."""
        return np.asarray((self.days.astype(np.int64) + 3) % 7)

    @property
    def totals(self) -> FloatArray:
        """Contacts per row."""
        return np.asarray(self.counts.sum(axis=1))


def to_grid(slots: pl.DataFrame) -> Grid:
    """Arrays of `series, clock` (local time), and `count` where it is known."""
    clock = slots["clock"].to_physical().to_numpy()
    minute = clock // 60_000_000
    day, at = np.divmod(minute, DAY_MINUTES)
    names = slots["series"].unique().sort()
    place = names.search_sorted(slots["series"]).to_numpy().astype(np.int64)
    keys, row = np.unique(place * 2**32 + day + 2**31, return_inverse=True)
    minutes, column = np.unique(at, return_inverse=True)
    shape = keys.size, minutes.size
    cell = row * minutes.size + column
    counts = slots["count"].to_numpy() if "count" in slots.columns else None
    return Grid(
        tuple(names),
        np.asarray(keys >> 32),
        (keys % 2**32 - 2**31).astype("datetime64[D]"),
        minutes,
        np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(float),
        np.bincount(cell, counts, shape[0] * shape[1]).reshape(shape).astype(float),
        row,
        column,
    )
