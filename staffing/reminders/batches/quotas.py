"""The letters of a mailing week as quotas of both arms: who is written to, who compared."""

import dataframely as dy
import numpy as np
import polars as pl

from staffing.reminders.batches.tables import (
    AGAIN,
    HELD_OUT,
    MAILED,
    SMALL,
    BatchCounts,
    BatchFates,
    strata,
)

CELL = ("service", "expiry_week", "age_band", "district")
GROUP = ("service", "expiry_week")


def quotas(
    letters: pl.DataFrame,
    again: pl.DataFrame | None = None,
    *,
    share: float,
    small_cell: int,
    seed: int,
) -> tuple[dy.DataFrame[BatchCounts], dy.DataFrame[BatchFates]]:
    """The quotas of a week's letters, and what became of those planned.

    For each letter `share / (1 - share)` documents are held out to compare with, of the
    same service and expiry week, in whole numbers per stratum (service x expiry quarter):
    the drawn remainder goes on from week to week. A service with fewer letters than
    `small_cell`, first or second ones, gets none of these, so that no file has to tell so
    small a number.

    Args:
        letters: typed `Letters`, of one mailing week.
        again: the part of these that are second letters; beside them nobody is held out.
        share: of documents to hold out.
        small_cell: the least number of letters of a service.
        seed: of the draw.
    """
    cells = _by_arm(letters, again)
    enough = pl.col("count").sum().over("service", "arm") >= small_cell
    mailed, small = cells.filter(enough), cells.filter(~enough)
    counts = pl.concat(
        [
            mailed,
            _held_out(mailed.filter(arm=MAILED), share, seed),
        ]
    ).sort(*CELL, "arm")
    fates = pl.concat([fates_of(counts), _fate(small, SMALL)])
    return BatchCounts.validate(counts), BatchFates.validate(fates.sort("service"))


def _by_arm(letters: pl.DataFrame, again: pl.DataFrame | None) -> pl.DataFrame:
    """First and second letters per cell, as rows of their own."""
    cells = letters.select(*CELL, count="letters")
    second = cells.clear() if again is None else again.select(*CELL, count="letters")
    less = second.select(*CELL, less="count")
    first = cells.join(less, on=CELL, how="left", maintain_order="left").select(
        *CELL, pl.col("count") - pl.col("less").fill_null(0)
    )
    arms = [
        rows.with_columns(pl.lit(arm).alias("arm"))
        for rows, arm in ((first, MAILED), (second, AGAIN))
    ]
    return pl.concat(arms).filter(pl.col("count") > 0)


def _held_out(mailed: pl.DataFrame, share: float, seed: int) -> pl.DataFrame:
    groups = mailed.group_by(GROUP).agg(pl.col("count").sum()).sort(GROUP)
    groups = groups.with_columns(strata().alias("stratum"))
    starts = groups.select(pl.col("stratum").unique().sort())
    drawn = pl.Series("start", np.random.default_rng(seed).random(starts.height))
    groups = groups.join(starts.with_columns(drawn), on="stratum", how="left").sort(
        GROUP
    )
    start = pl.col("start")
    due = pl.col("count").cum_sum().over("stratum") * (share / (1 - share))
    whole = (due + start).floor()
    before = whole.shift(1).over("stratum").fill_null(start.floor())
    held = groups.with_columns((whole - before).cast(pl.Int64).alias("count"))
    texts = [pl.lit("").alias(name) for name in ("age_band", "district")]
    arm = pl.lit(HELD_OUT).alias("arm")
    kept = held.filter(pl.col("count") > 0).with_columns(*texts, arm)
    return kept.select(*CELL, "count", "arm")


def without_few_held_out(counts: pl.DataFrame, small_cell: int) -> pl.DataFrame:
    """The quotas without the comparison group of a service where it is too small to tell."""
    held = pl.col("count").filter(arm=HELD_OUT).sum().over("service")
    return counts.filter((pl.col("arm") != HELD_OUT) | (held >= small_cell))


def fates_of(counts: pl.DataFrame) -> pl.DataFrame:
    """Documents per service and arm, as `BatchFates`."""
    sums = counts.group_by("service", "arm").agg(pl.col("count").sum())
    reason = pl.lit("").alias("reason")
    fates = sums.select("service", reason, "count", fate="arm")
    return fates.select(BatchFates.column_names()).sort("service", "fate")


def _fate(cells: pl.DataFrame, fate: str) -> pl.DataFrame:
    sums = cells.group_by("service").agg(pl.col("count").sum())
    texts = pl.lit(fate).alias("fate"), pl.lit("").alias("reason")
    return sums.with_columns(*texts).select(BatchFates.column_names())
