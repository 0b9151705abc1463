"""Publish a roster, so that people can go by it."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import monday_of

app = typer.Typer()

OTHERWISE = "otherwise"
"""The word for a notice that was agreed otherwise, among codes of people."""


@command(app, "publish")
def publish(
    session: Session,
    week: Annotated[str, typer.Option(help="ISO week, such as 2027-W02.")],
    version: Annotated[
        int | None, typer.Option(min=1, help="Version; default: the newest.")
    ] = None,
    agreed: Annotated[
        str,
        typer.Option(
            help="What was agreed on a shorter notice: otherwise (with staff as a "
            "whole), and codes of people who agreed to a change, with commas between."
        ),
    ] = "",
    who: Annotated[
        str | None,
        typer.Option(help="Who publishes; default: the account at work."),
    ] = None,
) -> Answer:
    """Verify a stored roster again and publish it, in place of an earlier version."""
    from staffing.pipeline.publishing import publish_roster

    words = {word.strip() for word in agreed.split(",")} - {""}
    done = publish_roster(
        session.workspace,
        week=monday_of(week),
        now=session.now,
        who=who,
        version=version,
        agreed=OTHERWISE in words,
        people=words - {OTHERWISE},
    )
    instead = f", in place of version {done.superseded}" if done.superseded else ""
    late = f" Told late, as agreed: {len(done.late)} days." if done.late else ""
    figures = {
        "week": week,
        "version": done.version.number,
        "state": done.version.state,
        "run": done.version.run,
        "by": done.version.last.by,
        "at": done.version.last.at.isoformat(),
        "superseded": done.superseded,
        "told_late": [str(change) for change in done.late],
    }
    by = done.version.last.by
    return Answer(
        f"Roster {done.version} is published by {by}{instead}.{late}", figures
    )
