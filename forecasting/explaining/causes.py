"""Causes of a forecast: effects that multiply, turned into contacts that add up.

A product has no unique division into sums. The logarithmic mean Divisia index divides
it without a rest and in whatever order: each cause gets `L(mean, usual) x log effect`,
L(x, y) = (x - y) / (ln x - ln y) (Ang, 2004).
"""

import polars as pl

from forecasting.insight_tables import Causes

LEVEL, REST = "level", "rest"
PERIOD = ("series", "start")


def causes_of(effects: pl.DataFrame, forecast: pl.DataFrame) -> pl.DataFrame:
    """A `Causes` table: contacts per period and cause that add up to the mean.

    `level` is the usual level, every other cause what it adds to that or takes off.
    `rest` is what the other methods of the blend say beyond the regression explained.

    Args:
        effects: `series, start, cause, effect`, log effects of the regression; the
            effect of `level` is the log of the usual level.
        forecast: `series, start, mean`; a period without effects is all level.
    """
    wanted = forecast.select(*PERIOD, "mean")
    known = effects.join(wanted, on=PERIOD, how="semi")
    unknown = wanted.join(effects, on=PERIOD, how="anti")
    parts = [
        _additive(known),
        unknown.select(*PERIOD, pl.lit(LEVEL).alias("cause"), count=pl.col("mean")),
    ]
    return settled(pl.concat(parts), wanted)


def _additive(effects: pl.DataFrame) -> pl.DataFrame:
    is_level = pl.col("cause") == LEVEL
    usual = pl.col("effect").filter(is_level).sum().over(PERIOD).clip(-20, 20).exp()
    moved = pl.col("effect").filter(~is_level).sum().over(PERIOD)
    bounded = moved.clip(-20, 20)
    small = bounded.abs() < 1e-9
    mean = pl.when(small).then(usual).otherwise(usual * (bounded.exp() - 1) / moved)
    count = pl.when(is_level).then(usual).otherwise(mean * pl.col("effect"))
    return effects.select(*PERIOD, "cause", count.alias("count"))


def settled(parts: pl.DataFrame, forecast: pl.DataFrame) -> pl.DataFrame:
    """Causes with a `rest` that makes them add up to the mean; no rows of nothing.

    `parts` may hold a cause of a period more than once, and a rest of its own.
    """
    known = (
        parts.group_by(*PERIOD, "cause")
        .agg(pl.col("count").sum())
        .sort(*PERIOD, "cause")
    )
    sums = known.group_by(PERIOD).agg(pl.col("count").sum().alias("said"))
    left = forecast.select(*PERIOD, "mean").join(sums, on=PERIOD, how="left")
    gap = (pl.col("mean") - pl.col("said").fill_null(0.0)).alias("count")
    rest = left.select(*PERIOD, pl.lit(REST).alias("cause"), gap)
    table = (
        pl.concat([known, rest])
        .group_by(*PERIOD, "cause")
        .agg(pl.col("count").sum())
        .filter(pl.col("count") != 0)
        .sort(*PERIOD, "cause")
    )
    return Causes.validate(table, cast=True)
