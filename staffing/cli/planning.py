"""From the newest forecast to people per quarter-hour, and to a roster."""

from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError
from staffing.cli.options import SeedOption, monday_of, mondays_between
from staffing.cli.solving_file import FileOption, OutOption, roster_of_file

if TYPE_CHECKING:
    from forecasting.records import RunRecord

app = typer.Typer()


@command(app, "requirement")
def requirement(
    session: Session,
    seed: SeedOption = 0,
    show: Annotated[
        str | None,
        typer.Option(help="Tell a stored week per team instead, such as 2027-W02."),
    ] = None,
) -> Answer:
    """Work out how many people each quarter-hour needs, from the newest forecast."""
    from staffing.pipeline.requiring import run_requirement

    if show is not None:
        return _team_weeks(session, show)
    run = run_requirement(session.workspace, now=session.now, seed=seed)
    hours = run.figures["required_hours"]
    weeks = list(hours) if isinstance(hours, dict) else []
    span = f"{weeks[0]} to {weeks[-1]}" if weeks else "no week"
    return Answer(
        f"Requirement stored for {len(weeks)} weeks ({span}).",
        {"run": run.id, **run.figures},
    )


def _team_weeks(session: Session, week: str) -> Answer:
    from staffing.pipeline.telling_weeks import stored_team_weeks

    run = session.workspace.latest("requirement")
    teams = stored_team_weeks(session.workspace, run, monday_of(week)).to_dicts()
    lines = [
        f"{row['location']} {row['skill']}: {row['hours']:,.1f} hours, "
        f"{row['late']:,.1f} contacts late"
        for row in teams
    ]
    return Answer("\n".join(lines), {"run": run.id, "week": week, "teams": teams})


@command(app, "roster")
def roster(
    session: Session,
    week: Annotated[
        str | None,
        typer.Option(
            help="ISO week, such as 2027-W02; default: the first past notice."
        ),
    ] = None,
    weeks: Annotated[
        str | None,
        typer.Option(help="Weeks that follow one another: 2027-W02..2027-W13."),
    ] = None,
    file: FileOption = None,
    out: OutOption = None,
    seed: SeedOption = 0,
    time_limit: Annotated[
        float | None,
        typer.Option(min=1, help="Most seconds the solver may take for a week."),
    ] = None,
) -> Answer:
    """Make and check the roster of a week, of many (--weeks), or of a file (--file)."""
    if file is not None or out is not None:
        return roster_of_file(file, out, week or weeks, seed, time_limit)
    if week is not None and weeks is not None:
        raise InputError("expected either --week or --weeks, came both")
    if weeks is not None:
        return _many(session, weeks, seed, time_limit)
    from staffing.pipeline.rostering import run_roster

    run = run_roster(
        session.workspace,
        week=None if week is None else monday_of(week),
        now=session.now,
        seed=seed,
        time_limit_s=time_limit,
    )
    return Answer(_in_words(run), _as_figures(run))


def _many(session: Session, weeks: str, seed: int, time_limit: float | None) -> Answer:
    """The rosters of weeks A..B; what failed makes the exit status 2."""
    from staffing.pipeline.many_weeks import SomeWeeksFailedError, run_rosters

    first, _, last = weeks.partition("..")
    with session.progress("weeks") as progress:
        done = run_rosters(
            session.workspace,
            weeks=mondays_between(monday_of(first), monday_of(last or first)),
            now=session.now,
            seed=seed,
            time_limit_s=time_limit,
            progress=progress,
        )
    if done.failures:
        raise SomeWeeksFailedError(done)
    runs = done.runs.values()
    lines = [_in_words(run) for run in runs]
    return Answer("\n".join(lines), {"weeks": [_as_figures(run) for run in runs]})


def _in_words(run: "RunRecord") -> str:
    figures = run.figures
    gap = figures["gap"]
    return (
        f"Roster of {run.parameters['week']}: {figures['rostered_hours']:.0f} hours for "
        f"{figures['required_hours']:.0f} required, "
        f"{figures['hard_violations']} violations, "
        f"gap {'unknown' if gap is None else f'{gap:.1%}'}."
    )


def _as_figures(run: "RunRecord") -> dict[str, object]:
    return {"run": run.id, "week": run.parameters["week"], **run.figures}
