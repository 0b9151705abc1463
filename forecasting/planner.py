"""Notes of the planner in the database: periods left out, events, adjustments.

A note is never changed: it is withdrawn, and another one made. Each act is audited by
the note's number, kind and period; the reason stays in the note.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forecasting.audit import append
from forecasting.catalogue import Catalogue
from forecasting.errors import FieldError, InputError, OvertakenError
from forecasting.notes import NOTES, Adjustment, Event, Exclusion
from forecasting.policy import load_policy
from forecasting.records import (
    AdjustmentRecord,
    AuditHead,
    EventRecord,
    ExclusionRecord,
    Note,
)
from forecasting.workspace import Workspace


def add(workspace: Workspace, note: Exclusion, *, now: datetime) -> int:
    """Keep a note; it holds until it is withdrawn. Gives its number.

    Raises:
        InputError: its series name no service, step and channel of the catalogue.
    """
    _check_series(workspace, note.series)
    with workspace.ledger.writing() as session:
        return _put(workspace, session, note, now)


def change(workspace: Workspace, number: int, note: Exclusion, *, now: datetime) -> int:
    """Let a note take the place of the one of its kind that was looked at, in one step.

    Gives the number of the new one. A number is a state of a note: whoever changes or
    withdraws it first leaves none to change for the next.

    Raises:
        InputError: its series are none of the catalogue, or there is no such note.
        OvertakenError: somebody changed or withdrew it meanwhile.
    """
    _check_series(workspace, note.series)
    with workspace.ledger.writing() as session:
        _take_back(workspace, session, note.kind, number, now)
        return _put(workspace, session, note, now)


def _put(workspace: Workspace, session: Session, note: Exclusion, now: datetime) -> int:
    values = {**note.values, "by": workspace.settings.actor, "at": now}
    made = insert(note.record).values(values).returning(note.record.id)
    number = session.execute(made).scalar_one()
    subject, period = f"{note.kind} {number}", f"{note.first} to {note.last}"
    deed = workspace.deed("note", subject, period, now=now)
    append(session, session.get_one(AuditHead, 1), deed)
    return number


def _check_series(workspace: Workspace, series: str) -> None:
    """A note on series that cannot be would hold for nothing, unseen."""
    if not series:
        return
    catalogue = load_policy(workspace.settings.config / "catalogue.toml", Catalogue)
    known = catalogue.products
    if not any(fnmatchcase(product, series.split("/", 1)[1]) for product in known):
        wanted = (
            "location/service/step/channel with a service, step and channel of the "
            "catalogue"
        )
        remedy = "See catalogue.toml; * stands for any."
        raise FieldError(
            "series", "no_product", wanted=wanted, came=f"'{series}'", remedy=remedy
        )


def withdraw(workspace: Workspace, kind: str, number: int, *, now: datetime) -> None:
    """Let a note hold no longer; it stays on record.

    Raises:
        InputError: there is no such note.
        OvertakenError: somebody changed or withdrew it meanwhile.
    """
    with workspace.ledger.writing() as session:
        _take_back(workspace, session, kind, number, now)


def _take_back(
    workspace: Workspace, session: Session, kind: str, number: int, now: datetime
) -> None:
    record = session.get(NOTES[kind].record, number)
    if record is None:
        raise InputError(
            f"expected the number of a standing {kind}, came {number}",
            remedy=f"See: piekwijzer {kind}s list.",
        )
    if record.withdrawn_at is not None:
        by = record.withdrawn_by or "somebody"
        what = f"number {number} is of no standing {kind}: it"
        raise OvertakenError(what, by=by, at=record.withdrawn_at)
    record.withdrawn_at, record.withdrawn_by = now, workspace.settings.actor
    deed = workspace.deed("withdraw", f"{kind} {number}", now=now)
    append(session, session.get_one(AuditHead, 1), deed)


def standing(workspace: Workspace, kind: str) -> Sequence[Note]:
    """The notes of a kind that hold, oldest first."""
    record = NOTES[kind].record
    query = select(record).where(record.withdrawn_at.is_(None)).order_by(record.id)
    with workspace.ledger.reading() as session:
        return list(session.scalars(query))


def all_notes(workspace: Workspace, kind: str) -> Sequence[Note]:
    """The notes of a kind, oldest first, also those that hold no longer."""
    record = NOTES[kind].record
    with workspace.ledger.reading() as session:
        return list(session.scalars(select(record).order_by(record.id)))


def notes_since(workspace: Workspace, at: datetime) -> list[Note]:
    """The notes of any kind that were made or withdrawn after a moment."""
    every = [note for kind in NOTES for note in all_notes(workspace, kind)]
    return [note for note in every if max(note.at, note.withdrawn_at or note.at) > at]


def standing_exclusions(workspace: Workspace) -> list[ExclusionRecord]:
    """Periods left out of training, oldest note first."""
    found = standing(workspace, Exclusion.kind)
    return [record for record in found if isinstance(record, ExclusionRecord)]


def standing_events(workspace: Workspace) -> list[EventRecord]:
    """Events that move demand, oldest note first."""
    found = standing(workspace, Event.kind)
    return [record for record in found if isinstance(record, EventRecord)]


def standing_adjustments(workspace: Workspace) -> list[AdjustmentRecord]:
    """Changes of the forecast by the planner, oldest note first."""
    found = standing(workspace, Adjustment.kind)
    return [record for record in found if isinstance(record, AdjustmentRecord)]


def described(workspace: Workspace, kind: str) -> list[dict[str, str]]:
    """The standing notes of a kind, as texts to show."""
    own = {"event": ("name",), "adjustment": ("factor", "plus")}
    names = ("id", "first", "last", "series", *own.get(kind, ()), "reason", "by")
    return [
        {name: str(getattr(record, name)) for name in names}
        for record in standing(workspace, kind)
    ]


def notes_fingerprint(workspace: Workspace) -> str:
    """What the standing notes say, as a text for the inputs of a run.

    The same notes made again give the same fingerprint; their reasons do not count.
    """
    said = [
        [kind, *(str(getattr(record, name)) for name in sorted(_said(kind)))]
        for kind in NOTES
        for record in standing(workspace, kind)
    ]
    text = json.dumps(sorted(said))
    return f"notes-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _said(kind: str) -> set[str]:
    own = {"event": {"name"}, "adjustment": {"factor", "plus"}}
    return {"series", "first", "last"} | own.get(kind, set())
