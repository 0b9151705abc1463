"""A mailing plan as a planner reads it: mailing weeks by service."""

import polars as pl

from forecasting.calendar import week_name


def mailing_table(letters: pl.DataFrame, *, small_cell: int) -> pl.DataFrame:
    """One row per mailing week (`week`, an ISO name) and one column per service.

    `letters` is typed `Letters`. A number below `small_cell` is not shown: it is null,
    as is a week without letters, so that the two cannot be told apart.
    """
    weekly = letters.group_by("mailing_week", "service").agg(pl.col("letters").sum())
    shown = weekly.with_columns(
        pl.when(pl.col("letters") >= small_cell).then("letters").alias("letters")
    )
    wide = shown.sort("service").pivot(
        "service", index="mailing_week", values="letters", maintain_order=True
    )
    names = pl.col("mailing_week").map_elements(week_name, return_dtype=pl.String)
    named = wide.sort("mailing_week").with_columns(names.alias("mailing_week"))
    return named.rename({"mailing_week": "week"})
