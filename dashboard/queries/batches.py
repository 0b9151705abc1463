"""Approved batches as a planner reads them."""

from dataclasses import dataclass

from dashboard.queries.chain import aware
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.exporting_batch import known_batches
from staffing.reminders.batches.shown import Shown
from staffing.reminders.batches.stored import APPROVED, Batch, standing_batches


@dataclass(frozen=True)
class Known:
    """A batch, and its counts as they may be told."""

    batch: Batch
    shown: Shown


def approved(workspace: Workspace) -> list[Known]:
    """Every approved batch, in order of mailing week."""
    return [Known(batch, counts) for batch, counts in known_batches(workspace)]


def approved_since(workspace: Workspace, run: RunRecord) -> bool:
    """Whether a batch was approved after a plan was made: the plan counts on it still."""
    at = [batch.steps[APPROVED].at for batch in standing_batches(workspace)]
    return any(aware(moment) > aware(run.at) for moment in at)
