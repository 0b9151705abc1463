"""Import one file: read, check, write to the lake, then commit to the ledger."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forecasting.errors import InputError
from forecasting.ingest.contact_targets import CONTACT_TARGETS
from forecasting.ingest.drafting import Draft, Tally, draft_import, readable
from forecasting.ingest.mapping import load_mapping
from forecasting.ingest.products import check_products
from forecasting.runs import ImportRecord
from forecasting.tables import Rejects
from forecasting.targets import Target
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class ImportResult:
    """What became of a file.

    `rows_read` is `rows_imported` and `rows_rejected` together; `rows_left_out` are
    those the mapping says to drop. `reasons` counts rejects per column and reason.
    `already` says that this content came before for the source: nothing was done.
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
    first; only the ledger row, committed last, makes them count.

    Raises:
        InputError: the file cannot be used, or too many rows are rejected.
        PolicyError: the mapping breaks a rule.
    """
    mapping = load_mapping(workspace.settings.config, source, targets)
    check_products(workspace.settings.config, source, mapping)
    digest = content_hash(file)
    earlier = workspace.ledger.find_import(source, digest)
    if earlier is not None:
        return _already(earlier)
    draft = draft_import(file, source, mapping, targets[mapping.kind])
    with readable(file):
        tally = draft.tally()
    _check_tally(draft, tally, max_rejects)
    return _store(workspace, draft, tally, digest, now)


def content_hash(file: Path) -> str:
    """The SHA-256 of a file's content, in hex.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    if file.is_dir():
        raise InputError("expected a file, found a folder", file=file)
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError("expected a file, found none", file=file) from None
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


def _store(
    workspace: Workspace, draft: Draft, tally: Tally, digest: str, now: datetime
) -> ImportResult:
    owner, kind = f"{draft.source}-{digest[:16]}", draft.target.kind
    record = ImportRecord(
        id=owner,
        source=draft.source,
        kind=kind,
        file=draft.file.name[:255],
        sha256=digest,
        rows_imported=tally.read - tally.rejected,
        rows_rejected=tally.rejected,
        at=now,
    )
    rejects = draft.rejects() if tally.rejected else Rejects.create_empty()
    try:
        workspace.lake.write(kind, owner, draft.accepted())
        workspace.lake.write("rejects", owner, rejects)
        workspace.ledger.record(record)
    except BaseException:
        workspace.lake.drop(kind, owner)
        workspace.lake.drop("rejects", owner)
        raise
    return ImportResult(
        id=owner,
        source=draft.source,
        kind=kind,
        rows_read=tally.read,
        rows_imported=record.rows_imported,
        rows_rejected=tally.rejected,
        reasons=tally.reasons,
        rows_left_out=tally.left_out,
    )
