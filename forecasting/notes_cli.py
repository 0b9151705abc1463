"""Commands for notes of the planner: exclusions, events and adjustments."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forecasting.notes import Exclusion

app = typer.Typer(no_args_is_help=True, add_completion=False)
exclusions = typer.Typer(
    no_args_is_help=True, help="Periods left out of training, each with its reason."
)
events = typer.Typer(no_args_is_help=True, help="What moves demand, ahead or after.")
adjustments = typer.Typer(
    no_args_is_help=True, help="A planner's changes of the forecast."
)

FromOption = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
]
ToOption = Annotated[
    datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")
]
ReasonOption = Annotated[
    str, typer.Option(help="Why; no names or numbers of residents.")
]
SeriesOption = Annotated[
    str,
    typer.Option(
        help="Series, as location/service/step/channel with * for any; default: all."
    ),
]
NumberArgument = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as list shows it.")
]


@command(exclusions, "add")
def add_exclusion(
    session: Session,
    first: FromOption,
    last: ToOption,
    reason: ReasonOption,
    series: SeriesOption = "",
) -> Answer:
    """Leave a period out of training."""
    from forecasting.notes import Exclusion

    note = Exclusion(first.date(), last.date(), reason, series)
    return _added(session, note)


@command(events, "add")
def add_event(
    session: Session,
    first: FromOption,
    last: ToOption,
    reason: ReasonOption,
    name: Annotated[str, typer.Option(help="Name; the same for its likes.")],
    series: SeriesOption = "",
) -> Answer:
    """Note something that moves demand."""
    from forecasting.notes import Event

    return _added(session, Event(first.date(), last.date(), reason, series, name))


@command(adjustments, "add")
def add_adjustment(
    session: Session,
    first: FromOption,
    last: ToOption,
    reason: ReasonOption,
    series: SeriesOption = "",
    factor: Annotated[float, typer.Option(help="Multiply the forecast by this.")] = 1.0,
    plus: Annotated[float, typer.Option(help="Then add this to every period.")] = 0.0,
) -> Answer:
    """Change the forecast of some series on some days."""
    from forecasting.notes import Adjustment

    note = Adjustment(
        first.date(), last.date(), reason, series, factor=factor, plus=plus
    )
    return _added(session, note)


def _added(session: Session, note: "Exclusion") -> Answer:
    from forecasting.planner import add

    number = add(session.workspace, note, now=session.now)
    text = f"{note.kind.capitalize()} {number} holds from {note.first} to {note.last}."
    return Answer(text, {"kind": note.kind, "id": number})


@command(exclusions, "list")
def list_exclusions(session: Session) -> Answer:
    """Show the exclusions that hold."""
    return _listed(session, "exclusion")


@command(events, "list")
def list_events(session: Session) -> Answer:
    """Show the events that hold."""
    return _listed(session, "event")


@command(adjustments, "list")
def list_adjustments(session: Session) -> Answer:
    """Show the adjustments that hold."""
    return _listed(session, "adjustment")


@command(adjustments, "value")
def value_of_adjustments(session: Session) -> Answer:
    """Show whether adjustments brought the forecast nearer to what came; never by whom."""
    from forecasting.pipeline.value_of_notes import told_value

    run, rows = told_value(session.workspace)
    lines = [_said_value(row) for row in rows]
    text = "\n".join(lines) or "Of no adjustment a whole week has passed."
    return Answer(text, {"run": run.id, "adjustments": rows})


def _said_value(row: "Mapping[str, int | float | str | None]") -> str:
    with_, without = (
        f"{share:.1%}" if isinstance(share, float) else "unknown"
        for share in (row["share_with"], row["share_without"])
    )
    return (
        f"{row['note']}\t{row['series']}\tweeks: {row['weeks']}\t"
        f"error with it {with_}, without {without}: {row['verdict'] or 'unknown'}"
    )


def _listed(session: Session, kind: str) -> Answer:
    from forecasting.planner import described

    rows = described(session.workspace, kind)
    lines = ["\t".join(str(value) for value in row.values()) for row in rows]
    head = "\t".join(rows[0]) if rows else f"No {kind} holds."
    return Answer("\n".join([head, *lines]), {f"{kind}s": rows})


@command(exclusions, "withdraw")
def withdraw_exclusion(session: Session, number: NumberArgument) -> Answer:
    """Let an exclusion hold no longer; it stays on record."""
    return _withdrawn(session, "exclusion", number)


@command(events, "withdraw")
def withdraw_event(session: Session, number: NumberArgument) -> Answer:
    """Let an event hold no longer; it stays on record."""
    return _withdrawn(session, "event", number)


@command(adjustments, "withdraw")
def withdraw_adjustment(session: Session, number: NumberArgument) -> Answer:
    """Let an adjustment hold no longer; it stays on record."""
    return _withdrawn(session, "adjustment", number)


def _withdrawn(session: Session, kind: str, number: int) -> Answer:
    from forecasting.planner import withdraw

    withdraw(session.workspace, kind, number, now=session.now)
    text = f"{kind.capitalize()} {number} holds no longer."
    return Answer(text, {"kind": kind, "id": number})


app.add_typer(exclusions, name="exclusions")
app.add_typer(events, name="events")
app.add_typer(adjustments, name="adjustments")
