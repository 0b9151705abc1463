"""Periods as the days they stand for, and changes dealt over what there is room for."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from forecasting.models.features import BoolArray, IntArray, over_periods, weekday
from forecasting.series.panel import DayArray, FloatArray

WORKING_DAYS = 5


@dataclass(frozen=True)
class Dealt:
    """Counts of rows dealt over days: a day is itself, a week or month its weekdays.

    Each part has a row of the table, a day, and the count of that row on that day.
    """

    rows: IntArray
    days: DayArray
    counts: FloatArray

    @classmethod
    def of(cls, frame: pl.DataFrame, count: str) -> "Dealt":
        """The rows of `start, cadence` and a count."""
        numbered = frame.select("start", "cadence", count).with_row_index("row")
        parts = [_dealt(part, count) for part in numbered.partition_by("cadence")]
        if not parts:
            none = np.empty(0, dtype=np.int64)
            return cls(none, none.astype("datetime64[D]"), none.astype(np.float64))
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("rows", "days", "counts")
            )
        )

    def having(self, kept: BoolArray) -> "Dealt":
        """Some of the parts."""
        return Dealt(self.rows[kept], self.days[kept], self.counts[kept])

    def counting(self, counts: FloatArray) -> "Dealt":
        """The same parts with other counts."""
        return replace(self, counts=counts)

    def by_row(self, height: int) -> FloatArray:
        """The sum of each row of a table of so many."""
        return np.bincount(self.rows, self.counts, height).astype(np.float64)


def _dealt(frame: pl.DataFrame, count: str) -> Dealt:
    starts = frame["start"].to_numpy().astype("datetime64[D]")
    rows = frame["row"].to_numpy().astype(np.int64)
    counts = frame[count].to_numpy().astype(np.float64)
    cadence = frame.item(0, "cadence")
    if cadence == "day":
        return Dealt(rows, starts, counts)
    days, mean = over_periods(starts, cadence)
    owner = np.argmax(mean > 0, axis=0)
    working = weekday(days) < WORKING_DAYS
    owner, days = owner[working], days[working]
    shares = 1 / np.bincount(owner, minlength=starts.size)[owner]
    return Dealt(rows[owner], days, counts[owner] * shares)


def fitted(change: FloatArray, room: FloatArray) -> FloatArray:
    """Changes in turn, none below minus its room; what does not fit comes in the next.

    Where there is no room at all (a closed week) nothing can come either.
    """
    found, owed = np.zeros(change.size), 0.0
    for place, (wanted, there) in enumerate(zip(change, room, strict=True)):
        owed += wanted
        if there > 0:
            found[place] = max(owed, -there)
            owed -= found[place]
    return found
