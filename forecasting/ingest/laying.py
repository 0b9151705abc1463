"""Lay the accepted rows of a draft out as Parquet files by month, in one pass."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.counting import count_bookings, count_slots
from forecasting.ingest.checking import BROKEN, PROBLEM
from forecasting.ingest.drafting import Draft, Tally
from forecasting.ingest.identity import ROW_ID, Ids, key_hash, repeated
from forecasting.ingest.readers.reading import LINE
from forecasting.targets import Target

MONTH = "month"
FILE_BYTES = 256 * 2**20
"""A month of more than about this much is laid out as several files."""


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
    month = pl.col(target.period).dt.date().dt.month_start().alias(MONTH)
    return rows.with_columns(month).sink_parquet(
        pl.PartitionBy(
            folder, key=MONTH, include_key=False, approximate_bytes_per_file=FILE_BYTES
        ),
        compression="zstd",
        compression_level=1,
        lazy=True,
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


def counted(laid: Laid, zone: str) -> Laid:
    """The same file of contacts with its counts beside it."""
    contacts = pl.scan_parquet(laid.tables["contacts"])
    slots = laid.tables["contacts"].with_suffix(".slots")
    bookings = laid.tables["contacts"].with_suffix(".bookings")
    count_slots(contacts).sink_parquet(slots, compression="zstd")
    count_bookings(contacts, zone).sink_parquet(bookings, compression="zstd")
    tables = {**laid.tables, "slots": slots, "bookings": bookings}
    return Laid(laid.month, tables, laid.rows)


def without(laid: Laid, target: Target, gone: pl.Expr, to: Path) -> Laid:
    """A copy of a file of rows, without those that are `gone`."""
    rows = pl.scan_parquet(laid.tables[target.kind]).filter(~gone)
    rows.sink_parquet(to, compression="zstd", compression_level=1)
    number = pl.scan_parquet(to).select(pl.len()).collect().item()
    return Laid(laid.month, {target.kind: to}, number)
