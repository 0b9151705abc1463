"""Back up a home: database, lake and policy as they were at one moment, in one file."""

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select

from forecasting.audit import prove_within
from forecasting.database import schema_version
from forecasting.errors import InputError, StoreError
from forecasting.keeping.archive import Manifest, packed
from forecasting.keeping.dumping import dump
from forecasting.lake import sync
from forecasting.records import PartRecord, RunRecord
from forecasting.workspace import Workspace

TRIES = 5
"""So often a backup begins again when a table is replaced while it is copied."""

MARK = "SYNTHETIC.txt"
"""File of a home that says that its town is an invented one."""


@dataclass(frozen=True)
class Backup:
    """What was backed up: members, bytes of the file, and its SHA-256.

    `broken` is the first broken entry of the audit trail, which is kept as it is.
    """

    file: Path
    members: int
    size: int
    sha256: str
    broken: int | None


def back_up(
    workspace: Workspace, file: Path, *, exports: bool = False, now: datetime
) -> Backup:
    """Write all that counts into a new file, in one step.

    What is committed meanwhile is in it whole or not at all.

    Raises:
        InputError: the file is there already, or its folder is not.
        StoreError: a table of the lake is gone.
    """
    if file.exists():
        raise InputError("expected a new file, there is one", file=file)
    if not file.parent.is_dir():
        raise InputError("expected a folder to write to, found none", file=file.parent)
    draft = file.with_name(f".backup-{uuid.uuid4().hex[:12]}")
    try:
        manifest = _packed(workspace, draft, exports=exports, now=now)
        made = _finished(draft, file, manifest)
        name = os.fsencode(file.name).decode("utf-8", "replace")[:120]
        detail = f"{made.members} files, sha256 {made.sha256}"
        workspace.ledger.tell(workspace.deed("backup", name, detail, now=now))
        _put_in_place(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return made


def _packed(
    workspace: Workspace, draft: Path, *, exports: bool, now: datetime
) -> Manifest:
    for _ in range(TRIES):
        try:
            with workspace.lake.desk() as desk:
                return _pack(workspace, draft, desk, exports=exports, now=now)
        except FileNotFoundError as error:
            missing = error.filename
            draft.unlink(missing_ok=True)
    raise StoreError(
        f"{missing}: expected a table, found none. Import again what it came from, "
        "or do that step again; then back up."
    )


def _pack(
    workspace: Workspace, draft: Path, desk: Path, *, exports: bool, now: datetime
) -> Manifest:
    """The database first, then the files that it names: those are never changed."""
    with workspace.ledger.snapshot() as session:
        dump(session, desk)
        parts = list(session.scalars(select(PartRecord)))
        runs = set(session.scalars(select(RunRecord.id)))
        proof = prove_within(session)
    settings, lake = workspace.settings, workspace.lake
    files = {f"ledger/{table.name}": table for table in desk.iterdir()}
    files |= _under("lake", lake.root, [lake.part_path(part) for part in parts])
    files |= _under("lake", lake.root, tables_of(lake.root, runs))
    files |= _under("config", settings.config, _all(settings.config))
    if (settings.home / MARK).exists():
        files[MARK] = settings.home / MARK
    if exports:
        files |= _under("exports", settings.exports, _all(settings.exports))
    with packed(draft) as packer:
        for name, file in sorted(files.items()):
            packer.add(name, file)
        manifest = Manifest(
            product=version("piekwijzer"),
            schema_version=str(schema_version(workspace.ledger.engine)),
            made=now,
            entries=proof.entries,
            head=proof.head,
            broken=proof.broken,
            members=packer.members,
        )
        packer.close(manifest)
    return manifest


def tables_of(lake: Path, runs: set[str]) -> list[Path]:
    """What runs stored in the lake: files named by their run."""
    return [
        file
        for file in lake.glob("[!.]*/*")
        if file.is_file() and file.name.split(".")[0] in runs
    ]


def _all(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def _under(name: str, folder: Path, files: list[Path]) -> dict[str, Path]:
    return {f"{name}/{file.relative_to(folder).as_posix()}": file for file in files}


def _finished(draft: Path, file: Path, manifest: Manifest) -> Backup:
    sync(draft)
    with draft.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        size, members = handle.tell(), len(manifest.members)
    return Backup(file, members, size, digest, manifest.broken)


def _put_in_place(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        raise InputError("expected a new file, there is one", file=file) from None
    except OSError:  # a disk without links
        draft.replace(file)
    sync(file.parent)
