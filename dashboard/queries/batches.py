"""Approved batches as a planner reads them, and their files."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.queries.chain import aware
from forecasting.records import RunRecord
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.exporting_batch import known_batches
from staffing.reminders.batches.shown import Shown
from staffing.reminders.batches.stored import APPROVED, Batch, standing_batches

KINDS = ("brieven", "controlegroep")


@dataclass(frozen=True)
class Known:
    """A batch, its counts as they may be told, and what was handed out of it."""

    batch: Batch
    shown: Shown
    files: tuple[Path, ...]


def approved(workspace: Workspace) -> list[Known]:
    """Every approved batch, in order of mailing week."""
    return [
        Known(batch, counts, exported(workspace.settings, batch.name))
        for batch, counts in known_batches(workspace)
    ]


def approved_since(workspace: Workspace, run: RunRecord) -> bool:
    """Whether a batch was approved after a plan was made: the plan counts on it still."""
    at = [batch.steps[APPROVED].at for batch in standing_batches(workspace)]
    return any(aware(moment) > aware(run.at) for moment in at)


def exported(settings: Settings, name: str) -> tuple[Path, ...]:
    """The files of a batch in the folder of exports, in order of name."""
    if not settings.exports.is_dir():
        return ()
    found = {
        file
        for kind in KINDS
        for end in (".*", "-manifest.json")  # not those of another batch of the week
        for file in settings.exports.glob(f"{kind}-{name}{end}")
    }
    return tuple(sorted(file for file in found if file.is_file()))
