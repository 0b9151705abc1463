"""Choose references for a batch: the quota of each cohort, by the draw; each is counted."""

from dataclasses import dataclass
from datetime import date

import dataframely as dy
import polars as pl

from staffing.reminders.batches.drawing import draw, is_held_out
from staffing.reminders.batches.quotas import CELL, GROUP
from staffing.reminders.batches.tables import (
    AGAIN,
    HELD_OUT,
    HELD_OUT_BEFORE,
    MAILED,
    NOT_CHOSEN,
    OTHER_COHORT,
    QUOTA_ARMS,
    SUPPRESSED,
    BatchCounts,
    BatchFates,
)

DIMENSIONS = ("age_band", "district")


@dataclass(frozen=True)
class Draw:
    """What decides who is taken: the seed, and the share that is held out.

    Who got one letter in the week `again_since` or before may get a second; None: nobody.
    """

    seed: int
    share: float
    again_since: date | None = None


@dataclass(frozen=True)
class Choice:
    """The references chosen (`reference, service, expiry_week, arm`) and all counts.

    `fates` counts every candidate once.
    """

    chosen: pl.DataFrame
    counts: dy.DataFrame[BatchCounts]
    fates: dy.DataFrame[BatchFates]


def choose(
    candidates: pl.DataFrame, quotas: pl.DataFrame, taken: pl.DataFrame, how: Draw
) -> Choice:
    """The documents that get a letter, and those held out to compare with.

    Args:
        candidates: typed `Candidates`, with the reasons that count. Where no row tells an
            age band or a district, the quotas of all of them are one.
        quotas: typed `BatchCounts`, as approved.
        taken: `reference, service, expiry_week, arm, mailing_week` of other batches. Who
            got a letter in one is suppressed as mailed, but for a second letter; who was
            held out stays so.
        how: the draw.
    """
    told = [
        name for name in DIMENSIONS if candidates[name].null_count() < len(candidates)
    ]
    cohort = [*GROUP, *told]
    rows = (
        candidates.with_columns(pl.col(told).fill_null(""))
        .join(_sum(quotas, MAILED, cohort, "letters"), on=cohort, how="left")
        .join(_sum(quotas, HELD_OUT, GROUP, "held"), on=GROUP, how="left")
        .join(_sum(quotas, AGAIN, cohort, "more"), on=cohort, how="left")
        .join(_before(taken), on=["reference", *GROUP], how="left")
        .with_columns(_may_again(how).fill_null(value=False).alias("again"))
        .with_columns(_reason().alias("reason"))
        .with_columns(
            (pl.col("letters").is_null() & pl.col("more").is_null()).alias("elsewhere"),
            is_held_out(how.seed, how.share).alias("apart"),
            draw(how.seed, "order").alias("order"),
        )
    )
    ranked = _ranked(rows, cohort).with_columns(_fate().alias("fate"))
    chosen = ranked.filter(pl.col("fate").is_in(QUOTA_ARMS))
    columns = ["reference", *GROUP]
    return Choice(
        chosen.select(*columns, arm="fate").sort("service", "expiry_week", "reference"),
        _counts(chosen, told),
        _fates(ranked),
    )


def _sum(
    quotas: pl.DataFrame, arm: str, keys: "list[str] | tuple[str, ...]", name: str
) -> pl.DataFrame:
    of_arm = quotas.filter(pl.col("arm") == arm)
    return of_arm.group_by(keys).agg(pl.col("count").sum().alias(name))


def _before(taken: pl.DataFrame) -> pl.DataFrame:
    """What other batches did with each document: held out, letters, the last of them."""
    held = pl.col("arm") == HELD_OUT
    return taken.group_by("reference", *GROUP).agg(
        kept=held.any(), times=(~held).sum(), last=pl.col("mailing_week").max()
    )


def _may_again(how: Draw) -> pl.Expr:
    once = (pl.col("times") == 1) & ~pl.col("kept")
    return once & (pl.col("last") <= pl.lit(how.again_since, pl.Date))


def _reason() -> pl.Expr:
    mailed = (pl.col("times") > 0) & ~pl.col("again")
    before = pl.when("kept").then(pl.lit(HELD_OUT_BEFORE))
    return pl.coalesce("reason", before.when(mailed).then(pl.lit("mailed")))


def _ranked(rows: pl.DataFrame, cohort: list[str]) -> pl.DataFrame:
    """Number those who may be taken, by the draw, in each cohort and arm."""
    open_to_all = pl.col("reason").is_null() & ~pl.col("elsewhere")
    ordered = rows.with_columns(open_to_all.alias("open")).sort("order", "reference")
    numbered = pl.int_range(pl.len())
    return ordered.with_columns(
        numbered.over([*cohort, "open", "apart", "again"]).alias("in_cohort"),
        numbered.over([*GROUP, "open", "apart", "again"]).alias("in_group"),
    )


def _fate() -> pl.Expr:
    quota = pl.when("again").then("more").otherwise("letters").fill_null(0)
    within = pl.col("in_cohort") < quota
    letter = pl.when("again").then(pl.lit(AGAIN)).otherwise(pl.lit(MAILED))
    beside = pl.col("in_group") < pl.col("held").fill_null(0)
    return (
        pl.when("elsewhere")
        .then(pl.lit(OTHER_COHORT))
        .when(pl.col("reason").is_not_null())
        .then(pl.lit(SUPPRESSED))
        .when(pl.col("apart") & ~pl.col("again") & beside)
        .then(pl.lit(HELD_OUT))
        .when(~pl.col("apart") & within)
        .then(letter)
        .otherwise(pl.lit(NOT_CHOSEN))
    )


def _counts(chosen: pl.DataFrame, told: list[str]) -> dy.DataFrame[BatchCounts]:
    untold = [pl.lit("").alias(name) for name in DIMENSIONS if name not in told]
    cells = chosen.with_columns(*untold).group_by(*CELL, arm="fate")
    counts = cells.agg(pl.len().cast(pl.Int64).alias("count")).sort(*CELL, "arm")
    return BatchCounts.validate(counts)


def _fates(ranked: pl.DataFrame) -> dy.DataFrame[BatchFates]:
    reason = pl.when(fate=SUPPRESSED).then("reason").otherwise(pl.lit(""))
    by = ranked.group_by("service", "fate", reason.alias("reason"))
    counted = by.agg(pl.len().cast(pl.Int64).alias("count"))
    return BatchFates.validate(counted.sort("service", "fate", "reason"))
