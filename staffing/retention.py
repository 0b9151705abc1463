"""What is forgotten of staff: who left, and who worked when in weeks long past."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import update

from forecasting.calendar import parse_week
from forecasting.records import PartRecord, RosterStepRecord
from forecasting.workspace import Workspace

PERSONS = {
    "people": "code",
    "absence": "code",
    "availability": "code",
    "wishes": "code",
    "protected_time": "code",
    "published_shifts": "person",
}
"""Imported datasets on persons, and the column that names one."""

NAMED_IN = ("shifts", "activities")
"""Tables of a roster run that name persons."""


def staff_who_left(
    workspace: Workspace, before: date, zone: str
) -> dict[str, list[pl.Expr]]:
    """Rows on staff who left before a local day, per dataset.

    Someone left whose last day of employment is before it, or whom only imports of
    before that day name while the newest import of staff no longer does.
    """
    parts = workspace.ledger.parts("people")
    if not parts:
        return {}
    imports = {record.id: record for record in workspace.ledger.imports("people")}
    owners = {part.import_id for part in parts}
    newest = max(owners, key=lambda owner: (imports[owner].at, owner))
    days = {
        owner: imports[owner].at.astimezone(ZoneInfo(zone)).date() for owner in owners
    }
    old = [part for part in parts if days[part.import_id] < before]
    known = [part for part in parts if part not in old or part.import_id == newest]
    gone = _ended(workspace, parts, before) | (
        _codes(workspace, old) - _codes(workspace, known)
    )
    if not gone:
        return {}
    left = pl.Series(sorted(gone)).implode()
    return {
        dataset: [pl.col(column).is_in(left)] for dataset, column in PERSONS.items()
    }


def _codes(workspace: Workspace, parts: list[PartRecord]) -> set[str]:
    rows = workspace.lake.scan_parts(parts)
    return set() if rows is None else set(rows.select("code").collect()["code"])


def _ended(workspace: Workspace, parts: list[PartRecord], before: date) -> set[str]:
    """Whose employment ended before a day by every row that names them."""
    ended: set[str] = set()
    employed: set[str] = set()
    for part in parts:
        rows = workspace.lake.scan_parts([part])
        if rows is None or "last" not in rows.collect_schema():
            employed |= _codes(workspace, [part])
            continue
        early = (pl.col("last") < before).fill_null(value=False)
        frame = rows.select("code", early.alias("early")).collect()
        ended |= set(frame.filter("early")["code"])
        employed |= set(frame.filter(~pl.col("early"))["code"])
    return ended - employed


def clear_rosters(workspace: Workspace, before: date) -> int:
    """Empty the rosters of weeks that ended before a day; counts of them stay.

    The run, its figures and the table of coverage stay, and so do the steps of each
    version, without those who agreed to a change. Gives the number of rows.
    """
    last = before - timedelta(days=7)
    with workspace.ledger.writing() as session:
        past = RosterStepRecord.week <= last
        session.execute(update(RosterStepRecord).where(past).values(people=[]))
    rows = 0
    for run in workspace.ledger.runs("roster"):
        monday = parse_week(run.parameters["week"])
        if monday + timedelta(days=7) > before:
            continue
        for table in NAMED_IN:
            rows += _emptied(workspace, table, run.id)
        for file in (workspace.lake.root / "roster").glob(f"{run.id}.*json"):
            file.unlink()
    return rows


def _emptied(workspace: Workspace, table: str, run: str) -> int:
    frame = workspace.lake.scan(table, run)
    rows = 0 if frame is None else int(frame.select(pl.len()).collect().item())
    if frame is not None and rows:
        workspace.lake.write(table, run, frame.limit(0))
    return rows
