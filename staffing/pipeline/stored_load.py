"""The weekly load that a requirement stored: hours asked for, staff at hand, capacity."""

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace


def stored_load(workspace: Workspace, requirement: RunRecord) -> pl.LazyFrame:
    """Typed `WeeklyLoad`, lazily.

    A requirement that told hours of staff as its capacity has no known capacity: what
    these can serve is only known when it is made again.
    """
    load = workspace.table(requirement, "weekly_load")
    if "hours_at_hand" in load.collect_schema():
        return load
    return load.with_columns(
        hours_at_hand="capacity", capacity=pl.lit(None, dtype=pl.Float64)
    )
