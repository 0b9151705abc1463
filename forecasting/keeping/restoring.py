"""Restore a backup: check all of it first, then let it count in one transaction."""

import filecmp
import shutil
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from forecasting.audit import Deed, append
from forecasting.errors import InputError
from forecasting.keeping.archive import Manifest, unpack
from forecasting.keeping.backing import MARK, tables_of
from forecasting.keeping.dumping import load
from forecasting.keeping.inspecting import inspect, lake_files
from forecasting.lake import put_in_place
from forecasting.policy import fingerprint
from forecasting.records import AuditHead, ImportRecord, RunRecord
from forecasting.workspace import Workspace

POLICY = "config-restored"
"""Folder of the home for the policy of a backup, where another one is in use."""

Moves = list[tuple[Path, Path]]


@dataclass(frozen=True)
class Restored:
    """What was restored, and what a planner must know.

    `policy` is where the policy of the backup was put, when the one in use differs.
    `forgotten` is the day before which this home had forgotten, when the backup knows
    of no such day or of an earlier one. `broken` is the first broken entry of its audit
    trail, which is kept as it came.
    """

    made: datetime
    members: int
    policy: Path | None
    forgotten: date | None
    broken: int | None


def restore(
    workspace: Workspace, file: Path, *, replace: bool = False, now: datetime
) -> Restored:
    """Put a backup in a home without imports and runs; with `replace`, in any.

    Nothing counts before everything was checked and stands in its place. What counted
    before is taken away afterwards; only the audit trail tells its head.

    Raises:
        InputError: it is no whole backup, of another version, or the home is in use.
    """
    if not file.is_file():
        raise InputError("expected a backup, there is no such file", file=file)
    ledger = workspace.ledger
    with workspace.lake.desk(alone=True) as desk:
        with ledger.reading() as session:
            _refuse_a_home_in_use(session, workspace, replace=replace)
        manifest = unpack(file, desk)
        inspect(workspace, desk, manifest, file)
        before, old_runs = ledger.forgotten_before(), {run.id for run in ledger.runs()}
        late = _place(workspace, desk, old_runs)
        deed = _deed(workspace, file, manifest, now)
        _count(workspace, desk, file, deed, replace=replace)
        for draft, target in late:
            put_in_place(draft, target)
        gone = old_runs - {run.id for run in ledger.runs()}
        for table in tables_of(workspace.lake.root, gone):
            table.unlink()
        workspace.lake.purge(ledger.parts(), desk)
        policy = _put_beside(workspace, desk)
    now_before = ledger.forgotten_before()
    kept_more = before and (now_before is None or now_before < before)
    again = before if kept_more else None
    files = len(manifest.members)
    return Restored(manifest.made, files, policy, again, manifest.broken)


def _refuse_a_home_in_use(
    session: Session, workspace: Workspace, *, replace: bool
) -> None:
    used = any(
        session.scalar(select(table.id).limit(1)) for table in (ImportRecord, RunRecord)
    )
    if used and not replace:
        raise InputError(
            "expected a home without imports and runs, came one with them",
            file=workspace.settings.home,
            remedy="Give another one with --home, or replace all of it with --replace.",
        )


def _place(workspace: Workspace, desk: Path, runs: set[str]) -> Moves:
    """Put tables in their place, but those that differ from one that counts now."""
    root = workspace.lake.root
    counts = {workspace.lake.part_path(part) for part in workspace.ledger.parts()}
    counts.update(tables_of(root, runs))
    late: Moves = []
    for draft in lake_files(desk):
        target = root / draft.relative_to(desk / "lake")
        if target not in counts or not target.exists():
            put_in_place(draft, target)
        elif not filecmp.cmp(draft, target, shallow=False):
            late.append((draft, target))
    return late


def _deed(workspace: Workspace, file: Path, manifest: Manifest, now: datetime) -> Deed:
    made = f"made {manifest.made.isoformat()} at head {manifest.head}"
    name = file.name.encode("utf-8", "replace").decode()[:120]
    return workspace.deed("restore", name, made, now=now)


def _count(
    workspace: Workspace, desk: Path, file: Path, deed: Deed, *, replace: bool
) -> None:
    """Let the backup count; its trail goes on with what it took the place of."""
    try:
        with workspace.ledger.writing() as session:
            _refuse_a_home_in_use(session, workspace, replace=replace)
            head = session.get_one(AuditHead, 1)
            old = f"in place of {head.entries} entries up to head {head.hash}"
            load(session, desk / "ledger")
            append(session, head, changed(deed, detail=f"{deed.detail}, {old}"))
    except (IntegrityError, DataError):
        raise InputError(
            "expected a backup whose tables fit together, came another one", file=file
        ) from None


def _put_beside(workspace: Workspace, desk: Path) -> Path | None:
    """Put back what is no table; the policy in use stays as it is."""
    settings = workspace.settings
    (settings.home / MARK).unlink(missing_ok=True)
    if (desk / MARK).is_file():
        shutil.copyfile(desk / MARK, settings.home / MARK)
    if (desk / "exports").is_dir():
        shutil.copytree(desk / "exports", settings.exports, dirs_exist_ok=True)
    if fingerprint(desk / "config") == workspace.config_hash:
        return None
    shutil.rmtree(settings.home / POLICY, ignore_errors=True)
    return Path(shutil.copytree(desk / "config", settings.home / POLICY))
