"""The work as a requirement took it: handling times, and whether they were measured."""

import polars as pl

from dashboard.queries.stored import stored
from forecasting.records import RunRecord
from forecasting.tables import split_series
from forecasting.workspace import Workspace
from staffing.tables import SeriesWork


def handling_by_step(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`service, step, low_s, high_s, cv, measured` over the series of each step.

    The least and greatest handling time among locations and channels, the greatest
    spread, and whether most of any of them was measured; without rows for older runs.
    """
    rows = stored(workspace, run, "work", SeriesWork.create_empty())
    parts = rows.with_columns(split_series().alias("part")).unnest(
        "part", separator="_"
    )
    steps = parts.group_by(
        pl.col("part_service").alias("service"), pl.col("part_step").alias("step")
    ).agg(
        pl.col("handling_s").min().alias("low_s"),
        pl.col("handling_s").max().alias("high_s"),
        pl.col("handling_cv").max().alias("cv"),
        (pl.col("source") == "measured").any().alias("measured"),
    )
    return steps.sort("service", "step").collect()
