"""Deal the letters of a lot over its age bands and districts, evenly.

The documents of a lot stand in one seeded order in which every cell is spread evenly
from front to back. The hold-out is each tenth place; the mailing weeks take the others
from the front. So each week writes to every district and age band in proportion, and
the held-out group is a fair sample.
"""

import numpy as np
import polars as pl

from staffing.reminders.cohorts import CELL, Stock
from staffing.reminders.columns import Columns
from staffing.reminders.response import IntArray

PLACE = ("timing", "expiry", *CELL)


def spread_documents(stock: Stock, held_out: float, seed: int) -> pl.DataFrame:
    """One row per planned document: `lot`, its cell, `held`, and `place`.

    `place` numbers the documents of a lot that may get a letter (null when held).
    """
    random = np.random.default_rng(seed)
    cells = stock.planned.filter(pl.col("count") > 0)
    counts = cells["count"].to_numpy()
    cell = np.repeat(np.arange(cells.height), counts)
    within = np.arange(len(cell)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = (within + random.random(cells.height)[cell]) / counts[cell]
    lot = cells["lot"].to_numpy().astype(np.int64)[cell]
    order = np.lexsort((position, lot))
    held = _held(lot[order], held_out, random)
    documents = cells.select("lot", *PLACE)[cell[order]].with_columns(held=held)
    free = (~pl.col("held")).cast(pl.Int64).cum_sum().over("lot") - 1
    return documents.with_columns(place=pl.when(~pl.col("held")).then(free))


def _held(
    lot: IntArray, share: float, random: np.random.Generator
) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Hold out every 1/share-th document of a lot, from a random start."""
    numbers, first, index = np.unique(lot, return_index=True, return_inverse=True)
    rank = np.arange(len(lot)) - first[index]
    start = random.random(len(numbers))[index]
    return np.floor((rank + 1) * share + start) > np.floor(rank * share + start)


def available(documents: pl.DataFrame, lots: int) -> IntArray:
    """Documents per lot number that may get a letter."""
    free = documents.filter(~pl.col("held"))["lot"].to_numpy().astype(np.int64)
    return np.bincount(free, minlength=lots)


def deal(documents: pl.DataFrame, columns: Columns, letters: IntArray) -> pl.DataFrame:
    """The documents that get a letter, each with its week number `mailing`.

    Mailing weeks take documents in order, from the front of a lot.
    """
    runs = pl.DataFrame(
        {"lot": columns.lot, "mailing": columns.week, "letters": letters}
    ).filter(pl.col("letters") > 0)
    runs = runs.sort("lot", "mailing").with_columns(
        end=pl.col("letters").cum_sum().over("lot")
    )
    free = documents.filter(~pl.col("held")).sort("place")
    mailed = free.join_asof(
        runs.select("lot", "mailing", "end").sort("end"),
        left_on="place",
        right_on="end",
        by="lot",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return mailed.filter(pl.col("mailing").is_not_null()).sort("lot", "place")


def counted(mailed: pl.DataFrame) -> pl.DataFrame:
    """`letters` per cell and mailing week, of documents that get one."""
    keys = [*PLACE, "mailing"]
    letters = mailed.group_by(keys).agg(letters=pl.len().cast(pl.Int64))
    return letters.sort(*CELL, "mailing")
