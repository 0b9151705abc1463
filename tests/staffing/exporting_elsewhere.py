"""Export a batch from a process of its own, at the same moment as others."""

import os
import signal
from datetime import date, datetime
from pathlib import Path
from threading import Barrier
from typing import NoReturn

import pytest

from forecasting.errors import InputError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.exporting_batch import export_batch
from staffing.publish import batch_files


def export_and_be_killed(
    settings: Settings, week: date, now: datetime, references: Path
) -> None:
    """Export to the home with the references, and be killed while the letters are written."""

    def half(draft: Path, *_: object) -> NoReturn:
        draft.write_text("half", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_files, "_write_csv", half)
        home = Workspace.open(settings)
        export_batch(
            home, week=week, now=now, out=settings.exports, references=references
        )


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
