"""Commands that look after what is stored: status, backup, restore, forget."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.console import Answer, Session, command
from forecasting.errors import InputError, StoreError

if TYPE_CHECKING:
    from forecasting.audit import Proof
    from forecasting.keeping.restoring import Restored

app = typer.Typer(no_args_is_help=True, add_completion=False)

ENTRIES_SHOWN = 20


@command(app, "status")
def status(
    session: Session,
    audit: Annotated[
        bool, typer.Option("--audit", help="Prove the audit trail; show its end.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(help="With --audit: a head kept elsewhere, or a file with it."),
    ] = None,
) -> Answer:
    """Headline figures of the newest runs."""
    if audit:
        return _proof(session, head)
    if head is not None:
        raise InputError("--head: expected --audit beside it, came without")
    from dashboard.queries.chain import steps
    from dashboard.queries.demand import next_weeks
    from dashboard.queries.letters_ahead import letters_of_status
    from dashboard.status import read_status, status_text

    workspace = session.workspace
    stale = [step.kind for step in steps(workspace) if step.is_stale]
    coming = next_weeks(workspace)
    figures = {
        **read_status(workspace),
        "next_4_weeks": coming,
        "letters_ahead": letters_of_status(workspace, session.now),
        "out_of_date": stale,
    }
    return Answer(status_text(figures), figures)


def _proof(session: Session, head: str | None) -> Answer:
    from forecasting.audit import START

    ledger = session.workspace.ledger
    kept = START if head is None else _read_head(head)
    proof = ledger.prove(kept)
    _refuse_a_broken_trail(proof)
    last = ledger.trail(last=ENTRIES_SHOWN)
    shown = [
        [f"{e.place}", f"{e.at:%Y-%m-%d %H:%M}Z", e.by, e.action, e.subject, e.detail]
        for e in last
    ]
    lines = [
        f"The audit trail is whole: {proof.entries} entries.",
        f"Head, to keep elsewhere: {proof.head}",
        *([] if head is None else ["The head that was kept is in the trail."]),
        *(" ".join("\t".join(words).splitlines()).rstrip() for words in shown),
    ]
    names = ("place", "at", "by", "action", "subject", "detail")
    entries = [dict(zip(names, words, strict=True)) for words in shown]
    figures = {"entries": proof.entries, "head": proof.head, "last": entries}
    return Answer("\n".join(lines), figures)


def _read_head(given: str) -> str:
    """A hash, or the last word that looks like one in a file."""
    import re

    file = Path(given)
    text = file.read_text("utf-8", "replace") if file.is_file() else given
    found = re.findall(r"\b[0-9a-f]{64}\b", text.lower())
    if not found:
        raise InputError(
            f"--head: expected a head of 64 hex digits or a file with one, "
            f"came '{given:.80}'"
        )
    return str(found[-1])


def _refuse_a_broken_trail(proof: "Proof") -> None:
    if proof.broken is not None:
        raise StoreError(
            f"The audit trail is broken at entry {proof.broken}: expected the entry "
            "that was written there, found it changed or gone. Compare with a backup."
        )
    if not proof.met:
        raise StoreError(
            "--head: expected the head that was kept in the audit trail, found none: "
            f"entries were taken away or rewritten; {proof.entries} are left. "
            "Compare with a backup."
        )


@command(app, "backup")
def backup(
    session: Session,
    file: Annotated[Path, typer.Argument(help="The new file to write.")],
    exports: Annotated[
        bool, typer.Option("--exports", help="With what was handed out.")
    ] = False,
) -> Answer:
    """Write database, lake and policy, as they are at one moment, into one file."""
    from forecasting.keeping import back_up

    made = back_up(session.workspace, file, exports=exports, now=session.now)
    text = f"{made.file}: {made.members} files, {made.size:,} bytes."
    if made.broken is not None:
        text += f" Its audit trail is broken at entry {made.broken}."
    if not (session.workspace.ledger.imports() or session.workspace.ledger.runs()):
        home = session.workspace.settings.home
        text += f" Warning: no import or run is in it; is {home} the right home?"
    return Answer(
        f"{text}\nSHA-256: {made.sha256}",
        {
            "file": str(made.file),
            "files": made.members,
            "bytes": made.size,
            "sha256": made.sha256,
            "audit_broken_at": made.broken,
        },
    )


@command(app, "restore")
def restore(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of all that this home holds.")
    ] = False,
) -> Answer:
    """Put a backup in a home without imports and runs, checked before anything changes."""
    from dashboard.forgetting import forget_before
    from forecasting import keeping

    done = keeping.restore(session.workspace, file, replace=replace, now=session.now)
    if done.forgotten is not None:
        forget_before(session.workspace, done.forgotten, now=session.now)
    figures = {
        "made": done.made.isoformat(),
        "files": done.members,
        "policy": None if done.policy is None else str(done.policy),
        "forgotten_again": None if done.forgotten is None else str(done.forgotten),
        "audit_broken_at": done.broken,
    }
    return Answer(_restored_in_words(done), figures)


def _restored_in_words(done: "Restored") -> str:
    lines = [f"Restored {done.members} files of {done.made:%Y-%m-%d %H:%M}Z."]
    if done.broken is not None:
        lines.append(f"Its audit trail came broken at entry {done.broken}.")
    if done.forgotten is not None:
        lines.append(f"Rows of before {done.forgotten} were forgotten again.")
    if done.policy is not None:
        lines.append(
            "The policy in use differs from that of the backup. To work with that one: "
            f"--config {done.policy}"
        )
    return "\n".join(lines)


@command(app, "forget")
def forget(
    session: Session,
    before: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="The first day to keep rows of."),
    ],
) -> Answer:
    """Drop rows, rejects, references and staff of before a day; counts are kept."""
    from dashboard.forgetting import forget_before

    day: date = before.date()
    rows = forget_before(session.workspace, day, now=session.now)
    told = "; ".join(f"{number:,} of {name}" for name, number in rows.items())
    text = f"Forgotten of before {day}: {told or 'nothing'}. Counts are kept."
    return Answer(text, {"before": str(day), "forgotten": rows})
