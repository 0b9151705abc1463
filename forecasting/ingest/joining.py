"""Join a new import with what is there of its source: each row counts once, the last holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import local_day
from forecasting.ingest.identity import Ids, among, key_hash
from forecasting.ingest.laying import Laid, Layout, without
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
    """The new files, rewritten earlier ones by their import, and parts that count no more."""

    files: tuple[Laid, ...]
    rewritten: tuple[tuple[str, Laid], ...]
    drop: frozenset[int]
    replaced: int

    def map(self, change: Callable[[Laid], Laid]) -> "Join":
        """The same join with every new and rewritten file changed."""
        rewritten = tuple((owner, change(laid)) for owner, laid in self.rewritten)
        return replace(self, files=tuple(map(change, self.files)), rewritten=rewritten)


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

    Rows of imports that came later than this content first did hold against it. With
    `instead` all earlier rows of the new rows' period and places make way. A part that
    is lost or damaged is left as it is: readers name it until its file comes again.
    """
    target = layout.draft.target
    own = [p for p in stock.parts if _is_own(p, record, stock)]
    others = [p for p in stock.of(target.kind) if p not in own and lake.holds(p)]
    drop = {part.id for part in own}
    newer = [p for p in others if stock.imports[p.import_id].arrival > record.arrival]
    older = [p for p in others if p not in newer]
    if target.whole:
        drop |= {part.id for part in older}
        replaced = sum(part.rows for part in older)
        return Join(() if newer else layout.files, (), frozenset(drop), replaced)
    files = _behind(layout, newer, lake, desk)
    rewritten: list[tuple[str, Laid]] = []
    replaced = 0
    leaving = _gone(layout, zone, instead=instead)
    for part in older:
        file = lake.part_path(part)
        if not leaving.touches(file):
            continue
        drop |= {other.id for other in stock.beside(part)}
        old = Laid(part.month, {target.kind: file}, part.rows)
        kept = without(old, target, leaving.rows(file), desk / f"{part.id}.parquet")
        rewritten += [(part.import_id, kept)] if kept.rows else []
        replaced += part.rows - kept.rows
    return Join(files, tuple(rewritten), frozenset(drop), replaced)


def _is_own(part: PartRecord, record: ImportRecord, stock: Stock) -> bool:
    """Whether a part holds what this very content gave before."""
    return stock.imports[part.import_id].sha256 == record.sha256


def _behind(
    layout: Layout, newer: list[PartRecord], lake: Lake, desk: Path
) -> tuple[Laid, ...]:
    """The new files without rows that later imports hold."""
    if not newer:
        return layout.files
    target = layout.draft.target
    taken = np.concatenate([_ids(lake.part_path(part), target) for part in newer])
    gone = Gone(target, np.sort(taken))
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
    period: pl.Expr | None = None

    def rows(self, file: Path) -> pl.Expr:
        """A mask over the rows of a file."""
        gone = pl.lit(pl.Series(among(_ids(file, self.target), self.ids)))
        return gone if self.period is None else gone | self.period

    def touches(self, file: Path) -> bool:
        """Whether any row of a file makes way."""
        if among(_ids(file, self.target), self.ids).any():
            return True
        if self.period is None:
            return False
        rows = pl.scan_parquet(file).select(self.period.any())
        return bool(rows.collect().item())


def _gone(layout: Layout, zone: str, *, instead: bool) -> Gone:
    target = layout.draft.target
    if not (instead and target.period and layout.files):
        return Gone(target, layout.ids)
    return Gone(target, layout.ids, _covered(layout, target.period, zone))


def _covered(layout: Layout, period: str, zone: str) -> pl.Expr:
    """Rows within the days and places of the new ones."""
    target = layout.draft.target
    rows = pl.scan_parquet([laid.tables[target.kind] for laid in layout.files])
    day = _local_day(period, rows.collect_schema()[period], zone)
    ends = rows.select(day.min().alias("first"), day.max().alias("last")).collect()
    covered = day.is_between(ends["first"].item(), ends["last"].item())
    if target.place is None:
        return covered
    places = rows.select(pl.col(target.place).unique()).collect().to_series()
    return covered & pl.col(target.place).is_in(places.implode())


def _local_day(period: str, dtype: pl.DataType, zone: str) -> pl.Expr:
    column = pl.col(period)
    return column if dtype == pl.Date else local_day(period, zone)


def _ids(file: Path, target: Target) -> Ids:
    found = pl.scan_parquet(file).select(key_hash(target).alias("id")).collect()
    ids: Ids = found["id"].to_numpy()
    return ids
