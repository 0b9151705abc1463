"""What was planned, written for people and for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError
from staffing.cli.options import monday_of

app = typer.Typer(no_args_is_help=True, help="Hand out what was planned.")

OutOption = Annotated[
    Path | None, typer.Option(help="Folder to write to; default: home/exports.")
]


class RosterFormat(StrEnum):
    """File formats of a roster export."""

    xlsx = "xlsx"
    csv = "csv"
    ics = "ics"


@command(app, "roster")
def roster(
    session: Session,
    week: Annotated[str, typer.Option(help="ISO week, such as 2027-W02.")],
    file_format: Annotated[
        RosterFormat,
        typer.Option(
            "--format",
            help="xlsx (for the wall, and a page per person), csv, or ics (a calendar "
            "per person).",
        ),
    ] = RosterFormat.xlsx,
    version: Annotated[
        int | None,
        typer.Option(
            min=1, help="Version; default: the published one, else the newest draft."
        ),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Code of the one person to write it of.")
    ] = None,
    out: OutOption = None,
) -> Answer:
    """Write the roster of a week for people to print or for programs to read."""
    from staffing.publish import export_persons, export_roster
    from staffing.publish.versions import choose_version

    workspace, monday = session.workspace, monday_of(week)
    folder = out or workspace.settings.exports
    if folder.exists() and not folder.is_dir():
        raise InputError("expected a folder, came a file", file=folder)
    chosen = choose_version(workspace, monday, version)
    files = export_roster(
        workspace,
        week=monday,
        format=file_format.value,
        out=folder,
        version=chosen.number,
        person=person,
    )
    if file_format is RosterFormat.xlsx and person is None:
        files += export_persons(
            workspace, week=monday, out=folder, version=chosen.number
        )
    of_whom = "" if person is None else " of one person"
    told = f"version {chosen.number} ({chosen.state}) as {file_format.value}{of_whom}"
    deed = workspace.deed("export", f"roster {week}", told, now=session.now)
    workspace.ledger.tell(deed)
    names = [str(file) for file in files]
    figures = {
        "week": week,
        "version": chosen.number,
        "state": chosen.state,
        "files": names,
    }
    return Answer("\n".join(names), figures)


@command(app, "agenda")
def agenda(
    session: Session,
    out: OutOption = None,
) -> Answer:
    """Write the places of the newest agenda as CSV for the booking system."""
    from staffing.publish import export_agenda

    workspace = session.workspace
    file = export_agenda(workspace, out=out or workspace.settings.exports)
    deed = workspace.deed("export", "agenda", file.name, now=session.now)
    workspace.ledger.tell(deed)
    return Answer(str(file), {"files": [str(file)]})
