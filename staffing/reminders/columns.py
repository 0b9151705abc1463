"""The decisions of a plan: letters per lot and mailing week, and what each moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from staffing.reminders.cohorts import mailing_window
from staffing.reminders.moving import Mover
from staffing.reminders.response import FloatArray, IntArray


@dataclass(frozen=True)
class Columns:
    """One column per lot and mailing week.

    `moved` is responses x weeks of the plan x columns: hours that one letter moves into
    a week (below 0: out of it), if residents react as that response says.
    """

    lot: IntArray
    week: IntArray
    moved: FloatArray


def columns(movers: Sequence[Mover]) -> Columns:
    """Every lot in every week it may be mailed in, for each of the responses.

    A letter of a lot goes to an average document of it: its expiry weeks by their size.
    """
    stock, weeks, policy = movers[0].stock, movers[0].weeks, movers[0].policy
    usable = weeks.without(policy.silent_weeks, policy.silent_dates)
    lots, mailings, moved = [], [], []
    for number, rows in enumerate(stock.lots()):
        first, last = rows["expiry"].to_numpy()[[0, -1]].tolist()
        window = np.array(mailing_window(first, last, usable, policy), dtype=np.int64)
        lots.append(np.full(window.size, number))
        mailings.append(window)
        moved.append(np.stack([_per_letter(mover, rows, window) for mover in movers]))
    if not lots:
        none = np.empty(0, dtype=np.int64)
        return Columns(none, none, np.zeros((len(movers), weeks.count, 0)))
    hours = np.concatenate(moved, axis=1)
    return Columns(np.concatenate(lots), np.concatenate(mailings), hours.mT)


def _per_letter(mover: Mover, rows: pl.DataFrame, window: IntArray) -> FloatArray:
    total = np.zeros((window.size, mover.weeks.count))
    for timing, expiry, count in rows.iter_rows():
        total += count * mover.per_letter(timing, expiry, window)
    return total / max(1, int(rows["count"].sum()))


def moved_by(mover: Mover, dealt: pl.DataFrame) -> FloatArray:
    """Hours that letters move into each week of the plan, document by document.

    `dealt` tells `timing, expiry, mailing, letters`.
    """
    total = np.zeros(mover.weeks.count)
    sums = dealt.group_by("timing", "expiry", "mailing").agg(pl.col("letters").sum())
    ordered = sums.sort("timing", "expiry", "mailing")
    for key, rows in ordered.group_by("timing", "expiry", maintain_order=True):
        timing, expiry = (int(str(part)) for part in key)
        hours = mover.per_letter(timing, expiry, rows["mailing"].to_numpy())
        total += rows["letters"].to_numpy() @ hours
    return total
