"""Writers of the export formats that municipalities really hand over."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import xlsxwriter


@dataclass(frozen=True)
class Export:
    """A file that was written and the name of the source that it plays."""

    file: Path
    source: str


def write_dutch_csv(file: Path, frame: pl.DataFrame) -> None:
    """Semicolons, decimal commas, Windows-1252, `dd-mm-yyyy HH:MM`, Windows line ends."""
    text = frame.write_csv(
        separator=";",
        decimal_comma=True,
        datetime_format="%d-%m-%Y %H:%M",
        line_terminator="\r\n",
    )
    file.write_bytes(text.encode("cp1252"))


def write_workbook(file: Path, sheets: dict[str, pl.DataFrame], made: date) -> None:
    """One sheet per frame, a header row, Excel dates; the same bytes for the same data."""
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"})
    book.set_properties({"created": datetime.combine(made, time())})
    for name, frame in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, frame.columns)
        sheet.set_column(0, frame.width - 1, 16)
        for column, values in enumerate(frame.iter_columns()):
            sheet.write_column(1, column, values.to_list())
    book.close()
