"""Import one file: read, check, write to the lake, then commit to the ledger."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forecasting.errors import InputError
from forecasting.ingest.contact_targets import CONTACT_TARGETS
from forecasting.ingest.drafting import Draft, Tally, draft_import, readable
from forecasting.ingest.mapping import SourceMapping, load_mapping
from forecasting.ingest.products import check_products
from forecasting.ingest.reading import check_is_file
from forecasting.runs import ImportRecord
from forecasting.tables import Rejects
from forecasting.targets import Target
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class ImportResult:
    """What became of a file.

    `rows_read` is `rows_imported` and `rows_rejected` together; `rows_left_out` are
    those the mapping says to drop. `reasons` counts rejects per column and reason.
    `already` says that this content came before for the source, read by the same
    mapping: nothing was done.
    """

    id: str
    source: str
    kind: str
    rows_read: int
    rows_imported: int
    rows_rejected: int
    reasons: dict[str, int]
    already: bool = False
    rows_left_out: int = 0


def import_file(
    workspace: Workspace,
    file: Path,
    source: str,
    *,
    targets: Mapping[str, Target] = CONTACT_TARGETS,
    now: datetime,
    max_rejects: float = 0.02,
) -> ImportResult:
    """Import a file as the mapping of its source reads it, all of it or nothing.

    `max_rejects` is the share of rows that may be rejected. The tables go to the lake
    first; only the ledger row, committed last, makes them count. The same content read
    by another mapping takes the place of the earlier import.

    Raises:
        InputError: the file cannot be used, or too many rows are rejected.
        PolicyError: the mapping breaks a rule.
    """
    mapping = load_mapping(workspace.settings.config, source, targets)
    check_products(workspace.settings.config, source, mapping)
    digest = content_hash(file)
    owner = owner_of(source, digest, mapping)
    earlier = workspace.ledger.find_import(source, digest)
    if earlier is not None and earlier.id == owner and _is_kept(workspace, earlier):
        return _already(earlier)
    draft = draft_import(file, source, mapping, targets[mapping.kind])
    with readable(file):
        tally = draft.tally()
    _check_tally(draft, tally, max_rejects)
    record = _record(owner, draft, tally, digest, now)
    _store(workspace, draft, record, earlier)
    return _result(record, tally)


def owner_of(source: str, digest: str, mapping: SourceMapping) -> str:
    """The identity of an import: its source, its content, and how that was read."""
    read = hashlib.sha256(digest.encode() + mapping.model_dump_json().encode())
    return f"{source}-{read.hexdigest()[:16]}"


def _is_kept(workspace: Workspace, record: ImportRecord) -> bool:
    tables = (record.kind, "rejects")
    return all(workspace.lake.holds(table, record.id) for table in tables)


def content_hash(file: Path) -> str:
    """The SHA-256 of a file's content, in hex.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    check_is_file(file)
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"expected a readable file; {error.strerror}", file=file
        ) from None


def _already(record: ImportRecord) -> ImportResult:
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=record.rows_imported + record.rows_rejected,
        rows_imported=record.rows_imported,
        rows_rejected=record.rows_rejected,
        reasons={},
        already=True,
    )


def _check_tally(draft: Draft, tally: Tally, max_rejects: float) -> None:
    if tally.read == 0:
        raise InputError("expected rows, found none", file=draft.file)
    if tally.rejected > max_rejects * tally.read:
        raise _too_many(draft, tally, max_rejects)


def _too_many(draft: Draft, tally: Tally, max_rejects: float) -> InputError:
    """Name the first place that is wrong."""
    first = draft.rejects().row(0, named=True)
    value = f", came '{first['value']}'" if first["value"] is not None else ""
    return InputError(
        f"{first['reason']}{value} ({tally.rejected} of {tally.read} rows "
        f"rejected, at most {100 * max_rejects:g}% allowed)",
        file=draft.file,
        line=first["line"],
        column=first["column"],
        remedy="Mend the file, or allow more with --max-rejects.",
    )


def _record(
    owner: str, draft: Draft, tally: Tally, digest: str, now: datetime
) -> ImportRecord:
    return ImportRecord(
        id=owner,
        source=draft.source,
        kind=draft.target.kind,
        file=draft.file.name[:255],
        sha256=digest,
        rows_imported=tally.read - tally.rejected,
        rows_rejected=tally.rejected,
        at=now,
    )


def _store(
    workspace: Workspace,
    draft: Draft,
    record: ImportRecord,
    earlier: ImportRecord | None,
) -> None:
    kind, owner, lake = record.kind, record.id, workspace.lake
    rejects = draft.rejects() if record.rows_rejected else Rejects.create_empty()
    try:
        lake.write(kind, owner, draft.accepted())
        lake.write("rejects", owner, rejects)
        workspace.ledger.record(record, instead_of=earlier)
    except BaseException:
        committed = workspace.ledger.find_import(record.source, record.sha256)
        if committed is None or committed.id != owner:  # else another process made it
            lake.drop(kind, owner)
            lake.drop("rejects", owner)
        raise


def _result(record: ImportRecord, tally: Tally) -> ImportResult:
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=tally.read,
        rows_imported=record.rows_imported,
        rows_rejected=tally.rejected,
        reasons=tally.reasons,
        rows_left_out=tally.left_out,
    )
