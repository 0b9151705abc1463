"""Planned letters and outside forecasts, with when and from where they came."""

from collections.abc import Iterator

import polars as pl

from forecasting.outside.approved import ZONE, approved_letters
from forecasting.outside_tables import KnownLetters, OutsideForecasts, PlannedLetters
from forecasting.records import ImportRecord
from forecasting.workspace import Workspace

LETTERS, FORECASTS = "planned_letters", "outside_forecasts"


def planned_letters(workspace: Workspace) -> pl.DataFrame:
    """All letters of batches, typed `KnownLetters`: approved here, and imported.

    Of a batch that was approved here and imported as well the import holds: it tells what
    was sent, in the channel that was approved. A batch of which no day was told counts as decided on the day of its import,
    or when it was mailed if that was earlier.
    """
    imported = _imported_letters(workspace)
    approved = approved_letters(workspace)
    channels = approved.select("batch", "channel").unique()
    named = imported.join(channels, on="batch", how="left")
    told = imported["batch"].unique().implode()
    own = approved.filter(~pl.col("batch").is_in(told))
    every = pl.concat([named.with_columns(pl.col("channel").fill_null("")), own])
    return KnownLetters.validate(every.sort(KnownLetters.primary_key()))


def _imported_letters(workspace: Workspace) -> pl.DataFrame:
    parts = []
    for record, rows in _by_import(workspace, LETTERS):
        day = pl.lit(record.at.astimezone(ZONE).date())
        assumed = pl.min_horizontal("mailing_week", day)
        parts.append(rows.with_columns(pl.coalesce("decided", assumed)))
    if not parts:
        return PlannedLetters.create_empty()
    key = PlannedLetters.primary_key()
    return pl.concat(parts).unique(key, keep="last", maintain_order=True)


def outside_forecasts(workspace: Workspace) -> pl.DataFrame:
    """All that others expect: `OutsideForecasts` with `source` and `imported`, in order.

    `imported` numbers the imports in order of when they came, the last one highest.
    """
    parts = [
        rows.with_columns(
            pl.lit(record.source).alias("source"), pl.lit(place).alias("imported")
        )
        for place, (record, rows) in enumerate(_by_import(workspace, FORECASTS))
    ]
    if not parts:
        empty = OutsideForecasts.create_empty()
        source = pl.lit("").alias("source"), pl.lit(0).alias("imported")
        return empty.with_columns(*source)
    return pl.concat(parts).sort("imported", "subject", "period")


def _by_import(
    workspace: Workspace, dataset: str
) -> Iterator[tuple[ImportRecord, pl.DataFrame]]:
    """What each import holds of a dataset, in order of when it came."""
    records = {record.id: record for record in workspace.ledger.imports()}
    parts = workspace.ledger.parts(dataset)
    owners = {part.import_id for part in parts}
    for owner in sorted(owners, key=lambda name: (records[name].at, name)):
        mine = [part for part in parts if part.import_id == owner]
        frame = workspace.lake.scan_parts(mine)
        if frame is not None:
            yield records[owner], frame.collect()
