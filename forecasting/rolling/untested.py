"""Methods told of documents beside those that were tested, where the first stock is new.

A first export of expiries comes at the end: nothing shows yet how the methods that read
it do. They share with the tested ones as they count beforehand, and the interval holds
what each of the two sides would say by itself.
"""

import polars as pl

from forecasting.models.blend import band, prior
from forecasting.models.following import SUFFIX
from forecasting.rolling.taking_part import EXPIRY, untried
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from forecasting.tuning import BlendTuning

MIDDLE = 0.5


def sides(
    past: pl.DataFrame, wanted: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers of tested methods and of untested ones, of series that have both."""
    mine = wanted.filter(pl.col("series").is_in(untried(past).implode()))
    told = pl.col("method").str.ends_with(SUFFIX) | (pl.col("method") == EXPIRY)
    tested, untested = mine.filter(~told), mine.filter(told)
    periods = ["series", "origin", "start"]
    return (
        tested.join(untested, on=periods, how="semi"),
        untested.join(tested, on=periods, how="semi"),
    )


def with_untested(
    weights: pl.DataFrame,
    past: pl.DataFrame,
    wanted: pl.DataFrame,
    edges: tuple[int, ...],
    tuning: BlendTuning,
) -> pl.DataFrame:
    """The weights, with those of untested methods as they count beforehand.

    Beside the tested ones, which keep theirs: all of these together count as they would
    beforehand too.
    """
    keys = ["series", "band"]
    tested, untested = (
        side.select("series", band("ahead", edges).alias("band"), "method").unique()
        for side in sides(past, wanted)
    )
    if untested.is_empty():
        return weights
    unit = (
        tested.join(weights, on=[*keys, "method"])
        .sort(*keys, "method")
        .group_by(keys, maintain_order=True)
        .agg((pl.col("weight").sum() / prior(tuning).sum()).alias("unit"))
    )
    given = (
        untested.join(unit, on=keys)
        .sort(*keys, "method")
        .select(*keys, "method", (prior(tuning) * pl.col("unit")).alias("weight"))
    )
    rest = weights.join(given, on=[*keys, "method"], how="anti")
    return pl.concat([rest, given.select(rest.columns)])


def holding(settled: pl.DataFrame, side: pl.DataFrame) -> pl.DataFrame:
    """The forecast with quantiles that hold those of one side by itself."""
    keys = ["series", "origin", "start"]
    both = settled.join(
        side.select(*keys, *QUANTILE_NAMES),
        on=keys,
        how="left",
        suffix="_side",
        maintain_order="left",
    )
    wider = []
    for name, level in zip(QUANTILE_NAMES, QUANTILES, strict=True):
        pair = (pl.col(name), pl.col(f"{name}_side"))
        if level != MIDDLE:
            widest = pl.min_horizontal if level < MIDDLE else pl.max_horizontal
            wider.append(widest(*pair).alias(name))
    return both.with_columns(wider).select(settled.columns)
