"""Commands of this room: requirement to roster, agenda, what-if, reminders, export."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError

app = typer.Typer(no_args_is_help=True, add_completion=False)
reminders = typer.Typer(no_args_is_help=True, help="Which letters go out when.")
export = typer.Typer(no_args_is_help=True, help="Hand out what was planned.")

SeedOption = Annotated[
    int, typer.Option(min=0, max=2**31 - 1, help="Seed of everything random.")
]
WeekOption = Annotated[str, typer.Option(help="ISO week, such as 2027-W02.")]


class RosterFormat(StrEnum):
    """File formats of a roster export."""

    xlsx = "xlsx"
    csv = "csv"


def _monday(week: str) -> date:
    from forecasting.calendar import parse_week

    return parse_week(week)


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
        week=None if week is None else _monday(week),
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


@command(app, "simulate")
def simulate(
    session: Session,
    week: Annotated[
        str | None, typer.Option(help="ISO week of a roster to prove: 2027-W02.")
    ] = None,
    seed: SeedOption = 0,
    replications: Annotated[
        int, typer.Option(min=2, max=5000, help="Simulated weeks.")
    ] = 200,
    log: Annotated[
        Path | None, typer.Option(help="Telephony log to replay instead of a week.")
    ] = None,
    fit: Annotated[
        str | None,
        typer.Option(help="Days of the log to fit on: 1999-01-01..1999-01-17."),
    ] = None,
    predict: Annotated[
        str | None, typer.Option(help="Days of the log to predict, in the same form.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds that count as in time.")
    ] = 25,
    slot: Annotated[int, typer.Option(min=1, help="Minutes per slot of a log.")] = 30,
) -> Answer:
    """Prove the roster of a week by simulation, or replay a telephony log (--log)."""
    if (week is None) == (log is None):
        came = "neither" if week is None else "both"
        raise InputError(f"expected either --week or --log, came {came}")
    if log is not None:
        asked = {"fit": fit, "predict_days": predict}
        return _replay(session, log, asked, threshold, slot, seed)
    if fit is not None or predict is not None:
        raise InputError("expected --fit and --predict with --log only")
    return _prove(session, week or "", seed, replications)


def _prove(session: Session, week: str, seed: int, replications: int) -> Answer:
    from staffing.pipeline.simulating import run_simulation

    run = run_simulation(
        session.workspace,
        week=_monday(week),
        now=session.now,
        seed=seed,
        replications=replications,
    )
    text = f"Simulated {week}.{_share_in_words(run.figures)}"
    return Answer(text, {"run": run.id, "week": week, **run.figures})


def _share_in_words(figures: dict[str, object]) -> str:
    share, weeks, reasons = (
        figures[name] for name in ("within_25s", "weeks", "reasons")
    )
    if not isinstance(share, dict) or not isinstance(weeks, dict):
        return ""
    text = (
        f" Answered within 25 seconds: {share['mean']:.1%} "
        f"({share['low']:.1%} to {share['high']:.1%}). Of single weeks 8 in 10 lie "
        f"between {weeks['q10']:.0%} and {weeks['q90']:.0%}; "
        f"{figures['weeks_on_target']:.0%} meet the target."
    )
    if isinstance(reasons, dict):
        parts = ", ".join(f"{name} {part:.0%}" for name, part in reasons.items())
        text += f" Why weeks differ: {parts}."
    return text


@command(app, "what-if")
def what_if(session: Session, seed: SeedOption = 0) -> Answer:
    """Reckon one person more or less, and other targets and handling times."""
    from staffing.pipeline.asking_what_if import run_what_if

    run = run_what_if(session.workspace, now=session.now, seed=seed)
    text = f"What-if reckoned for {run.figures['week']}, a week of median load."
    return Answer(text, {"run": run.id, **run.figures})


@command(app, "agenda")
def agenda(
    session: Session,
    weeks: Annotated[int, typer.Option(min=1, max=20, help="Weeks to open.")] = 8,
    seed: SeedOption = 0,
) -> Answer:
    """Open appointments so that the first free one is near, with the staff there is."""
    from staffing.pipeline.opening_agenda import run_agenda

    run = run_agenda(session.workspace, now=session.now, weeks=weeks, seed=seed)
    return Answer(_agenda_in_words(run.figures), {"run": run.id, **run.figures})


def _agenda_in_words(figures: dict[str, object]) -> str:
    unkept = figures["unkept"]
    text = (
        f"{figures['places']} places from {figures['first']} for {figures['weeks']} "
        f"weeks; the promise holds on {figures['days_kept']} of "
        f"{figures['days_promised']} days of a product."
    )
    for row in unkept if isinstance(unkept, list) else []:
        text += (
            f"\n{row['location']}/{row['service']}/{row['step']}: not kept on "
            f"{row['days']} days from {row['since']}; {row['limit']} leaves no room, "
            f"{row['short']} places short."
        )
    return text


def _replay(
    session: Session,
    file: Path,
    asked: dict[str, str | None],
    threshold_s: float,
    slot_minutes: int,
    seed: int,
) -> Answer:
    """Nothing of the log is stored."""
    from forecasting.policy import load_policy
    from staffing.simulation.call_log.layout import CallLogLayout
    from staffing.simulation.call_log.replayed import replay_log
    from staffing.simulation.call_log.reporting import as_figures, in_words

    layout = load_policy(
        session.workspace.settings.config / "call_log.toml", CallLogLayout
    )
    replay = replay_log(
        file,
        layout,
        fit=asked["fit"],
        predict_days=asked["predict_days"],
        threshold_s=threshold_s,
        slot_minutes=slot_minutes,
        seed=seed,
    )
    return Answer(in_words(replay, threshold_s), as_figures(replay))


@command(reminders, "plan")
def plan_reminders(
    session: Session,
    seed: SeedOption = 0,
    weeks: Annotated[int, typer.Option(min=4, max=60, help="Weeks to plan.")] = 52,
) -> Answer:
    """Plan letters that move renewals from peak weeks to quiet ones."""
    from staffing.pipeline.reminding import run_reminders

    run = run_reminders(session.workspace, now=session.now, seed=seed, weeks=weeks)
    return Answer(_plan_in_words(run.figures), {"run": run.id, **run.figures})


def _plan_in_words(figures: dict[str, object]) -> str:
    week, load = figures["peak_week"], figures["peak_load_hours"]
    if not isinstance(week, dict) or not isinstance(load, dict):
        return f"{figures['letters_planned']} letters planned."
    return (
        f"{figures['letters_planned']} letters planned. Peak counter load: "
        f"{load['before']:.0f} hours in {week['before']} without letters, "
        f"{load['after']:.0f} hours in {week['after']} with them."
    )


@command(reminders, "show")
def show_reminders(session: Session) -> Answer:
    """Show the newest plan: letters per mailing week and service."""
    from staffing.pipeline.reminding import show_plan

    table = show_plan(session.workspace)
    rows = "\n".join(
        "\t".join("<5" if v is None else str(v) for v in row)
        for row in table.iter_rows()
    )
    return Answer("\t".join(table.columns) + "\n" + rows, {"letters": table.to_dicts()})


@command(export, "roster")
def export_roster_command(
    session: Session,
    week: WeekOption,
    file_format: Annotated[
        RosterFormat, typer.Option("--format", help="xlsx or csv.")
    ] = RosterFormat.xlsx,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default: home/exports.")
    ] = None,
) -> Answer:
    """Write the roster of a week for people to print or for programs to read."""
    from staffing.publish import export_roster

    folder = out or session.workspace.settings.exports
    if folder.exists() and not folder.is_dir():
        raise InputError("expected a folder, came a file", file=folder)
    files = export_roster(
        session.workspace, week=_monday(week), format=file_format.value, out=folder
    )
    told = f"roster of {week} as {file_format.value}"
    deed = session.workspace.deed("export", f"roster {week}", told, now=session.now)
    session.workspace.ledger.tell(deed)
    names = [str(file) for file in files]
    return Answer("\n".join(names), {"week": week, "files": names})


@command(export, "agenda")
def export_agenda_command(
    session: Session,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default: home/exports.")
    ] = None,
) -> Answer:
    """Write the places of the newest agenda as CSV for the booking system."""
    from staffing.publish import export_agenda

    workspace = session.workspace
    file = export_agenda(workspace, out=out or workspace.settings.exports)
    deed = workspace.deed("export", "agenda", file.name, now=session.now)
    workspace.ledger.tell(deed)
    return Answer(str(file), {"files": [str(file)]})


app.add_typer(reminders, name="reminders")
app.add_typer(export, name="export")
