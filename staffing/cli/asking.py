"""What other people and targets would do, and which appointments to open."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import SeedOption

app = typer.Typer()


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
