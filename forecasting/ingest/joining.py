"""Join a new import with what is there of its source: each row counts once, the last holds."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.ingest.extent import EXTENT, extent_of, within
from forecasting.ingest.identity import Ids, among, key_hash
from forecasting.ingest.laying import Laid, Layout, counted, without
from forecasting.lake import Lake
from forecasting.records import ImportRecord, PartRecord
from forecasting.targets import Target

COUNTS = ("slots", "bookings")
"""Datasets that stand beside contacts, file by file."""


@dataclass(frozen=True)
class Stock:
    """What counts of a source before an import: its parts, and its imports."""

    parts: tuple[PartRecord, ...]
    imports: dict[str, ImportRecord]

    def of(self, dataset: str) -> list[PartRecord]:
        """The parts of a dataset."""
        return [part for part in self.parts if part.dataset == dataset]

    def beside(self, part: PartRecord) -> list[PartRecord]:
        """A part of rows with its counts."""
        return [
            other
            for other in self.parts
            if (other.month, other.file) == (part.month, part.file)
            and other.dataset in (part.dataset, *COUNTS)
        ]


@dataclass(frozen=True)
class Join:
    """The new files, rewritten earlier ones by their import, and parts that count no more.

    `extent` is a table of the days and places that all earlier rows had to leave.
    """

    files: tuple[Laid, ...]
    rewritten: tuple[tuple[str, Laid], ...]
    drop: frozenset[int]
    replaced: int
    extent: Path | None = None

    def with_counts(self, zone: str, desk: Path) -> "Join":
        """The same join of contacts, with counts beside every file."""
        rewritten = [
            (owner, counted([laid], zone, desk / str(place))[0])
            for place, (owner, laid) in enumerate(self.rewritten)
        ]
        files = counted(self.files, zone, desk / "new")
        return replace(self, files=files, rewritten=tuple(rewritten))


def join(
    layout: Layout,
    record: ImportRecord,
    stock: Stock,
    lake: Lake,
    desk: Path,
    zone: str,
    *,
    instead: bool,
) -> Join:
    """Work out which earlier rows make way for new ones.

    Rows of imports that came later than this content first did hold against it, and so
    do the days and places that those replaced. With `instead` all earlier rows of the
    new rows' period and places make way. A part that is lost or damaged is left as it
    is: readers name it until its file comes again.
    """
    target = layout.draft.target
    own = [p for p in stock.parts if _is_own(p, record, stock)]
    others = [p for p in stock.of(target.kind) if p not in own and lake.holds(p)]
    drop = {part.id for part in own}
    newer = [p for p in others if _is_newer(p, record, stock)]
    older = [p for p in others if p not in newer]
    if target.whole:
        drop |= {part.id for part in stock.of(target.kind)}  # lost ones, too
        replaced = sum(part.rows for part in older)
        return Join(() if newer else layout.files, (), frozenset(drop), replaced)
    extent = _extent(layout, zone) if instead else pl.DataFrame()
    leaving = Gone(target, layout.ids, within([extent], target, zone))
    touched = [part for part in older if leaving.touches(lake.part_path(part))]
    left = [(part, _left_of(part, leaving, lake, desk)) for part in touched]
    drop |= {other.id for part in touched for other in stock.beside(part)}
    rewritten = [(part.import_id, kept) for part, kept in left if kept.rows]
    replaced = sum(part.rows - kept.rows for part, kept in left)
    taken = _taken(record, stock, lake, target, zone)
    files = _behind(layout, newer, taken, lake, desk)
    told = None if extent.is_empty() else desk / "extent.parquet"
    if told:
        extent.write_parquet(told)
    return Join(files, tuple(rewritten), frozenset(drop), replaced, told)


def _left_of(part: PartRecord, leaving: "Gone", lake: Lake, desk: Path) -> Laid:
    """An earlier part without the rows that make way."""
    file = lake.part_path(part)
    old = Laid(part.month, {leaving.target.kind: file}, part.rows)
    return without(old, leaving.target, leaving.rows(file), desk / f"{part.id}.parquet")


def _taken(
    record: ImportRecord, stock: Stock, lake: Lake, target: Target, zone: str
) -> pl.Expr | None:
    """Rows within the days and places that later imports replaced; None: no rows."""
    later = [
        pl.read_parquet(lake.part_path(part))
        for part in stock.of(EXTENT)
        if not _is_own(part, record, stock)
        and _is_newer(part, record, stock)
        and lake.holds(part)
    ]
    return within(later, target, zone) if later else None


def _is_newer(part: PartRecord, record: ImportRecord, stock: Stock) -> bool:
    return stock.imports[part.import_id].arrival > record.arrival


def _extent(layout: Layout, zone: str) -> pl.DataFrame:
    target = layout.draft.target
    files = [laid.tables[target.kind] for laid in layout.files if laid.rows]
    return extent_of(files, target, zone)


def _is_own(part: PartRecord, record: ImportRecord, stock: Stock) -> bool:
    """Whether a part holds what this very content gave before."""
    return stock.imports[part.import_id].sha256 == record.sha256


def _behind(
    layout: Layout,
    newer: list[PartRecord],
    taken: pl.Expr | None,
    lake: Lake,
    desk: Path,
) -> tuple[Laid, ...]:
    """The new files without rows that later imports hold or have `taken`."""
    if not newer and taken is None:
        return layout.files
    target = layout.draft.target
    held = [_ids(lake.part_path(part), target) for part in newer]
    ids = np.sort(np.concatenate([np.empty(0, np.uint64), *held]))
    gone = Gone(target, ids, pl.lit(value=False) if taken is None else taken)
    kept = [
        without(laid, target, gone.rows(file), desk / f"behind-{place}.parquet")
        for place, laid in enumerate(layout.files)
        if (file := laid.tables[target.kind])
    ]
    return tuple(laid for laid in kept if laid.rows)


@dataclass(frozen=True)
class Gone:
    """Which earlier rows make way: by identity, or by period and place."""

    target: Target
    ids: Ids
    period: pl.Expr

    def rows(self, file: Path) -> pl.Expr:
        """A mask over the rows of a file."""
        gone = pl.lit(pl.Series(among(_ids(file, self.target), self.ids)))
        return gone | self.period

    def touches(self, file: Path) -> bool:
        """Whether any row of a file makes way."""
        if among(_ids(file, self.target), self.ids).any():
            return True
        rows = pl.scan_parquet(file).select(self.period.any())
        return bool(rows.collect().item())


def _ids(file: Path, target: Target) -> Ids:
    found = pl.scan_parquet(file).select(key_hash(target).alias("id")).collect()
    ids: Ids = found["id"].to_numpy()
    return ids
