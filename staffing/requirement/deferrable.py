"""Work that can wait: people to set apart for it."""

import polars as pl

KEYS = ["location", "skill", "start"]
ROUNDING = 1e-9


def waiting_work(rows: pl.DataFrame, at_work: float) -> pl.DataFrame:
    """People to set apart: whole people all day, one more in the last open slots.

    Part of a person is given as whole quarter-hours together, late in the day, when the
    day's work has come in; the roster may move them within the day.
    """
    day = ["location", "skill", "day"]
    work = pl.col("load").sum().over(day) / at_work
    slots = pl.len().over(day)
    whole = (work / slots + ROUNDING).floor()
    extra = (work - whole * slots - ROUNDING).ceil().clip(0)
    from_end = slots - pl.int_range(pl.len()).over(day)
    return rows.with_columns(
        (whole + (from_end <= extra)).cast(pl.Int64).alias("people"),
        (pl.col("walk_ins") + pl.col("booked")).alias("offered"),
        pl.lit(0.0).alias("late"),
        pl.lit(True).alias("chosen"),
    ).select(*KEYS, "load", "handling_s", "people", "offered", "late", "chosen")
