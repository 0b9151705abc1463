"""Tables put in a home as if a file of a source had brought them."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from forecasting.lake import put_in_place
from forecasting.records import ImportRecord, PartRecord
from forecasting.runs import Change
from forecasting.workspace import Workspace


def record_of(source: str, kind: str, rows: int, *, now: datetime) -> ImportRecord:
    """The record of an import that rejected nothing."""
    return ImportRecord(
        id=f"{source}-1",
        source=source,
        kind=kind,
        file=f"{source}.csv",
        sha256=source,
        rows_imported=rows,
        rows_rejected=0,
        at=now,
    )


def adopt(
    workspace: Workspace,
    record: ImportRecord,
    tables: Mapping[str, pl.DataFrame],
    *,
    now: datetime,
) -> None:
    """Store tables that came in another way than by a file of a source."""
    with workspace.lake.desk() as desk:
        parts = []
        for dataset, frame in tables.items():
            part = PartRecord(
                dataset=dataset,
                source=record.source,
                month="",
                file=record.id,
                import_id=record.id,
                rows=frame.height,
            )
            frame.write_parquet(desk / "part.parquet")
            put_in_place(desk / "part.parquet", workspace.lake.part_path(part))
            parts.append(part)
        seen = frozenset(
            part.id for part in workspace.ledger.parts(source=record.source)
        )
        change = Change(record, tuple(parts), seen=seen)
        deed = workspace.deed("import", record.id, now=now)
        workspace.ledger.commit_imports([change], [deed])
