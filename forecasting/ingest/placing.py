"""Put the files of an import in their places, where nobody reads them yet."""

import uuid
from pathlib import Path

import polars as pl

from forecasting.ingest.extent import EXTENT
from forecasting.ingest.joining import Join
from forecasting.ingest.laying import Laid
from forecasting.lake import Lake, put_in_place
from forecasting.records import ImportRecord, PartRecord


def placed(
    lake: Lake,
    record: ImportRecord,
    found: Join,
    refused: pl.DataFrame,
    desk: Path,
) -> list[PartRecord]:
    """Move every new file to its place, under a name that nothing else has."""
    parts: list[PartRecord] = []
    table = desk / "rejects.parquet"
    refused.write_parquet(table)
    owned = [(record.id, laid) for laid in found.files]
    owned += [
        *found.rewritten,
        (record.id, Laid("", {"rejects": table}, refused.height)),
    ]
    if found.extent:
        owned.append((record.id, Laid("", {EXTENT: found.extent}, 1)))
    for owner, laid in owned:
        name = f"{owner}.{uuid.uuid4().hex[:8]}"
        for dataset, draft in laid.tables.items():
            part = PartRecord(
                dataset=dataset,
                source=record.source,
                month=laid.month,
                file=name,
                import_id=owner,
                rows=laid.rows,
            )
            put_in_place(draft, lake.part_path(part))
            parts.append(part)
    return parts
