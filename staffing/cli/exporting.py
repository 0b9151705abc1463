"""What was planned, written for people and for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
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
    from staffing.pipeline.handing_out import hand_out_roster

    chosen, files = hand_out_roster(
        session.workspace,
        week=monday_of(week),
        format=file_format.value,
        out=out or session.workspace.settings.exports,
        now=session.now,
        version=version,
        person=person,
    )
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
