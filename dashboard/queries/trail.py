"""Who did what: the end of the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from forecasting.records import AuditRecord, ImportRecord
from forecasting.workspace import Workspace

IMPORT = "import"


@dataclass(frozen=True)
class Act:
    """One entry: when, by whom, what, on what, and the import it tells of, if any."""

    at: datetime
    by: str
    action: str
    subject: str
    detail: str
    record: ImportRecord | None


@dataclass(frozen=True)
class Trail:
    """The newest acts, newest first; how many there are in all, and the newest hash."""

    acts: list[Act]
    entries: int
    head: str


def trail(workspace: Workspace, shown: int) -> Trail | None:
    """The last `shown` entries; None when nobody did anything yet."""
    entries = workspace.ledger.trail(last=shown)
    if not entries:
        return None
    records = {record.id: record for record in workspace.ledger.imports()}
    acts = [_act(entry, records) for entry in reversed(entries)]
    return Trail(acts, entries[-1].place, entries[-1].hash)


def _act(entry: AuditRecord, records: dict[str, ImportRecord]) -> Act:
    record = records.get(entry.subject) if entry.action == IMPORT else None
    return Act(entry.at, entry.by, entry.action, entry.subject, entry.detail, record)
