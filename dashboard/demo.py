"""The main job, end to end: from a town's exports to forecast, roster and letters."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from dashboard.intake import TARGETS
from forecasting.calendar import parse_week
from forecasting.errors import InputError, MissingStepError
from forecasting.ingest import import_file
from forecasting.pipeline import run_forecast
from forecasting.policy import load_policy
from forecasting.reference import ReferencePolicy, write_town
from forecasting.workspace import Workspace
from staffing.pipeline.asking_what_if import run_what_if
from staffing.pipeline.opening_agenda import run_agenda
from staffing.pipeline.promising import run_promises
from staffing.pipeline.reminding import run_reminders
from staffing.pipeline.requiring import run_requirement
from staffing.pipeline.rostering import default_week, run_roster
from staffing.pipeline.simulating import run_simulation
from staffing.publish import export_agenda, export_roster

Town = Literal["town", "village"]
Tell = Callable[[str], None]
MARK = "SYNTHETIC.txt"
"""The file that says that a home folder holds an invented town."""


def run_demo(
    workspace: Workspace,
    *,
    town: Town,
    until: date | None,
    now: datetime,
    seed: int,
    tell: Tell,
) -> None:
    """Write a synthetic town's exports, then do with them what a planner would do.

    Every step reads only what an earlier one stored, as the separate commands do.
    """
    workspace = fresh(workspace)
    policy = load_policy(workspace.settings.config / "reference.toml", ReferencePolicy)
    until = until or policy.present
    inbox = workspace.settings.home / "inbox"
    tell(f"Writing the exports of a synthetic {town} up to {until} ...")
    shutil.rmtree(inbox, ignore_errors=True)
    exports = write_town(inbox, town=town, until=until, seed=seed, policy=policy)
    mark_synthetic(workspace.settings.home, town)
    workspace.ledger.tell(workspace.deed("demo", town, f"seed {seed}", now=now))
    for export in exports:
        result = import_file(
            workspace, export.file, export.source, targets=TARGETS, now=now
        )
        tell(
            f"Imported {export.file.name} as {export.source}: {result.rows_imported:,} rows"
        )
    present = min(now.date(), until + timedelta(days=1))
    plan_everything(workspace, now=now, today=present, seed=seed, tell=tell)


def fresh(workspace: Workspace) -> Workspace:
    """An empty home: an invented town never mixes with a town's own data.

    An earlier demonstration in the same folder is taken away.

    Raises:
        InputError: the home holds imports that no demonstration made.
    """
    settings = workspace.settings
    if not workspace.ledger.imports():
        return workspace
    if settings.database_url or not (settings.home / MARK).exists():
        raise InputError(
            "expected an empty home folder for a demonstration, came one with imports",
            file=settings.home,
            remedy="Give another folder with --home.",
        )
    workspace.ledger.engine.dispose()
    for name in ("lake", "inbox", "exports"):
        shutil.rmtree(settings.home / name, ignore_errors=True)
    for file in settings.home.glob("piekwijzer.db*"):
        file.unlink()
    return Workspace.open(settings)


def plan_everything(
    workspace: Workspace, *, now: datetime, today: date, seed: int, tell: Tell
) -> None:
    """Forecast, staff, prove and export, on whatever was imported.

    `today` is the day in the town, which an invented one may have long behind it.
    """
    tell("Forecasting every series ...")
    run_forecast(workspace, now=now, today=today, seed=seed)
    tell("Working out the requirement ...")
    run_requirement(workspace, now=now, seed=seed)
    tell("Asking what one person more or less would do ...")
    run_what_if(workspace, now=now, seed=seed)
    tell("Making the roster ...")
    monday = default_week(workspace, today=today)
    week = run_roster(workspace, week=monday, now=now, seed=seed).parameters["week"]
    tell(f"Proving the roster of {week} by simulation ...")
    run_simulation(workspace, week=parse_week(week), now=now, seed=seed)
    tell("Opening the agenda ...")
    run_agenda(workspace, now=now, seed=seed)
    tell("Reckoning how promises were kept ...")
    run_promises(workspace, now=now)
    tell("Planning reminder letters ...")
    try:
        run_reminders(workspace, now=now, seed=seed)
    except MissingStepError as missing:
        tell(f"No letters planned: {missing}")
    out = workspace.settings.exports
    export_agenda(workspace, out=out)
    for file_format in ("xlsx", "csv"):
        export_roster(workspace, week=parse_week(week), format=file_format, out=out)
    for what, told in (
        (f"roster {week}", "rosters as xlsx and csv"),
        ("agenda", "places as csv"),
    ):
        workspace.ledger.tell(workspace.deed("export", what, told, now=now))


def mark_synthetic(home: Path, town: Town) -> None:
    """Leave a note in the home folder that its figures come from an invented town."""
    (home / MARK).write_text(
        f"Everything in this folder comes from the synthetic reference {town} of "
        "Piekwijzer. No figure here says anything about a real municipality.\n",
        "utf-8",
    )
