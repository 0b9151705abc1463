"""From the newest forecast to people per quarter-hour, and to a roster."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import SeedOption, monday_of

app = typer.Typer()


@command(app, "requirement")
def requirement(session: Session, seed: SeedOption = 0) -> Answer:
    """Work out how many people each quarter-hour needs, from the newest forecast."""
    from staffing.pipeline.requiring import run_requirement

    run = run_requirement(session.workspace, now=session.now, seed=seed)
    hours = run.figures["required_hours"]
    weeks = list(hours) if isinstance(hours, dict) else []
    span = f"{weeks[0]} to {weeks[-1]}" if weeks else "no week"
    return Answer(
        f"Requirement stored for {len(weeks)} weeks ({span}).",
        {"run": run.id, **run.figures},
    )


@command(app, "roster")
def roster(
    session: Session,
    week: Annotated[
        str | None,
        typer.Option(
            help="ISO week, such as 2027-W02; default: the first past notice."
        ),
    ] = None,
    seed: SeedOption = 0,
    time_limit: Annotated[
        float | None, typer.Option(min=1, help="Most seconds the solver may take.")
    ] = None,
) -> Answer:
    """Make and check the roster of a week."""
    from staffing.pipeline.rostering import run_roster

    run = run_roster(
        session.workspace,
        week=None if week is None else monday_of(week),
        now=session.now,
        seed=seed,
        time_limit_s=time_limit,
    )
    figures = run.figures
    text = (
        f"Roster of {run.parameters['week']}: {figures['rostered_hours']:.0f} hours for "
        f"{figures['required_hours']:.0f} required, "
        f"{figures['hard_violations']} violations, gap {figures['gap']:.1%}."
    )
    return Answer(text, {"run": run.id, "week": run.parameters["week"], **figures})
