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


@command(app, "roster")
def roster(
    session: Session,
    week: Annotated[str, typer.Option(help="ISO week, such as 2027-W02.")],
    file_format: Annotated[
        RosterFormat, typer.Option("--format", help="xlsx or csv.")
    ] = RosterFormat.xlsx,
    out: OutOption = None,
) -> Answer:
    """Write the roster of a week for people to print or for programs to read."""
    from staffing.publish import export_roster

    folder = out or session.workspace.settings.exports
    if folder.exists() and not folder.is_dir():
        raise InputError("expected a folder, came a file", file=folder)
    files = export_roster(
        session.workspace, week=monday_of(week), format=file_format.value, out=folder
    )
    told = f"roster of {week} as {file_format.value}"
    deed = session.workspace.deed("export", f"roster {week}", told, now=session.now)
    session.workspace.ledger.tell(deed)
    names = [str(file) for file in files]
    return Answer("\n".join(names), {"week": week, "files": names})


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
