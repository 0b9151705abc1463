"""Calls per slot, and how many people were online, from the calls themselves."""

import dataframely as dy
import polars as pl

from staffing.simulation.call_log.reading import Calls

SPELL_GAP_S = 900
"""Without a call for longer than this a spell of work has ended."""


class CallSlots(dy.Schema):
    """What `staffing.simulation.replay` takes: counts and people per slot."""

    start = dy.Datetime(nullable=False, primary_key=True)
    offered = dy.Float64(nullable=False, min=0)
    agents = dy.Float64(nullable=False, min=0)
    handling_time_s = dy.Float64(nullable=True, min=0)
    answered_in_time = dy.Float64(nullable=False, min=0)
    abandoned = dy.Float64(nullable=False, min=0)


def by_slot(
    calls: dy.DataFrame[Calls], slot_s: int, threshold_s: float
) -> dy.DataFrame[CallSlots]:
    """Every slot in which a call came or somebody was online, in order.

    Handling time is the mean over the slot's answered calls, null without one.
    """
    answered = pl.col("answered")
    counts = calls.group_by(_slot_of("arrival", slot_s).alias("start")).agg(
        pl.len().cast(pl.Float64).alias("offered"),
        pl.col("handling_s").filter(answered).mean().alias("handling_time_s"),
        (answered & (pl.col("wait_s") <= threshold_s))
        .sum()
        .cast(pl.Float64)
        .alias("answered_in_time"),
        (~answered).sum().cast(pl.Float64).alias("abandoned"),
    )
    both = counts.join(online(calls, slot_s), on="start", how="full", coalesce=True)
    none = [name for name in CallSlots.column_names() if name != "handling_time_s"][1:]
    filled = both.with_columns(pl.col(none).fill_null(0.0)).sort("start")
    return CallSlots.validate(filled.select(CallSlots.column_names()))


def online(calls: pl.DataFrame, slot_s: int) -> pl.DataFrame:
    """People online per slot: minutes within spells of work over the slot's length.

    Only when agents were on the telephone counts, never how long anybody waited.
    """
    spells = _spells(calls).with_columns(
        pl.datetime_ranges(
            _slot_of("from", slot_s), _slot_of("until", slot_s), f"{slot_s}s"
        ).alias("start")
    )
    each = spells.explode("start")
    end = pl.col("start") + pl.duration(seconds=slot_s)
    minutes = pl.min_horizontal("until", end) - pl.max_horizontal("from", "start")
    present = minutes.dt.total_seconds().clip(0).sum() / slot_s
    return (
        each.group_by("start").agg(present.alias("agents")).filter(pl.col("agents") > 0)
    )


def _spells(calls: pl.DataFrame) -> pl.DataFrame:
    """Stretches `from`..`until` in which one person took call after call."""
    lasts = pl.duration(seconds=pl.col("handling_s"))
    work = (
        calls.filter("answered")
        .drop_nulls(["agent", "answer"])
        .select(
            "agent",
            pl.col("answer").alias("from"),
            (pl.col("answer") + lasts).alias("until"),
        )
        .sort("agent", "from")
    )
    last = pl.col("until").cum_max().shift(1).over("agent")
    idle = (pl.col("from") - last).dt.total_seconds()
    begins = (idle > SPELL_GAP_S).fill_null(value=True)
    spells = work.with_columns(begins.cum_sum().over("agent").alias("spell"))
    return spells.group_by("agent", "spell").agg(
        pl.col("from").min(), pl.col("until").max()
    )


def _slot_of(column: str, slot_s: int) -> pl.Expr:
    return pl.col(column).dt.truncate(f"{slot_s}s")
