"""What series have in common: a part of their names, or their size and cadence.

Names are `location/service/step/channel`, or have other parts between slashes; of bare
names nothing is known but how much is counted, and how often.
"""

import polars as pl

SIZES = 4.0
"""Series are of like size within a factor of this around the typical one of a run."""


def traits_of(past: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """`series` and a column per trait, each naming the group that a series is in.

    Args:
        past: `series, start, actual` of earlier origins.
        names: all series; of one that has no past the size is unknown.
    """
    every = names.unique().sort().to_frame("series")
    parts = pl.col("series").str.split("/")
    most = every.select(parts.list.len().max()).item() or 1
    traits = every.with_columns(
        parts.list.get(place, null_on_oob=True).fill_null("").alias(f"part {place}")
        for place in range(most)
        if most > 1
    )
    sized = traits.join(_sizes(past), on="series", how="left", maintain_order="left")
    return sized.with_columns(pl.col("size").fill_null(""))


def _sizes(past: pl.DataFrame) -> pl.DataFrame:
    """`series, size`: the size beside the typical series, and days between periods."""
    each = past.unique(["series", "start"]).sort("series", "start")
    known = each.group_by("series", maintain_order=True).agg(
        pl.col("actual").mean(),
        pl.col("start").diff().dt.total_days().min().fill_null(0).alias("days"),
    )
    typical = pl.col("actual").filter(pl.col("actual") > 0).median()
    beside = (pl.col("actual") / typical).log(SIZES).round()
    size = pl.format("{} by {}", beside.cast(pl.String).fill_null("none"), "days")
    return known.select("series", size.alias("size"))
