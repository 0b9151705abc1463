"""What the mailing plan would be if one thing were otherwise."""

from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import SeedOption

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer()

SHARE = "share_of_weeks_over"
MEASURES = {
    "peak_load_hours": "busiest week (h)",
    SHARE: "weeks over (%)",
    "hours_above_capacity": "above capacity (h)",
    "staff_hours": "staff (h)",
}


@command(app, "what-if")
def mailing_what_if(
    session: Session,
    seed: SeedOption = 0,
    weeks: Annotated[int, typer.Option(min=4, max=60, help="Weeks to plan.")] = 52,
    lead: Annotated[
        list[int] | None, typer.Option(help="Earliest lead in weeks; may be repeated.")
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Channel; may be repeated.")
    ] = None,
    budget: Annotated[
        list[int] | None, typer.Option(help="Letters in all; may be repeated.")
    ] = None,
    worth: Annotated[
        list[float] | None,
        typer.Option(help="Letters that an hour less is worth; may be repeated."),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="No letters to who renews online.")
    ] = False,
    fees: Annotated[
        bool, typer.Option("--fees", help="Fees that rise on the next 1 January.")
    ] = False,
    outside: Annotated[
        bool, typer.Option("--outside", help="A forecast of others instead of ours.")
    ] = False,
) -> Answer:
    """Make the plan again with one thing otherwise: all there is, or what is chosen."""
    from staffing.pipeline.asking_mailing import TABLE, Asked, run_mailing_what_if
    from staffing.pipeline.response_inputs import reminder_settings
    from staffing.reminders.whereabouts import told_scenarios

    asked = Asked(
        tuple(lead or ()),
        tuple(channel or ()),
        tuple(budget or ()),
        tuple(worth or ()),
        online,
        fees,
        outside,
    )
    with session.progress("scenarios") as progress:
        run = run_mailing_what_if(
            session.workspace,
            asked,
            now=session.now,
            seed=seed,
            weeks=weeks,
            progress=progress,
        )
    rows = session.workspace.table(run, TABLE).collect().to_dicts()
    few = reminder_settings(session.workspace).plan.small_cell
    told = told_scenarios(rows, small_cell=few)
    figures = {"run": run.id, **run.figures, "scenarios": told}
    return Answer(_in_words(rows), figures)


def _in_words(rows: "list[dict[str, object]]") -> str:
    """A line per scenario with its plan, then what each rests on."""
    head = ["scenario", "letters", "euros", "peak", *MEASURES.values(), "verdict"]
    lines = ["\t".join(head)]
    lines += ["\t".join(_cells(row)) for row in rows if row["verdict"] is not None]
    notes = [f"{_name(row)}: {row['note']}" for row in rows if row["note"]]
    return "\n".join([*lines, *notes])


def _name(row: "Mapping[str, object]") -> str:
    return f"{row['kind']} {row['value']}".strip()


def _cells(row: "Mapping[str, object]") -> list[str]:
    peak = f"{row['peak_week_before']} > {row['peak_week_after']}"
    plan = [f"{row['letters']}", f"{row['euros']:.0f}", peak]
    gains = [_gain(row[name], name) for name in MEASURES]
    return [_name(row), *plan, *gains, f"{row['verdict']}"]


def _gain(gain: object, name: str) -> str:
    """Without and with letters, and the change with its 90% interval."""
    if not isinstance(gain, dict):
        return ""
    unit = 100 if name == SHARE else 1
    told = {part: round(unit * value, 1) + 0.0 for part, value in gain.items()}
    return (
        "{before:.1f} > {after:.1f}, {change:+.1f} "
        "({change_low:.1f} to {change_high:.1f})".format(**told)
    )
