"""Export a batch from a process of its own, at the same moment as others."""

from datetime import date, datetime
from pathlib import Path
from threading import Barrier

from forecasting.errors import InputError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.exporting_batch import export_batch


def export_at_once(
    settings: Settings, week: date, now: datetime, references: Path, gate: Barrier
) -> None:
    """Wait for the others, export with the references; exit status 2 when refused."""
    workspace = Workspace.open(settings)
    gate.wait(120)
    try:
        out = settings.home / f"out-{references.stem}"
        export_batch(workspace, week=week, now=now, out=out, references=references)
    except InputError:
        raise SystemExit(2) from None
    finally:
        workspace.ledger.engine.dispose()
