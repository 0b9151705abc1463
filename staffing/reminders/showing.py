"""A mailing plan as a planner reads it: mailing weeks by service."""

import numpy as np
import polars as pl

from forecasting.calendar import week_name
from staffing.reminders.batches.disclosure import Mask, Sum, hidden

NEEDED = 1e6
"""So much more it costs to leave out the sum, which is told beside the table."""


def mailing_table(letters: pl.DataFrame, *, small_cell: int) -> pl.DataFrame:
    """One row per mailing week (`week`, an ISO name) and one column per service.

    `letters` is typed `Letters`. A number below `small_cell` is not shown, nor is one from
    which and the number of all letters it would follow: it is null, as is a week without
    letters, so that the two cannot be told apart.
    """
    weekly = letters.group_by("mailing_week", "service").agg(pl.col("letters").sum())
    weekly = weekly.sort("mailing_week", "service")
    told = ~pl.Series(
        _left_out(weekly["letters"].to_list(), small_cell), dtype=pl.Boolean
    )
    shown = weekly.with_columns(pl.when(told).then("letters").alias("letters"))
    wide = shown.sort("service").pivot(
        "service", index="mailing_week", values="letters", maintain_order=True
    )
    names = pl.col("mailing_week").map_elements(week_name, return_dtype=pl.String)
    named = wide.sort("mailing_week").with_columns(names.alias("mailing_week"))
    return named.rename({"mailing_week": "week"})


def _left_out(numbers: list[int], small_cell: int) -> Mask:
    """Of the numbers of letters, those that may not be told beside their sum."""
    counts = np.array([*numbers, sum(numbers)], dtype=np.int64)
    prices = (1 + counts).astype(np.float64)
    prices[-1] *= NEEDED
    every = Sum(len(numbers), tuple(range(len(numbers))))
    mask: Mask = hidden(counts, [every], small_cell, prices)[:-1]
    return mask
