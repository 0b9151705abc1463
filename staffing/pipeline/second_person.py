"""Who approves is somebody else than who made it, and logged in where people log in."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import select

from forecasting.errors import InputError, StoreError
from forecasting.records import AuditRecord, RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.publishing import checked_name

MARKS = ("Mn", "Cf")
"""What stands on a letter, or cannot be seen."""


class SamePersonError(InputError):
    """Who made a plan wants to approve it as well; `who` is that person."""

    def __init__(self, who: str) -> None:
        self.who = who
        super().__init__(
            f"expected a second person to approve, came {who}, who made the plan",
            remedy="Let somebody else approve it, named with --by.",
        )


def refuse_unverified(workspace: Workspace, *, verified: bool) -> None:
    """Refuse a name that no login proves, where the organisation has a provider of them.

    Raises:
        InputError: it has one, and nobody is logged in.
    """
    provider = workspace.settings.identity_provider
    if provider is not None and not verified:
        raise InputError(
            f"expected somebody who is logged in at {provider:.80}, came a name without a "
            "login",
            remedy="A command line proves no name: do this where people log in.",
        )


def person(workspace: Workspace, by: str | None, *, verified: bool) -> str:
    """Who does something with a batch, as the store keeps the name.

    A verified name is the one that the login gave: the caller hands it over, and nothing
    that was typed or set stands in for it.

    Raises:
        InputError: nobody is logged in where people log in, the login gave no name, or
            the name cannot be kept.
    """
    refuse_unverified(workspace, verified=verified)
    if verified and not by:
        raise InputError("expected the name that the login gave, came none")
    return checked_name(by or workspace.settings.actor, "--by")


def maker_but(workspace: Workspace, run: RunRecord, who: str) -> str:
    """Who made a run last, by the audit trail, where that was never `who`.

    Raises:
        SamePersonError: `who` made it, the last time or earlier.
        StoreError: the trail names nobody.
    """
    query = select(AuditRecord.by).where(
        AuditRecord.action == run.kind, AuditRecord.subject == run.id
    )
    with workspace.ledger.reading() as session:
        makers: Sequence[str] = session.scalars(query.order_by(AuditRecord.place)).all()
    if not makers:
        raise StoreError(
            f"Plan {run.id}: expected in the audit trail who made it, found nobody. "
            "Plan again: piekwijzer reminders plan."
        )
    if _plain(who) in {_plain(maker) for maker in makers}:
        raise SamePersonError(who)
    return makers[-1]


def _plain(name: str) -> str:
    """A name without what makes no other person of it: case, spaces, marks on letters."""
    parts = unicodedata.normalize("NFKD", name).casefold()
    letters = (c for c in parts if unicodedata.category(c) not in MARKS)
    return " ".join("".join(letters).split())
