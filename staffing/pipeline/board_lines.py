"""Lines of the board: who owns a promise or a team, and what the next step is."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select

from forecasting.audit import append
from forecasting.notes import check_text
from forecasting.records import AuditHead, BoardLineRecord
from forecasting.workspace import Workspace
from staffing.pipeline.standing_rows import take_back
from staffing.reminders.batches.forgetting import clear_the_log
from staffing.store import calendar

OWNER, STEP, SUBJECT = 60, 160, 120
"""So many characters fit in a line of one printed page."""


@dataclass(frozen=True)
class BoardLine:
    """What is written in one line; nothing in both takes the line away."""

    subject: str
    owner: str
    next_step: str

    def __post_init__(self) -> None:
        """Check the texts.

        Raises:
            InputError: one is too long, or could be personal; the message says which.
        """
        check_text("subject", self.subject, SUBJECT)
        check_text("owner", self.owner, OWNER)
        check_text("next step", self.next_step, STEP)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to show."""
        return not (self.owner.strip() or self.next_step.strip())


def write_line(
    workspace: Workspace, line: BoardLine, *, seen: int | None, now: datetime
) -> None:
    """Put a line in the place of the one that was looked at (`seen`, None: there was none).

    The trail tells whose line it is, never what it says: that goes when it is forgotten.

    Raises:
        OvertakenError: somebody wrote it meanwhile.
    """
    actor = workspace.settings.actor
    values = {
        "subject": line.subject,
        "owner": line.owner.strip(),
        "next_step": line.next_step.strip(),
        "by": actor,
        "at": now,
    }
    with workspace.ledger.writing() as session:
        take_back(
            session,
            BoardLineRecord,
            BoardLineRecord.subject,
            line.subject,
            seen=seen,
            by=actor,
            now=now,
        )
        if not line.is_empty:
            session.execute(insert(BoardLineRecord).values(values))
        deed = workspace.deed("board", line.subject, now=now)
        append(session, session.get_one(AuditHead, 1), deed)


def board_lines(workspace: Workspace) -> dict[str, BoardLineRecord]:
    """The lines that stand, by subject."""
    query = select(BoardLineRecord).where(BoardLineRecord.withdrawn_at.is_(None))
    with workspace.ledger.reading() as session:
        return {line.subject: line for line in session.scalars(query)}


def forget_lines(workspace: Workspace, before: date, *, now: datetime) -> int:
    """Take away lines that were replaced before a local day; gives their number.

    They may name people. Those that stand are still in use.
    """
    zone = ZoneInfo(calendar(workspace).zone)
    gone = BoardLineRecord.withdrawn_at < datetime.combine(before, time(), zone)
    with workspace.ledger.reading() as session:
        count = select(func.count()).select_from(BoardLineRecord).where(gone)
        number = session.scalar(count) or 0
    if not number:
        return 0
    told = f"before {before}: {number}"
    deed = workspace.deed("forget", "lines of the board", told, now=now)
    with workspace.ledger.writing(deed) as session:
        session.execute(delete(BoardLineRecord).where(gone))
    clear_the_log(workspace)
    return number
