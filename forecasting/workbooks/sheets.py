"""The sheets of an XLSX workbook, every cell as text."""

from pathlib import Path

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import InputError
from forecasting.workbooks.archive import look_into, no_workbook

MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
ERROR = "#ERROR"
"""What stands for a cell like #REF! or #DIV/0!: no field can be read from it."""


def sheet(file: Path, name: str | None) -> pl.DataFrame:
    """Every cell of a sheet as text, from its first row on; of the first, by no name.

    Raises:
        InputError: the file is no workbook, or has no such sheet.
    """
    look_into(file, name)
    try:
        return _cells(file, name)
    except (fastexcel.FastExcelError, PolarsError):
        raise no_workbook(file) from None


def first_sheet(file: Path) -> pl.DataFrame:
    """Every cell of the first sheet as text; days as 2026-01-05.

    Raises:
        InputError: the file is no workbook.
    """
    return sheet(file, None).with_columns(pl.all().str.replace(MIDNIGHT, "$1"))


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
    return sheet(file, name).height


def _cells(file: Path, wanted: str | None) -> pl.DataFrame:
    """Every cell from the first row of the sheet on, as text."""
    book = fastexcel.read_excel(file)
    name = wanted or next(iter(book.sheet_names), "")
    if name not in book.sheet_names:
        raise InputError(
            f"expected a sheet '{name}', came {', '.join(book.sheet_names) or 'none'}",
            file=file,
        )
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
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
