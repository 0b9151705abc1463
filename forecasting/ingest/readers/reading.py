"""Read a file as it comes: its columns untouched, each row with its line number."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.csv_text import read_csv
from forecasting.ingest.readers.json_lines import read_json_lines
from forecasting.ingest.readers.lines import LINE
from forecasting.ingest.readers.parquet_files import read_parquet
from forecasting.ingest.readers.workbooks import read_workbook

__all__ = ["LINE", "READERS", "check_is_file", "read_file"]

READERS: dict[str, Callable[[Path, SourceMapping], pl.LazyFrame]] = {
    ".csv": read_csv,
    ".txt": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".parquet": read_parquet,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
}

OTHERS = {
    ".zip": "Unpack it, and import the file within.",
    ".gz": "Unpack it, and import the file within.",
    ".7z": "Unpack it, and import the file within.",
    ".xls": "Save it as XLSX or CSV.",
    ".xlsb": "Save it as XLSX or CSV.",
    ".ods": "Save it as XLSX or CSV.",
    ".json": "Write one object a line, in a file ending in .jsonl.",
    ".xml": "Export it as CSV or XLSX.",
    ".pdf": "Export it as CSV or XLSX.",
}

ARCHIVE, UNPACK = "a packed archive", "Unpack it, and import the file within."
MARKS = (
    (b"PK\x03\x04", "a ZIP archive or workbook", "Unpack it, or name it .xlsx."),
    (b"\x1f\x8b", ARCHIVE, UNPACK),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE, UNPACK),
    (b"\x28\xb5\x2f\xfd", ARCHIVE, UNPACK),
    (b"BZh", ARCHIVE, UNPACK),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook or one with a password",
        "Save it as XLSX without a password.",
    ),
    (b"%PDF", "a PDF", "Export it as CSV or XLSX."),
    (b"PAR1", "a Parquet file", "Name it .parquet."),
)
"""First bytes of files that are often given the wrong ending."""

OWN_MARKS = {".xlsx": b"PK", ".xlsm": b"PK", ".parquet": b"PAR1"}


def read_file(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    """The rows of a file with their line number, typed as the format types them.

    CSV and XLSX come as text; rows without any value are skipped. Nested fields come as
    columns with dotted names.

    Raises:
        InputError: the file is absent, empty, damaged, or not of a known format.
    """
    check_is_file(file)
    suffix = file.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise InputError(
            f"expected a file ending in {', '.join(READERS)}; came '{file.suffix}'",
            file=file,
            remedy=OTHERS.get(suffix),
        )
    try:
        _check_first_bytes(file, suffix)
        return reader(file, mapping)
    except OSError as error:
        raise _unreadable(file, error) from None


def check_is_file(file: Path) -> None:
    """Refuse what is absent, empty, or has no end, such as a device.

    Raises:
        InputError: there is no such file, it is empty, or its name is no text.
    """
    try:
        str(file).encode()
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("expected a file, found none", file=file) from None
    except OSError as error:
        raise _unreadable(file, error) from None
    except ValueError:  # a name with a zero byte, or one that is no text
        raise InputError(
            "expected a file with a plain name", file=ascii(str(file))
        ) from None
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device"
        raise InputError(f"expected a file, found {kind}", file=file)
    if found.st_size == 0:
        raise InputError("expected rows, found an empty file", file=file)


def _unreadable(file: Path, error: OSError) -> InputError:
    reason = os.strerror(error.errno) if error.errno else "it cannot be read"
    short = str(file) if len(str(file)) < 300 else f"{str(file)[:300]}..."
    return InputError(f"expected a readable file; {reason.lower()}", file=short)


def _check_first_bytes(file: Path, suffix: str) -> None:
    """Refuse a file that is plainly something else than its name says."""
    with file.open("rb") as handle:
        first = handle.read(8)
    if first.startswith(OWN_MARKS.get(suffix, b"\0none")):
        return
    for mark, came, remedy in MARKS:
        if first.startswith(mark):
            wanted = suffix.removeprefix(".").upper()
            raise InputError(
                f"expected {wanted}, came {came}", file=file, remedy=remedy
            )
