"""What a plan sends per mailing week that no batch was approved of, and what it would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.queries import load, mailing
from forecasting.errors import StoreError
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.drafting_batch import Draft, draft_batch
from staffing.pipeline.second_person import maker_but
from staffing.pipeline.telling_batch import told_of_draft
from staffing.reminders.batches.shown import ALL, Shown
from staffing.reminders.batches.stored import standing_batches


@dataclass(frozen=True)
class Preview:
    """A batch that nobody approved yet, and its counts as they may be told."""

    draft: Draft
    shown: Shown


def to_approve(workspace: Workspace, run: RunRecord, first: date) -> dict[date, int]:
    """Letters per mailing week from a Monday on that has no batch yet, in order.

    Without those of services with too few in their week: these get none.
    """
    taken = [batch.mailing_week for batch in standing_batches(workspace)]
    few = mailing.least_told(workspace)
    weeks = (
        load.letters(workspace, run)
        .filter(pl.col("mailing_week") >= first, ~pl.col("mailing_week").is_in(taken))
        .filter(pl.col("letters") >= few)
        .group_by("mailing_week")
        .agg(pl.col("letters").sum())
        .sort("mailing_week")
    )
    return dict(weeks.iter_rows())


def preview(workspace: Workspace, run: RunRecord, week: date) -> Preview:
    """What would be approved of a week of a plan."""
    draft = draft_batch(workspace, run, week)
    return Preview(draft, told_of_draft(workspace, draft))


def approved_of(workspace: Workspace, run: RunRecord) -> int:
    """How many letters of a plan were approved."""
    standing = standing_batches(workspace)
    return sum(batch.letters for batch in standing if batch.run == run.id)


def maker(workspace: Workspace, run: RunRecord) -> str | None:
    """Who made a plan last; None where the trail names nobody."""
    try:
        return maker_but(workspace, run, "")
    except StoreError:
        return None


def counted(shown: Shown) -> dict[str, Mapping[str, int | None]]:
    """Counts by fate per service of which any are told, and of all services last."""
    rows = shown.counts.to_dicts()
    parts = [{name: row[name] for name in row if name != "service"} for row in rows]
    return {
        row["service"]: part
        for row, part in zip(rows, parts, strict=True)
        if row["service"] == ALL or any(part.values())
    }
