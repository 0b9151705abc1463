"""Publish from a process of its own, at the same moment as others."""

from datetime import date, datetime
from threading import Barrier

from forecasting.errors import InputError
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import publish_roster


def publish_at_once(
    settings: Settings, week: date, now: datetime, gate: Barrier
) -> None:
    """Wait for the others, publish the newest version; exit status 2 when refused."""
    workspace = Workspace.open(settings)
    gate.wait(120)
    try:
        publish_roster(workspace, week=week, now=now)
    except InputError:
        raise SystemExit(2) from None
    finally:
        workspace.ledger.engine.dispose()
