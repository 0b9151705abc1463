"""Read a sheet of an XLSX workbook as text, each row with its number on the sheet."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.headings import TOP, column_names, find_heading
from forecasting.ingest.readers.lines import LINE
from forecasting.ingest.readers.workbook_archive import look_into, no_workbook

CLOCK = r"^(?:1899-12-3[01]|1900-01-00) (\d\d:\d\d:\d\d)"
"""How a cell with a time and no day comes."""

MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
SERIAL = r"^[2-6]\d{4}(\.\d+)?$"
FIRST_DAY = datetime.fromisoformat("1899-12-30")
ERROR = "#ERROR"
"""What stands for a cell like #REF! or #DIV/0!: no field can be read from it."""


def read_workbook(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    """The rows of a sheet as text; days as 2026-01-05, times as 09:15:00.

    A day may stand as a bare number in a column for which the mapping gives `formats`.

    Raises:
        InputError: the file is no workbook, or lacks the sheet or a heading.
    """
    look_into(file, mapping.xlsx.sheet)
    try:
        cells = _cells(file, mapping.xlsx.sheet)
    except (fastexcel.FastExcelError, PolarsError):
        raise no_workbook(file) from None
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


def first_sheet(file: Path) -> pl.DataFrame:
    """Every cell of the first sheet as text, from its first row on; days as 2026-01-05.

    Raises:
        InputError: the file is no workbook.
    """
    look_into(file, None)
    try:
        cells = _cells(file, None)
    except (fastexcel.FastExcelError, PolarsError):
        raise no_workbook(file) from None
    return cells.with_columns(pl.all().str.replace(MIDNIGHT, "$1"))


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


def sheet_names(file: Path) -> list[str]:
    """The sheets of a workbook, in order.

    Raises:
        InputError: the file is no workbook.
    """
    look_into(file, None)
    try:
        return fastexcel.read_excel(file).sheet_names
    except fastexcel.FastExcelError:
        raise no_workbook(file) from None


def sheet_height(file: Path, name: str) -> int:
    """How many rows a sheet has, from the first to the last that is filled.

    Raises:
        InputError: the sheet cannot be read.
    """
    look_into(file, name)
    try:
        return _cells(file, name).height
    except (fastexcel.FastExcelError, PolarsError):
        raise no_workbook(file) from None


def _words(row: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in row]


def _cells(file: Path, wanted: str | None) -> pl.DataFrame:
    """Every cell from the first row of the sheet on, as text."""
    book = fastexcel.read_excel(file)
    sheet = wanted or next(iter(book.sheet_names), "")
    if sheet not in book.sheet_names:
        raise InputError(
            f"expected a sheet '{sheet}', came {', '.join(book.sheet_names) or 'none'}",
            file=file,
        )
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    frame = pl.from_arrow(batch)
    if not isinstance(frame, pl.DataFrame):
        raise no_workbook(file)
    wrong: dict[int, list[int]] = {}
    for cell in errors.errors if errors else ():
        row, column = cell.offset_position
        wrong.setdefault(column, []).append(row)
    return frame.with_columns(
        frame.to_series(column).scatter(rows, ERROR) for column, rows in wrong.items()
    )
