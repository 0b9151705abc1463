"""Hand out the roster of a week, and tell the audit trail what left and in what form."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from forecasting.calendar import week_name
from forecasting.errors import InputError
from forecasting.workspace import Workspace
from staffing.publish.exporting import RosterFormat, export_persons, export_roster
from staffing.publish.versions import Version, choose_version


def hand_out_roster(
    workspace: Workspace,
    *,
    week: date,
    format: RosterFormat,
    out: Path,
    now: datetime,
    version: int | None = None,
    person: str | None = None,
    who: str | None = None,
) -> tuple[Version, list[Path]]:
    """Write a roster into a folder; of everybody as `xlsx` with a page per person besides.

    Gives the version written and the files. `who` takes it is the actor of the settings
    unless said otherwise.

    Raises:
        MissingStepError: no roster of that week was stored.
        InputError: the folder is a file, or the version or person is unknown.
        StoreError: what was stored is gone or was changed.
    """
    if out.exists() and not out.is_dir():
        raise InputError("expected a folder, came a file", file=out)
    chosen = choose_version(workspace, week, version)
    number = chosen.number
    files = export_roster(
        workspace, week=week, format=format, out=out, version=number, person=person
    )
    if format == "xlsx" and person is None:
        files += export_persons(workspace, week=week, out=out, version=number)
    of_whom = "" if person is None else " of one person"
    told = f"version {number} ({chosen.state}) as {format}{of_whom}"
    deed = workspace.deed("export", f"roster {week_name(week)}", told, now=now)
    workspace.ledger.tell(replace(deed, by=who or deed.by))
    return chosen, files
