"""What a plan sends per mailing week that no batch was approved of."""

from datetime import date

import polars as pl

from dashboard.queries import load
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.reminders.batches.stored import standing_batches


def to_approve(workspace: Workspace, run: RunRecord, first: date) -> dict[date, int]:
    """Letters per mailing week from a Monday on that has no batch yet, in order."""
    taken = [batch.mailing_week for batch in standing_batches(workspace)]
    weeks = (
        load.letters(workspace, run)
        .filter(pl.col("mailing_week") >= first, ~pl.col("mailing_week").is_in(taken))
        .group_by("mailing_week")
        .agg(pl.col("letters").sum())
        .sort("mailing_week")
    )
    return dict(weeks.iter_rows())
