"""What the forecast learns from: what was served, or also what was asked for in vain."""

from typing import Literal

import polars as pl

TrainOn = Literal["served", "served_and_unmet"]


def training_demand(
    demand: pl.DataFrame, unmet: pl.DataFrame, train_on: TrainOn
) -> pl.DataFrame:
    """The `count` to learn from per period of `demand`, by the setting `train_on`.

    "served" changes nothing: appointments count as kept, calls as offered, redials too.
    With "served_and_unmet" every caller counts once, and bookings that a full calendar
    kept away are added on the first open day from the day of asking on, which is when
    they would have come had there been no wait.
    """
    if train_on == "served" or unmet.is_empty():
        return demand
    callers = unmet.filter(pl.col("kind") == "gave up").select(
        "series", "start", (pl.col("served") + pl.col("unmet")).alias("callers")
    )
    count = pl.coalesce("callers", "count") + pl.col("added").fill_null(0.0)
    keys = ["series", "start"]
    joined = demand.join(callers, on=keys, how="left").join(
        _on_open_days(unmet.filter(pl.col("kind") == "calendar full"), demand),
        on=keys,
        how="left",
    )
    return joined.with_columns(count.alias("count")).drop("callers", "added")


def _on_open_days(unmet: pl.DataFrame, demand: pl.DataFrame) -> pl.DataFrame:
    days = demand.select("series", "start", pl.col("start").alias("day")).sort("start")
    placed = unmet.sort("start").join_asof(
        days, on="start", by="series", strategy="forward", check_sortedness=False
    )
    found = placed.drop_nulls("day").group_by("series", pl.col("day").alias("start"))
    return found.agg(pl.col("unmet").sum().alias("added"))
