"""Files as the real systems write them: separators, encodings, sheets, typed columns."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

Rows = Sequence[Mapping[str, object]]


def dutch_csv(file: Path, rows: Rows) -> None:
    """Semicolons, decimal commas, Windows-1252 and Windows line ends."""
    text = pl.DataFrame(rows).write_csv(
        separator=";", decimal_comma=True, line_terminator="\r\n"
    )
    file.write_bytes(text.encode("cp1252"))


def plain_csv(file: Path, rows: Rows) -> None:
    pl.DataFrame(rows).write_csv(file)


def bank_csv(file: Path, rows: Rows) -> None:
    pl.DataFrame(rows).write_csv(file, separator=";")


def json_lines(file: Path, rows: Rows) -> None:
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


def workbook(sheet: str) -> Callable[[Path, Rows], None]:
    def write(file: Path, rows: Rows) -> None:
        book = io.BytesIO()
        pl.DataFrame(rows).write_excel(book, worksheet=sheet)
        file.write_bytes(book.getvalue())

    return write


def parquet_of_times(*columns: str) -> Callable[[Path, Rows], None]:
    def write(file: Path, rows: Rows) -> None:
        times = [pl.col(c).str.to_datetime("%d-%m-%Y %H:%M") for c in columns]
        pl.DataFrame(rows).with_columns(times).write_parquet(file)

    return write
