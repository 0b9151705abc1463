"""What a group of series (one location and channel) does with a day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.intraday.daybook import KINDS, SEASONS, DayBook, quarters, seasons
from forecasting.intraday.grids import Grid, IntArray
from forecasting.intraday.levels import (
    Days,
    Level,
    combined,
    factors,
    portions,
)
from forecasting.intraday.openness import OPENINGS, WEEKDAYS, open_share, openings
from forecasting.series.panel import FloatArray
from forecasting.tuning import IntradayTuning

BASE_MINUTES, BASE_SD = 120.0, 0.5
"""Times of the day differ much: what is assumed of the base weighs next to nothing."""
CODES = (1, WEEKDAYS, SEASONS, KINDS, OPENINGS)
"""How many values each attribute of a day has: none, weekday, season, kind, opening."""


@dataclass(frozen=True)
class Shape:
    """How days (rows) fall over their slots (columns).

    `parts` shares a day out over its cells and adds up to 1; `share` is what each slot
    of a cell holds of a usual day of its weekday, whose `openness` is the sum over the open
    ones: 1 on a usual day, less on a short one, 1 for series never seen.
    """

    parts: FloatArray
    share: FloatArray
    openness: FloatArray


@dataclass(frozen=True)
class Habits:
    """The fitted profile of a group.

    `tables` are the factors of the levels by key and minute; `usual` is the number of
    slots open at a minute, on average over recent days, by series, weekday and minute.
    The last of the names stands for series not seen.
    """

    names: tuple[str, ...]
    minutes: IntArray
    tables: tuple[FloatArray, ...]
    usual: FloatArray

    def shape(self, grid: Grid, book: DayBook) -> Shape:
        """The shape of the days of a grid, whose series are those of the group.

        A time never seen open goes by the nearest one that was.
        """
        nearest = np.abs(grid.minutes[:, None] - self.minutes).argmin(axis=1)
        codes = self._attributes(grid, book)
        rate = self._rate(codes, grid.series)
        plain = self._rate(codes[:-1], grid.series)
        whole = (plain * self.usual[grid.series, grid.weekday]).sum(axis=1)
        held = (grid.slots * plain[:, nearest]).sum(axis=1)
        scale = np.where(whole > 0, whole, held)
        return Shape(
            portions(grid.slots, rate[:, nearest]),
            plain[:, nearest] / scale[:, None],
            held / scale,
        )

    @property
    def _several(self) -> bool:
        return len(self.names) > 2

    def _attributes(self, grid: Grid, book: DayBook) -> list[IntArray]:
        at = np.searchsorted(self.minutes, grid.minutes).clip(max=self.minutes.size - 1)
        known = self.minutes[at] == grid.minutes
        return attributes(grid, book, self.usual[:, :, at] * known)

    def _rate(self, codes: Sequence[IntArray], series: IntArray) -> FloatArray:
        keys = level_keys(codes, series, self._several)
        return combined(self.tables, keys)


def fit_habits(
    grid: Grid, book: DayBook, tuning: IntradayTuning
) -> tuple[Habits, Days, FloatArray]:
    """Fit all levels to the days of a group, the recent ones with more weight.

    Also gives the days fitted and their rates by minute.
    """
    quarter = quarters(grid.days)
    days = Days(
        grid.counts,
        grid.slots,
        _weights(grid, tuning),
        quarter - quarter.min(initial=0),
    )
    usual = open_share(grid)
    several = len(grid.names) > 2
    keys = level_keys(attributes(grid, book, usual), grid.series, several)
    tables: list[FloatArray] = []
    rate = np.ones_like(days.counts)
    for level in _levels(keys, len(grid.names), tuning):
        table = factors(days, rate, level, grid.minutes, tuning)
        rate = rate * table[level.key]
        tables.append(table)
    return Habits(grid.names, grid.minutes, tuple(tables), usual), days, rate


def attributes(grid: Grid, book: DayBook, usual: FloatArray) -> list[IntArray]:
    """Codes of each day in the order of `CODES`."""
    return [
        np.zeros_like(grid.series),
        grid.weekday,
        seasons(grid.days),
        book.kinds(grid.days),
        openings(grid, usual),
    ]


def level_keys(
    codes: Sequence[IntArray], series: IntArray, several: bool
) -> list[IntArray]:
    """The key of each day in each level: base twice, the group's, then the series'.

    Without a code of the opening the day counts as open as usual.
    """
    full = [*codes, np.zeros_like(series)][: len(CODES)]
    own = [series * size + code for size, code in zip(CODES, full, strict=True)]
    return [full[0], *full, *(own if several else [])]


def _levels(
    keys: Sequence[IntArray], series: int, tuning: IntradayTuning
) -> list[Level]:
    """The base in two steps, smooth and sharp; then what the attributes of a day add."""
    smooth, sd = tuning.smooth_minutes, tuning.level_sd
    sizes = [*CODES[1:], *(series * size for size in CODES)]
    base = [Level(keys[0], 1, BASE_MINUTES, BASE_SD), Level(keys[1], 1, 0.0, BASE_SD)]
    return base + [
        Level(key, size, smooth, sd) for key, size in zip(keys[2:], sizes, strict=False)
    ]


def _weights(grid: Grid, tuning: IntradayTuning) -> FloatArray:
    """1 for the last day of a series, half after each half-life, 0 before the window."""
    day = grid.days.astype(np.int64)
    last = np.full(len(grid.names), -(2**40))
    np.maximum.at(last, grid.series, day)
    age = last[grid.series] - day
    weight = 0.5 ** (age / tuning.half_life_days)
    return np.asarray(np.where(age < tuning.window_days, weight, 0.0))
