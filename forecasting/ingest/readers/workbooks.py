"""Read a sheet of an XLSX workbook as text, each row with its number on the sheet."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.headings import TOP, column_names, find_heading
from forecasting.ingest.readers.lines import LINE
from forecasting.workbooks.sheets import MIDNIGHT, sheet

CLOCK = r"^(?:1899-12-3[01]|1900-01-00) (\d\d:\d\d:\d\d)"
"""How a cell with a time and no day comes."""

SERIAL = r"^[2-6]\d{4}(\.\d+)?$"
FIRST_DAY = datetime.fromisoformat("1899-12-30")


def read_workbook(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    """The rows of a sheet as text; days as 2026-01-05, times as 09:15:00.

    A day may stand as a bare number in a column for which the mapping gives `formats`.

    Raises:
        InputError: the file is no workbook, or lacks the sheet or a heading.
    """
    cells = sheet(file, mapping.xlsx.sheet)
    if cells.height == 0:
        raise InputError("expected a heading, found an empty sheet", file=file)
    top = [_words(row) for row in cells.head(TOP).iter_rows()]
    place = find_heading(top, mapping.columns)
    cells.columns = column_names(file, place + 1, top[place], mapping.columns)
    dated = [name for name in _dated(mapping) if name in cells.columns]
    rows = (
        cells.slice(place + 1)
        .with_columns(_day_of(name) for name in dated)
        .with_columns(pl.all().str.replace(CLOCK, "$1").str.replace(MIDNIGHT, "$1"))
    )
    line = pl.int_range(pl.len(), dtype=pl.Int64) + (place + 2)
    numbered = rows.select(line.alias(LINE), pl.all())
    filled = ~pl.all_horizontal(pl.exclude(LINE).is_null())
    return numbered.filter(filled).lazy()


def _dated(mapping: SourceMapping) -> set[str]:
    """Columns that hold a moment or day for certain: those with formats for it."""
    fields = (field for field in mapping.fields.values() if field.formats)
    return {field.names[0] for field in fields if len(field.names) == 1}


def _day_of(name: str) -> pl.Expr:
    """Days counted from the end of 1899, as the moment that they stand for."""
    cell = pl.col(name)
    seconds = (cell.cast(pl.Float64, strict=False) * 86_400).round().cast(pl.Int64)
    moment = pl.lit(FIRST_DAY) + pl.duration(seconds=seconds)
    written = moment.dt.strftime("%Y-%m-%d %H:%M:%S")
    return pl.when(cell.str.contains(SERIAL)).then(written).otherwise(cell).alias(name)


def _words(row: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in row]
