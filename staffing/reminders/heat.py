"""Letters by service, month of expiry and mailing week, so that no small count follows.

Letters per service and mailing week are told beside them, and letters in all: a small
cell could follow from these and its neighbours, so others are left out with it.
"""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.batches.disclosure import Mask, Sum, hidden

CELL = ["service", "expiry_month", "mailing_week"]
WEEK = ["service", "mailing_week"]
NEEDED = 1e6
"""So much more it costs to leave out a sum."""


class LetterCells(dy.Schema):
    """Letters per service, month of expiry and mailing week; null where not to be told."""

    service = dy.String(primary_key=True, min_length=1)
    expiry_month = dy.Date(primary_key=True)
    mailing_week = dy.Date(primary_key=True)
    letters = dy.Int64(nullable=True, min=1)


def letter_cells(
    letters: pl.DataFrame, *, small_cell: int
) -> dy.DataFrame[LetterCells]:
    """`letters` (typed `Letters`) per cell; a number that may not be told is null."""
    month = pl.col("expiry_week").dt.truncate("1mo").alias("expiry_month")
    sums = letters.with_columns(month).group_by(CELL).agg(pl.col("letters").sum())
    cells = sums.sort(*WEEK, "expiry_month")
    told = ~pl.Series(_left_out(cells, small_cell), dtype=pl.Boolean)
    shown = cells.with_columns(pl.when(told).then("letters"))
    return LetterCells.validate(shown.select(LetterCells.column_names()))


def _left_out(cells: pl.DataFrame, small_cell: int) -> Mask:
    """Of sorted cells, those that may not be told."""
    number = cells.height
    places = pl.int_range(pl.len()).alias("place")
    weekly = cells.with_columns(places).group_by(WEEK, maintain_order=True)
    totals = weekly.agg(pl.col("letters").sum(), "place")
    sums = [Sum(number + row, tuple(at)) for row, at in enumerate(totals["place"])]
    every = tuple(range(number, number + totals.height))
    sums.append(Sum(number + totals.height, every))
    inner = cells["letters"].to_list()
    counts = np.array([*inner, *totals["letters"], sum(inner)], dtype=np.int64)
    prices = (1 + counts).astype(np.float64)
    prices[number:] *= NEEDED
    mask: Mask = hidden(counts, sums, small_cell, prices)[:number]
    return mask
