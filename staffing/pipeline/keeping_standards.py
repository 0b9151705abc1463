"""Standards that somebody keeps in the place of those of the settings, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from forecasting.audit import append
from forecasting.errors import InputError
from forecasting.notes import check_filled, check_text
from forecasting.records import AuditHead, KeptStandardRecord
from forecasting.workspace import Workspace
from staffing.pipeline.standing_rows import take_back
from staffing.store import standards

SHARES = (0.3, 0.99)
SECONDS = (1.0, 86_400.0)
REASON = 500


@dataclass(frozen=True)
class KeptStandard:
    """A share of contacts within so many seconds, and why it is to hold for a skill."""

    skill: str
    target: float
    threshold_s: float
    reason: str

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            InputError: one is broken; the message names what.
        """
        _check("target", self.target, SHARES)
        _check("threshold_s", self.threshold_s, SECONDS)
        check_text("reason", self.reason, REASON)
        check_filled("reason", self.reason)


def _check(name: str, value: float, ends: tuple[float, float]) -> None:
    low, high = ends
    if not low <= value <= high:
        wanted = f"{name}: expected from {low:g} to {high:g}, came {value:g}"
        raise InputError(wanted)


def keep_standard(
    workspace: Workspace, kept: KeptStandard, *, seen: int | None, now: datetime
) -> int:
    """Let a standard hold until another is kept or it is dropped; gives its number.

    `seen` is the number of the kept standard that was looked at, None for that of the
    settings. The next requirement works with it; what ran before is out of date.

    Raises:
        InputError: the settings know no standard of that skill.
        OvertakenError: somebody kept or dropped one meanwhile.
    """
    known = standards(workspace).skill
    if kept.skill not in known:
        raise InputError(
            f"skill: expected one of {', '.join(sorted(known))}, came '{kept.skill:.64}'"
        )
    values = {
        "skill": kept.skill,
        "target": kept.target,
        "threshold_s": kept.threshold_s,
        "reason": kept.reason.strip(),
        "by": workspace.settings.actor,
        "at": now,
    }
    with workspace.ledger.writing() as session:
        _take_back(workspace, session, kept.skill, seen, now)
        made = insert(KeptStandardRecord).values(values)
        number = session.execute(made.returning(KeptStandardRecord.id)).scalar_one()
        said = f"{number}: {kept.target:.2%} in {kept.threshold_s:g} s"
        deed = workspace.deed("standard", kept.skill, said, now=now)
        append(session, session.get_one(AuditHead, 1), deed)
    return number


def drop_standard(
    workspace: Workspace, skill: str, *, seen: int, now: datetime
) -> None:
    """Go back to the standard of the settings.

    Raises:
        OvertakenError: the one seen stands no longer.
    """
    with workspace.ledger.writing() as session:
        _take_back(workspace, session, skill, seen, now)
        deed = workspace.deed("standard_dropped", skill, f"{seen}", now=now)
        append(session, session.get_one(AuditHead, 1), deed)


def _take_back(
    workspace: Workspace, session: Session, skill: str, seen: int | None, now: datetime
) -> None:
    take_back(
        session,
        KeptStandardRecord,
        KeptStandardRecord.skill,
        skill,
        seen=seen,
        by=workspace.settings.actor,
        now=now,
    )
