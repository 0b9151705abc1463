"""What became of a file that was imported."""

from dataclasses import dataclass

import polars as pl

from forecasting.ingest.drafting import Tally
from forecasting.records import ImportRecord


@dataclass(frozen=True)
class ImportResult:
    """What became of a file.

    `rows_read` is `rows_imported` and `rows_rejected` together; `rows_left_out` are
    those the mapping says to drop and those of before the day of retention. `reasons`
    counts rejects per column and reason. `rows_replaced` are rows of earlier imports that
    made way. `already` says that this content came before for the source, read by the
    same mapping: nothing was done.
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
    rows_replaced: int = 0


def result_of(record: ImportRecord, tally: Tally, replaced: int) -> ImportResult:
    """What became of a file that was read now."""
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=tally.read,
        rows_imported=record.rows_imported,
        rows_rejected=tally.rejected,
        reasons=tally.reasons,
        rows_left_out=tally.left_out,
        rows_replaced=replaced,
    )


def nothing_new(record: ImportRecord, rejects: pl.DataFrame) -> ImportResult:
    """What became of the same content when it came before, from what was kept of it."""
    column = pl.concat_str("column", "reason", separator=": ").alias("reason")
    reasons = rejects.group_by(column).len().sort("reason")
    return ImportResult(
        id=record.id,
        source=record.source,
        kind=record.kind,
        rows_read=record.rows_imported + record.rows_rejected,
        rows_imported=record.rows_imported,
        rows_rejected=record.rows_rejected,
        reasons=dict(reasons.iter_rows()),
        rows_left_out=record.rows_left_out,
        already=True,
    )
