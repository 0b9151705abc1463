"""Deal the letters of a cohort over its age bands and districts, evenly.

The documents of a cohort stand in one seeded order in which every cell is spread evenly
from front to back. The hold-out is each tenth place; the mailing weeks take the others
from the front. So each week writes to every district and age band in proportion, and
the held-out group is a fair sample.
"""

import numpy as np
import polars as pl

from staffing.reminders.cohorts import CELL, Stock
from staffing.reminders.moving import Columns
from staffing.reminders.response import IntArray


def spread_documents(stock: Stock, held_out: float, seed: int) -> pl.DataFrame:
    """One row per planned document: `cohort`, the cell, `held`, and `place`.

    `place` numbers the documents of a cohort that may get a letter (null when held).
    """
    random = np.random.default_rng(seed)
    cells = stock.planned.filter(pl.col("count") > 0)
    counts = cells["count"].to_numpy()
    cell = np.repeat(np.arange(cells.height), counts)
    within = np.arange(len(cell)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = (within + random.random(cells.height)[cell]) / counts[cell]
    cohort = cells["cohort"].to_numpy().astype(np.int64)[cell]
    order = np.lexsort((position, cohort))
    held = _held(cohort[order], held_out, random)
    documents = cells.select("cohort", *CELL)[cell[order]].with_columns(held=held)
    free = (~pl.col("held")).cast(pl.Int64).cum_sum().over("cohort") - 1
    return documents.with_columns(place=pl.when(~pl.col("held")).then(free))


def _held(
    cohort: IntArray, share: float, random: np.random.Generator
) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Hold out every 1/share-th document of a cohort, from a random start."""
    numbers, first, index = np.unique(cohort, return_index=True, return_inverse=True)
    rank = np.arange(len(cohort)) - first[index]
    start = random.random(len(numbers))[index]
    return np.floor((rank + 1) * share + start) > np.floor(rank * share + start)


def available(documents: pl.DataFrame) -> IntArray:
    """Documents per cohort number that may get a letter."""
    free = documents.group_by("cohort").agg((~pl.col("held")).sum()).sort("cohort")
    return free["held"].to_numpy().astype(np.int64)


def deal(documents: pl.DataFrame, columns: Columns, letters: IntArray) -> pl.DataFrame:
    """Letters per cell and week number `mailing`: mailing weeks in order, from the front."""
    runs = pl.DataFrame(
        {"cohort": columns.cohort, "mailing": columns.week, "letters": letters}
    ).filter(pl.col("letters") > 0)
    runs = runs.sort("cohort", "mailing").with_columns(
        end=pl.col("letters").cum_sum().over("cohort")
    )
    free = documents.filter(~pl.col("held")).sort("place")
    mailed = free.join_asof(
        runs.select("cohort", "mailing", "end").sort("end"),
        left_on="place",
        right_on="end",
        by="cohort",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    ).filter(pl.col("mailing").is_not_null())
    letters_per = mailed.group_by(*CELL, "mailing").agg(letters=pl.len().cast(pl.Int64))
    return letters_per.sort(*CELL, "mailing")
