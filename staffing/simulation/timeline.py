"""Slots of a telephony export on one time line, checked and ready to simulate."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.errors import InputError
from staffing.simulation.outcomes import Floats

NEEDED = ("start", "offered", "agents", "handling_time_s")
OBSERVED = ("answered_in_time", "abandoned")
"""Columns of a slot, and what is seen of it besides."""

PAUSE_SLOTS = 4
USUAL_SLOT_S = 900.0
"""Length of a slot where a frame has only one."""


@dataclass(frozen=True)
class Line:
    """Slots on one time line; closed stretches are cut to a pause without contacts.

    `rows` are the places of the real slots on the line.
    """

    rows: NDArray[np.int64]
    slot_s: float
    offered: Floats
    agents: Floats
    handling_s: Floats

    @property
    def size(self) -> int:
        """Slots on the line, pauses included."""
        return self.offered.size


def check_frame(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return `columns` of a frame in the order of the first, `start`.

    Only a handling time may be missing.

    Raises:
        InputError: a column, every row or a number is missing, a number is negative, a
            start comes twice, or of the contacts of a slot more than came are counted.
    """
    for column in columns:
        if column not in frame.columns:
            raise InputError(
                f"expected columns {', '.join(columns)}, came {', '.join(frame.columns)}",
                column=column,
            )
    if frame.is_empty():
        raise InputError("expected at least one slot, came an empty frame")
    if frame["start"].is_duplicated().any():
        raise InputError("expected each start once, came one twice", column="start")
    for column in columns[1:]:
        _check_numbers(frame, column)
    return frame.select(columns).sort("start")


def _check_numbers(frame: pl.DataFrame, column: str) -> None:
    number = pl.col(column).cast(pl.Float64).fill_nan(None)
    right = (number >= 0) & number.is_finite()
    expected = "at least 0"
    if column in OBSERVED:
        right &= number <= pl.col("offered") + 1e-9
        expected = "at least 0 and no more than were offered"
    right = right.fill_null(value=column == "handling_time_s")
    wrong = frame.filter(~right)
    if wrong.height:
        first = wrong.row(0, named=True)
        raise InputError(
            f"expected {expected}, came {first[column]} at {first['start']}",
            column=column,
        )


def usual_handling(calibration: pl.DataFrame) -> float:
    """Mean handling time in seconds over the contacts of the calibration.

    Raises:
        InputError: no slot has a handling time.
    """
    known = calibration.filter(pl.col("handling_time_s").fill_nan(None) > 0)
    if known.is_empty():
        raise InputError("expected a handling time over 0 s in the calibration")
    weight = pl.col("offered").clip(1e-9)
    mean = (pl.col("handling_time_s") * weight).sum() / weight.sum()
    return float(known.select(mean).item())


def lay_line(frame: pl.DataFrame, usual: float) -> Line:
    """Put slots on one line; after each stretch its last staff stays for a pause."""
    slots = frame.sort("start").with_columns(
        pl.col("start").diff().dt.total_seconds().alias("gap"),
        pl.when(pl.col("handling_time_s").fill_nan(None) > 0)
        .then(pl.col("handling_time_s"))
        .fill_null(usual)
        .alias("handling"),
    )
    slot_s = float(
        slots["gap"].drop_nulls().cast(pl.Float64).to_numpy().min(initial=np.inf)
    )
    slot_s = slot_s if slot_s < np.inf else USUAL_SLOT_S
    broken = slots["gap"].fill_null(slot_s).to_numpy() > slot_s
    rows = np.arange(slots.height) + PAUSE_SLOTS * np.cumsum(broken)
    holder = np.searchsorted(rows, np.arange(rows[-1] + 1), side="right") - 1
    offered = np.zeros(rows[-1] + 1)
    offered[rows] = slots["offered"].to_numpy()
    agents = slots["agents"].to_numpy().astype(np.float64)[holder]
    return Line(rows, slot_s, offered, agents, slots["handling"].to_numpy()[holder])
