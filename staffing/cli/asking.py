"""What other people and targets would do, and which appointments to open."""

from calendar import day_abbr
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError
from staffing.cli.options import SeedOption

if TYPE_CHECKING:
    from staffing.pipeline.telling_what_if import TeamWhatIf

app = typer.Typer()


@command(app, "what-if")
def what_if(
    session: Session,
    show: Annotated[
        str | None,
        typer.Option(
            metavar="SKILL",
            help="Tell what is stored of a skill instead, such as phone.",
        ),
    ] = None,
    location: Annotated[
        str | None, typer.Option(help="With --show: of which location.")
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(help="With --show: the share in time, such as 0.85."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="With --show: in time is within these.")
    ] = None,
    handling: Annotated[
        float | None,
        typer.Option(help="With --show: handling times, 1.1 being a tenth longer."),
    ] = None,
    seed: SeedOption = 0,
) -> Answer:
    """Reckon one person more or less, and other targets and handling times."""
    point = {"factor": handling, "target": target, "threshold_s": seconds}
    asked = {axis: value for axis, value in point.items() if value is not None}
    if show is not None:
        return _told(session, show, location, asked)
    if asked or location is not None:
        raise InputError(
            "--location, --target, --seconds and --handling: expected with --show, "
            "came without it",
            remedy="Name the skill as well: piekwijzer what-if --show SKILL.",
        )
    from staffing.pipeline.asking_what_if import run_what_if

    run = run_what_if(session.workspace, now=session.now, seed=seed)
    text = f"What-if reckoned for {run.figures['week']}, a week of median load."
    return Answer(text, {"run": run.id, **run.figures})


def _told(
    session: Session, skill: str, location: str | None, asked: dict[str, float]
) -> Answer:
    from staffing.pipeline.telling_what_if import stored_what_if

    told = stored_what_if(session.workspace, skill, location, asked)
    return Answer(_team_in_words(told), told.figures())


def _team_in_words(told: "TeamWhatIf") -> str:
    tried, at = told.tried, told.tried.asked
    lines = [
        f"{told.location} {told.skill}, {at['target']:.1%} within "
        f"{at['threshold_s']:g} s, handling times {at['factor']:.0%} of now: "
        f"{_number(tried.then.hours)} hours a week ({_number(tried.more_hours, '+')} "
        f"beside now); with the people of now {_share(tried.then.share_now)} in time "
        f"(by the standard of now {_share(tried.now.share_now)})."
    ]
    lines += [
        f"{day_abbr[row['weekday'] - 1]} {row['hour']:02}:00: {row['late']:.1f} contacts late; "
        f"one person less {row['one_less']:+.1f}, one more {row['one_more']:+.1f}"
        for row in told.person.sort("weekday", "hour").to_dicts()
    ]
    if told.is_old:
        lines.append(
            "Staffing was worked out again since; reckon anew: piekwijzer what-if."
        )
    return "\n".join(lines)


def _number(value: float | None, sign: str = "") -> str:
    return "unknown" if value is None else f"{value:{sign},.1f}"


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1%}"


@command(app, "agenda")
def agenda(
    session: Session,
    weeks: Annotated[int, typer.Option(min=1, max=20, help="Weeks to open.")] = 8,
    seed: SeedOption = 0,
) -> Answer:
    """Open appointments so that the first free one is near, with the staff there is."""
    from staffing.agenda.by_product import by_product
    from staffing.pipeline.opening_agenda import run_agenda

    workspace = session.workspace
    run = run_agenda(workspace, now=session.now, weeks=weeks, seed=seed)
    days, staff = (
        workspace.table(run, name).collect() for name in ("agenda_days", "agenda_staff")
    )
    products = by_product(days, staff, weeks).to_dicts()
    figures = {"run": run.id, **run.figures, "products": products}
    return Answer(_agenda_in_words(run.figures), figures)


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
