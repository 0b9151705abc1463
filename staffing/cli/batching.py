"""Approve and hand out the letters of a mailing week."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from staffing.cli.options import monday_of

if TYPE_CHECKING:
    from staffing.reminders.batches.shown import Shown
    from staffing.reminders.batches.stored import Batch, BatchStep

app = typer.Typer()

WeekOption = Annotated[str, typer.Option(help="ISO mailing week, such as 2027-W05.")]


class BatchFormat(StrEnum):
    """File formats of a batch."""

    csv = "csv"
    xlsx = "xlsx"
    json = "json"


@command(app, "approve")
def approve(
    session: Session,
    week: WeekOption,
    by: Annotated[
        str | None,
        typer.Option(help="Who approves; default: the account at work."),
    ] = None,
) -> Answer:
    """Approve the letters that the newest plan sends in a week, as a second person."""
    from staffing.pipeline.approving import approve_batch
    from staffing.pipeline.exporting_batch import told_of

    workspace = session.workspace
    batch = approve_batch(workspace, week=monday_of(week), now=session.now, by=by)
    counts = told_of(workspace, batch)
    return Answer(_in_words(batch, counts), _figures(batch, counts))


@command(app, "export")
def export(
    session: Session,
    week: WeekOption,
    references: Annotated[
        Path | None,
        typer.Option(
            help="CSV or XLSX of opaque references to choose from; without it quotas are "
            "written."
        ),
    ] = None,
    file_format: Annotated[
        BatchFormat, typer.Option("--format", help="csv, xlsx or json.")
    ] = BatchFormat.csv,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default: home/exports.")
    ] = None,
) -> Answer:
    """Write an approved batch for the registry, with a manifest."""
    from staffing.pipeline.exporting_batch import export_batch

    workspace = session.workspace
    done = export_batch(
        workspace,
        week=monday_of(week),
        now=session.now,
        out=out or workspace.settings.exports,
        format=file_format.value,
        references=references,
    )
    names = [str(file) for file in done.files]
    text = "\n".join([_in_words(done.batch, done.shown), *names])
    return Answer(text, {**_figures(done.batch, done.shown), "files": names})


@command(app, "withdraw")
def withdraw(
    session: Session,
    week: WeekOption,
    reason: Annotated[str, typer.Option(help="Why; name no resident.")],
    by: Annotated[
        str | None,
        typer.Option(help="Who withdraws it; default: the account at work."),
    ] = None,
    not_sent: Annotated[
        bool,
        typer.Option("--not-sent", help="States that no letter of it went out."),
    ] = False,
) -> Answer:
    """Withdraw an approved batch that was not sent; the week may get another."""
    from staffing.pipeline.exporting_batch import told_of
    from staffing.pipeline.withdrawing import withdraw_batch

    workspace = session.workspace
    batch = withdraw_batch(
        workspace,
        week=monday_of(week),
        now=session.now,
        reason=reason,
        by=by,
        not_sent=not_sent,
    )
    counts = told_of(workspace, batch)
    return Answer(_in_words(batch, counts), _figures(batch, counts))


@command(app, "batches")
def batches(session: Session) -> Answer:
    """List the batches that were approved and how far they came."""
    from staffing.pipeline.exporting_batch import known_batches, not_sent

    found = known_batches(session.workspace)
    lines = [_in_words(batch, counts) for batch, counts in found]
    every = [
        {**_figures(batch, counts), "not_sent": not_sent(session.workspace, batch)}
        for batch, counts in found
    ]
    return Answer("\n".join(lines) or "No batch was approved yet.", {"batches": every})


def _in_words(batch: "Batch", shown: "Shown") -> str:
    counts = shown.counts.row(-1, named=True)
    sent = (counts["mailed"] or 0) + (counts["mailed again"] or 0)
    short = "" if sent == batch.letters else f" of {batch.letters} approved"
    parts = [
        f"{_told(counts['mailed'])} letters{short}",
        f"{_told(counts['held out'])} documents held out",
    ]
    parts += [
        f"{_told(count)} {name}"
        for name, count in counts.items()
        if name not in ("service", "mailed", "held out", "all") and count
    ]
    steps = [_step_in_words(*step) for step in batch.steps.items()]
    handed = f", as {batch.content}" if batch.content else ""
    return f"Batch {batch.name}: {', '.join(parts)}; {', '.join(steps)}{handed}."


def _step_in_words(state: str, step: "BatchStep") -> str:
    why = f" ({step.reason})" if step.reason else ""
    return f"{state} by {step.who}{why}"


def _told(count: int | None) -> str:
    """A count; one that is not told need not be small, but a small one follows from it."""
    return "an untold number of" if count is None else f"{count}"


def _figures(batch: "Batch", shown: "Shown") -> dict[str, object]:
    from forecasting.calendar import week_name

    steps = {
        state: {"by": step.by, "at": step.at.isoformat(), "verified": step.verified}
        | ({"reason": step.reason} if step.reason else {})
        for state, step in batch.steps.items()
    }
    return {
        "batch": batch.name,
        "week": week_name(batch.mailing_week),
        "state": batch.state,
        "channel": batch.channel,
        "plan": batch.run,
        "content": batch.content,
        "letters_approved": batch.letters,
        **steps,
        "counts": shown.counts.to_dicts(),
    }
