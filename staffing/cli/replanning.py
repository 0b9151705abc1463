"""A week that changed: a new roster near the one that people know."""

from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import monday_of

if TYPE_CHECKING:
    from staffing.pipeline.replanning import Replan

app = typer.Typer()

Told = list[str] | None


@command(app, "replan")
def replan(
    session: Session,
    week: Annotated[str, typer.Option(help="ISO week, such as 2027-W02.")],
    absent: Annotated[
        Told,
        typer.Option(
            help="CODE:FROM..TO, or CODE:DAY:08:30-12:00 for a part of a day."
        ),
    ] = None,
    calls: Annotated[
        Told, typer.Option(help="LOCATION/SKILL/DAY:+80, contacts more (- fewer).")
    ] = None,
    free: Annotated[
        Told, typer.Option(help="CODE:DAY, a day off that is settled.")
    ] = None,
    give: Annotated[
        Told, typer.Option(help="CODE:DAY:08:30-17:00[@LOCATION], a shift settled.")
    ] = None,
    available: Annotated[
        Told,
        typer.Option(help="CODE:DAY[:08:30-12:00][:+HOURS], somebody can work."),
    ] = None,
    agreed: Annotated[
        Told, typer.Option(help="CODE of who agreed to changes within the notice.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(min=1, help="Most seconds the solver may take.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes and store nothing.")
    ] = False,
) -> Answer:
    """Replan a week after what happened, with few changes for others, and list them."""
    from staffing.pipeline.replanning import Happened, run_replan

    done = run_replan(
        session.workspace,
        week=monday_of(week),
        happened=Happened(
            absent=absent or (),
            calls=calls or (),
            free=free or (),
            give=give or (),
            available=available or (),
            agreed=_codes(agreed or []),
        ),
        now=session.now,
        time_limit_s=time_limit,
        dry=dry_run,
    )
    figures = {"run": done.run.id if done.run else None, "week": week, **done.figures}
    return Answer(_told(done), figures)


def _codes(agreed: list[str]) -> list[str]:
    """Codes named one by one or with commas between."""
    return sorted({code.strip() for text in agreed for code in text.split(",")} - {""})


def _told(done: "Replan") -> str:
    roster, changes = done.found.roster, done.found.changes
    stored = "stored as a new version" if done.run else "not stored"
    before = sum(found.quarters for found in done.before.shortfalls)
    after = sum(found.quarters for found in roster.shortfalls)
    consent = done.figures["needs_consent"]
    people = consent if isinstance(consent, list) else []
    lines = [
        f"Roster {done.version} replanned, {stored}: {len(changes)} days of "
        f"{done.figures['changed_people']} people change, quarter-hours short "
        f"{before} -> {after}.",
        *(f"  {change.text}" for change in changes),
    ]
    if people:
        lines.append(f"Consent is needed of {', '.join(people)}.")
    return "\n".join(lines)
