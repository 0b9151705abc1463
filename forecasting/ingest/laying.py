"""Lay the accepted rows of a draft out as Parquet files by month, in one pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import SLOT
from forecasting.counting import as_slots, count_bookings, count_slots
from forecasting.ingest.checking import BROKEN, PROBLEM
from forecasting.ingest.drafting import Draft, Tally
from forecasting.ingest.identity import ROW_ID, Ids, key_hash, repeated
from forecasting.ingest.readers.reading import LINE
from forecasting.targets import Target

MONTH = "month"
UNBOUNDED = 2**50
"""Bytes that no month reaches: each is one file."""


@dataclass(frozen=True)
class Laid:
    """One file of accepted rows, not yet in its place; `tables` is it and its counts."""

    month: str
    tables: dict[str, Path]
    rows: int


@dataclass(frozen=True)
class Layout:
    """The accepted rows of a draft on the desk: files, their identities, and the tally."""

    draft: Draft
    tally: Tally
    files: tuple[Laid, ...]
    refused: Path
    ids: Ids = field(repr=False)


def lay_out(draft: Draft, desk: Path) -> Layout:
    """Write the accepted rows by month; of rows with one identity the last holds.

    Rows that come again are as a rule none, so they are looked for afterwards: only then
    is the draft laid out once more, without them.
    """
    layout = _lay(draft, desk / "first")
    again = repeated(layout.ids)
    if again.size:
        without = draft.without_lines(_overtaken_lines(draft, again))
        layout = _lay(without, desk / "second")
        layout.ids.sort()
    return layout


def _lay(draft: Draft, desk: Path) -> Layout:
    desk.mkdir(parents=True)
    target, rows = draft.target, draft.accepted()
    refused = desk / "refused.parquet"
    sinks = [
        _sink(rows, target, desk / "rows"),
        draft.refused().sink_parquet(refused, lazy=True),
    ]
    pl.collect_all(sinks, engine="streaming")
    files = tuple(
        _laid(file, target.kind) for file in sorted((desk / "rows").rglob("*.parquet"))
    )
    ids = _ids(files, target)
    broken = pl.scan_parquet(refused).group_by(PROBLEM).agg(pl.len().alias("rows"))
    accepted = sum(laid.rows for laid in files)
    tally = draft.tally(accepted, broken.sort(PROBLEM).collect())
    return Layout(draft, tally, files, refused, ids)


def _sink(rows: pl.LazyFrame, target: Target, folder: Path) -> pl.LazyFrame:
    folder.mkdir()
    if not (target.monthly and target.period):
        return rows.sink_parquet(
            folder / "all.parquet", compression="zstd", compression_level=1, lazy=True
        )
    return _by_month(rows.with_columns(_month(target.period)), folder)


def _month(period: str) -> pl.Expr:
    return pl.col(period).dt.date().dt.month_start().alias(MONTH)


def _by_month(rows: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """One file for each month."""
    months = pl.PartitionBy(
        folder, key=MONTH, include_key=False, approximate_bytes_per_file=UNBOUNDED
    )
    return rows.sink_parquet(
        months, compression="zstd", compression_level=1, lazy=True, mkdir=True
    )


def _laid(file: Path, kind: str) -> Laid:
    day = file.parent.name.removeprefix(f"{MONTH}=")
    month = "" if day == file.parent.name else day[:7]
    rows = pl.scan_parquet(file).select(pl.len()).collect().item()
    return Laid(month, {kind: file}, rows)


def _ids(files: tuple[Laid, ...], target: Target) -> Ids:
    if not files:
        return np.empty(0, dtype=np.uint64)
    rows = pl.scan_parquet([laid.tables[target.kind] for laid in files])
    found = rows.select(key_hash(target).alias("id")).collect(engine="streaming")
    return found["id"].to_numpy(writable=True)


def _overtaken_lines(draft: Draft, again: Ids) -> pl.Series:
    """The lines of rows that come again further on."""
    known = pl.Series(again, dtype=pl.UInt64)
    good = draft.rows.filter(~pl.col(BROKEN))
    rows = good.filter(pl.col(ROW_ID).is_in(known.implode())).select(LINE, ROW_ID)
    found = rows.collect(engine="streaming")
    last = pl.col(LINE) == pl.col(LINE).max().over(ROW_ID)
    return found.filter(~last)[LINE]


def counted(files: Sequence[Laid], zone: str, desk: Path) -> tuple[Laid, ...]:
    """The same files of contacts, each of another month, with their counts beside them."""
    if not files:
        return ()
    rows = pl.scan_parquet([laid.tables["contacts"] for laid in files])
    contacts = rows.with_columns(_month("start"))
    folders = {"slots": desk / "slots", "bookings": desk / "bookings"}
    shortest = rows.select(pl.col("period_s").min()).collect().item()
    slots = as_slots if shortest >= SLOT.total_seconds() else count_slots
    counts = (slots(contacts, MONTH), count_bookings(contacts, zone, MONTH))
    for table, folder in zip(counts, folders.values(), strict=True):
        # One after the other: together, rows would wait for the slower one in memory.
        _by_month(table, folder).collect(engine="streaming")
    return tuple(_with_counts(laid, folders) for laid in files)


def _with_counts(laid: Laid, folders: Mapping[str, Path]) -> Laid:
    found = {
        dataset: file
        for dataset, folder in folders.items()
        for file in folder.glob(f"{MONTH}={laid.month}-01/*.parquet")
    }
    return Laid(laid.month, {**laid.tables, **found}, laid.rows)


def without(laid: Laid, target: Target, gone: pl.Expr, to: Path) -> Laid:
    """A copy of a file of rows, without those that are `gone`."""
    rows = pl.scan_parquet(laid.tables[target.kind]).filter(~gone)
    rows.sink_parquet(to, compression="zstd", compression_level=1)
    number = pl.scan_parquet(to).select(pl.len()).collect().item()
    return Laid(laid.month, {target.kind: to}, number)
