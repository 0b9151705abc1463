"""Which letters go out when."""

from typing import Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli import batching, mailing_what_if, measuring
from staffing.cli.options import SeedOption

LABELS = {
    "peak_load_hours": "Busiest week, hours",
    "share_of_weeks_over": "Share of weeks over capacity",
    "hours_above_capacity": "Hours above capacity, all weeks",
    "staff_hours": "Staff hours, all weeks",
}

ELSE = "else as config/reminders.toml says"

app = typer.Typer(no_args_is_help=True, help="Which letters go out when.")
app.add_typer(batching.app)
app.add_typer(measuring.app)
app.add_typer(mailing_what_if.app)


@command(app, "plan")
def plan_reminders(
    session: Session,
    seed: SeedOption = 0,
    weeks: Annotated[int, typer.Option(min=4, max=60, help="Weeks to plan.")] = 52,
    budget: Annotated[
        int | None, typer.Option(min=0, help=f"Most letters in all; {ELSE}.")
    ] = None,
    earliest_lead: Annotated[
        int | None,
        typer.Option(min=1, help=f"Most weeks from a letter to expiry; {ELSE}."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help=f"How holders are written to; {ELSE}.")
    ] = None,
    letters_per_hour: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            max=1_000_000,
            help=f"Most letters that an hour taken off is worth; {ELSE}.",
        ),
    ] = None,
) -> Answer:
    """Plan letters that move renewals from peak weeks to quiet ones."""
    from staffing.pipeline.reminding import run_reminders
    from staffing.pipeline.response_inputs import reminder_settings
    from staffing.reminders.choices import Choices
    from staffing.reminders.whereabouts import told_figures

    choices = Choices(
        budget=budget,
        earliest_lead_weeks=earliest_lead,
        channel=channel,
        letters_per_hour=letters_per_hour,
    )
    run = run_reminders(
        session.workspace, now=session.now, seed=seed, weeks=weeks, choices=choices
    )
    few = reminder_settings(session.workspace).plan.small_cell
    told = told_figures(run.figures, small_cell=few)
    return Answer(_plan_in_words(run.figures), {"run": run.id, **told})


def _plan_in_words(figures: dict[str, object]) -> str:
    week, load = figures["peak_week"], figures["peak_load_hours"]
    if not isinstance(week, dict) or not isinstance(load, dict):
        return f"{figures['letters_planned']} letters planned."
    said = (
        f"{figures['letters_planned']} letters planned: {figures['verdict']}. Peak counter "
        f"load: {load['before']:.0f} hours in {week['before']} without letters, "
        f"{load['after']:.0f} hours in {week['after']} with them."
    )
    return (
        said
        + _calls_in_words(figures)
        + _batches_in_words(figures)
        + _gains_in_words(figures["gains"])
    )


def _batches_in_words(figures: dict[str, object]) -> str:
    """That the load is older than the batches, so that peaks may be lowered twice."""
    if figures.get("load_knows_batches", True):
        return ""
    return (
        "\nBatches were approved or withdrawn since the forecast, which does not know them: "
        "this plan may lower the same peaks twice. Run: piekwijzer forecast, piekwijzer "
        "requirement, and plan again."
    )


def _calls_in_words(figures: dict[str, object]) -> str:
    """How many calls the letters cause; nothing where there are no letters."""
    calls = figures.get("calls")
    if not isinstance(calls, dict) or not calls["expected"]:
        return ""
    return (
        f" They cause about {calls['expected']:.0f} phone calls "
        f"({calls['low']:.0f} to {calls['high']:.0f} by the range assumed)."
    )


def _gains_in_words(gains: object) -> str:
    """A line per measure, without and with letters, with 90% intervals."""
    if not isinstance(gains, dict):
        return ""
    return "".join(
        f"\n{LABELS[name]}: {_range(name, row, 'before')} without letters, "
        f"{_range(name, row, 'after')} with them; change {_range(name, row, 'change')}"
        for name, row in gains.items()
    )


def _range(measure: str, row: dict[str, float], name: str) -> str:
    """A figure and its interval: hours to a tenth, shares in points or per cent."""
    share = measure == "share_of_weeks_over"
    scale, unit = (100, " points" if name == "change" else "%") if share else (1, "")
    said, low, high = (
        f"{scale * row[f'{name}{end}']:,.1f}" for end in ("", "_low", "_high")
    )
    return f"{said}{unit} ({low} to {high})"


@command(app, "show")
def show_reminders(session: Session) -> Answer:
    """Show the newest plan: letters per mailing week and service."""
    from staffing.pipeline.reminding import show_plan

    table = show_plan(session.workspace)
    rows = "\n".join(
        "\t".join("-" if v is None else str(v) for v in row)
        for row in table.iter_rows()
    )
    return Answer("\t".join(table.columns) + "\n" + rows, {"letters": table.to_dicts()})
