"""A table of a run, also of an older run that stored none of that name."""

import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace


def stored(
    workspace: Workspace, run: RunRecord, dataset: str, empty: pl.DataFrame
) -> pl.LazyFrame:
    """The rows of a table; none where the run stored no such table."""
    found = workspace.lake.scan(dataset, run.id)
    return empty.lazy() if found is None else found
