"""Look an unpacked backup through: only what fits together is ever put in place."""

from collections.abc import Iterator
from pathlib import Path

from forecasting.audit import prove
from forecasting.database import schema_version
from forecasting.errors import InputError
from forecasting.keeping.archive import Manifest
from forecasting.keeping.dumping import Row, read, tables
from forecasting.records import AuditHead, AuditRecord, PartRecord, RunRecord
from forecasting.workspace import Workspace


def inspect(
    workspace: Workspace, unpacked: Path, manifest: Manifest, file: Path
) -> None:
    """Check that a backup fits this version, and that all its parts are in it.

    Raises:
        InputError: something does not fit; the message says what.
    """
    schema = schema_version(workspace.ledger.engine)
    if manifest.schema_version != schema:
        raise InputError(
            f"expected a backup with schema {schema}, came {manifest.schema_version:.32}",
            file=file,
            remedy="Restore it with the version that made it, then update.",
        )
    folder = unpacked / "ledger"
    lost = [t.name for t in tables() if not (folder / f"{t.name}.jsonl").is_file()]
    if lost:
        raise _refusal(file, f"no table '{lost[0]}'")
    _check_trail(folder, manifest, file)
    _check_lake(workspace, unpacked, file)


def _check_trail(folder: Path, manifest: Manifest, file: Path) -> None:
    entries = (AuditRecord(**row) for row in _rows(folder, AuditRecord.__tablename__))
    heads = [AuditHead(**row) for row in _rows(folder, AuditHead.__tablename__)]
    proof = prove(entries, heads[0] if heads else None)
    told = (manifest.entries, manifest.head, manifest.broken)
    if told != (proof.entries, proof.head, proof.broken):
        raise _refusal(file, "another audit trail than its manifest tells of")


def _check_lake(workspace: Workspace, unpacked: Path, file: Path) -> None:
    """Every part is there, nothing else is, and none would leave the lake."""
    folder, root = unpacked / "ledger", workspace.lake.root
    parts = [PartRecord(**row) for row in _rows(folder, PartRecord.__tablename__)]
    runs = {str(row["id"]) for row in _rows(folder, RunRecord.__tablename__)}
    named = {workspace.lake.part_path(part).relative_to(root) for part in parts}
    came = {path.relative_to(unpacked / "lake") for path in lake_files(unpacked)}
    for path in sorted(named - came):
        raise _refusal(file, f"no part '{path}'")
    for path in sorted(came - named):
        of_run = len(path.parts) == 2 and path.name.split(".")[0] in runs
        if not of_run or path.parts[0].startswith("."):
            raise _refusal(file, f"a table that nothing names, '{path}'")


def lake_files(unpacked: Path) -> list[Path]:
    """The tables of the lake in an unpacked backup."""
    return [file for file in (unpacked / "lake").rglob("*") if file.is_file()]


def _rows(folder: Path, name: str) -> Iterator[Row]:
    table = next(table for table in tables() if table.name == name)
    return read(folder, table)


def _refusal(file: Path, what: str) -> InputError:
    return InputError(f"expected a whole backup, came one with {what}", file=file)
