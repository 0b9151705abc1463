"""Read a file as it comes: its columns untouched, each row with its line number."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import InputError
from forecasting.ingest.mapping import Csv, SourceMapping

LINE = "line in the file"
"""Name of the line number beside the columns of the file (1 is the heading)."""

MAX_HEADING = 65_536
"""A heading of more bytes than this is no heading."""

MAX_FIELD_LINES = 100
"""A quoted field over more lines than this is a quote that was never closed."""


def read_file(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    """The rows of a file with their line number, typed as the format types them.

    CSV and XLSX come as text; rows without any value are skipped.

    Raises:
        InputError: the file is absent, empty, damaged, or not of a known format.
    """
    check_is_file(file)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise InputError(
            f"expected a file ending in {', '.join(READERS)}; came '{file.suffix}'",
            file=file,
        )
    frame = reader(file, mapping)
    numbered = frame.with_row_index(LINE, offset=2).cast({LINE: pl.Int64})
    if file.suffix.lower() == ".jsonl":
        numbered = numbered.with_columns(pl.col(LINE) - 1)
    filled = ~pl.all_horizontal(pl.exclude(LINE).is_null())
    return numbered if file.suffix.lower() == ".parquet" else numbered.filter(filled)


def check_is_file(file: Path) -> None:
    """Refuse what is absent, empty, or has no end, such as a device.

    Raises:
        InputError: there is no such file, or it is empty.
    """
    if not file.exists():
        raise InputError("expected a file, found none", file=file)
    if not file.is_file():
        found = "a folder" if file.is_dir() else "a device"
        raise InputError(f"expected a file, found {found}", file=file)
    if file.stat().st_size == 0:
        raise InputError("expected rows, found an empty file", file=file)


def _read_csv(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    text = decode(file, mapping.csv)
    if text.find(b"\n", 0, MAX_HEADING) < 0 and len(text) > MAX_HEADING:
        raise InputError(
            f"expected a heading, came a line of more than {MAX_HEADING} signs",
            file=file,
            line=1,
        )
    frame = _parse_csv(file, text, mapping.csv)
    if text.count(b"\n") > frame.height + 1:
        _check_quotes(file, frame)
    return frame.lazy()


def _parse_csv(file: Path, text: bytes, options: Csv) -> pl.DataFrame:
    try:
        return pl.read_csv(
            text,
            separator=options.separator,
            infer_schema=False,
        )
    except PolarsError:
        raise _ragged(file, text, options) from None


def decode(file: Path, options: Csv) -> bytes:
    """The text of a CSV file as UTF-8 without a byte order mark.

    A file that is declared Windows-1252 but is valid UTF-8 is read as UTF-8: no real
    text is both by accident.

    Raises:
        InputError: the file is binary, or is not in the declared encoding.
    """
    raw = file.read_bytes()
    if b"\0" in raw:
        raise InputError("expected CSV text, came binary content or UTF-16", file=file)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw.isascii():
        return raw
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if options.encoding == "utf-8":
            raise _badly_encoded(file, raw, error) from None
        return _from_windows(file, raw)
    return raw


def _from_windows(file: Path, raw: bytes) -> bytes:
    try:
        return raw.decode("windows-1252").encode()
    except UnicodeDecodeError as error:
        raise _badly_encoded(file, raw, error) from None


def _badly_encoded(file: Path, raw: bytes, error: UnicodeDecodeError) -> InputError:
    return InputError(
        f"expected {error.encoding} text, came byte 0x{raw[error.start]:02x}",
        file=file,
        line=raw.count(b"\n", 0, error.start) + 1,
        remedy="Set the encoding of the source ([csv] encoding) or export it again.",
    )


def _ragged(file: Path, text: bytes, options: Csv) -> InputError:
    """Find the first line that does not fit the heading, to name it."""
    lines = csv.reader(
        io.StringIO(text.decode(), newline=""), delimiter=options.separator
    )
    try:
        heading = next(lines, [])
        for fields in lines:
            if len(fields) > len(heading):
                return InputError(
                    f"expected {len(heading)} fields, came {len(fields)}",
                    file=file,
                    line=lines.line_num,
                )
    except csv.Error:
        pass
    return InputError(
        f"expected CSV with separator '{options.separator}', "
        "came text that cannot be split into rows (an unclosed quote?)",
        file=file,
    )


def _check_quotes(file: Path, frame: pl.DataFrame) -> None:
    """Refuse a file in which a stray quote has swallowed lines."""
    breaks = frame.select(pl.all().str.count_matches("\n", literal=True).max())
    for column in breaks.columns:
        if (breaks[column].item() or 0) > MAX_FIELD_LINES:
            raise InputError(
                f"expected short fields, came one over {breaks[column].item()} lines "
                "(an unclosed quote)",
                file=file,
                column=column,
            )


def _read_xlsx(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    book = _open_workbook(file)
    sheet = mapping.xlsx.sheet or next(iter(book.sheet_names), "")
    if sheet not in book.sheet_names:
        raise InputError(
            f"expected a sheet '{sheet}', came {', '.join(book.sheet_names) or 'none'}",
            file=file,
        )
    try:
        return book.load_sheet(sheet, dtypes="string").to_polars().lazy()
    except fastexcel.FastExcelError:
        raise InputError(
            f"expected a table with a heading on sheet '{sheet}', came something else",
            file=file,
        ) from None


def _open_workbook(file: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(file)
    except fastexcel.FastExcelError:
        raise InputError(
            "expected an XLSX workbook, came something else or a damaged one", file=file
        ) from None


def _read_parquet(file: Path, _: SourceMapping) -> pl.LazyFrame:
    frame = pl.scan_parquet(file)
    try:
        frame.collect_schema()
    except PolarsError:
        raise InputError(
            "expected a Parquet file, came something else or a damaged one", file=file
        ) from None
    return frame


def _read_json_lines(file: Path, _: SourceMapping) -> pl.LazyFrame:
    try:
        return pl.read_ndjson(file, infer_schema_length=None).lazy()
    except PolarsError:
        raise InputError(
            "expected one JSON object a line, came something else or a damaged file",
            file=file,
        ) from None


READERS: dict[str, Callable[[Path, SourceMapping], pl.LazyFrame]] = {
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
}
