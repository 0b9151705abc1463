"""A registry's file of references as a table of text: CSV or XLSX, a document a row."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.workbooks.sheets import first_sheet

HEADINGS = {
    "reference": ("reference", "referentie"),
    "service": ("service", "document"),
    "expiry_date": ("expiry_date", "geldig tot"),
    "expiry_week": ("expiry_week", "week van afloop"),
    "age_band": ("age_band", "leeftijdsklasse"),
    "district": ("district", "wijk"),
    "reason": ("reason", "reden"),
}
"""The columns that may come, each by its English or its Dutch heading."""

NEEDED = ("reference", "service")
OPTIONAL = ("age_band", "district", "reason")
LINE = "line"
"""The line or row of the file that a document stands on, counted from 1."""

WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ";,\t"
EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number."""

REMEDY = (
    "The columns are reference, service, expiry_date or expiry_week and, where known, "
    "age_band, district and reason; nothing else belongs in the file."
)


def content_of(file: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: there is no such file.
    """
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise InputError(
            "expected a file of references, found none", file=file
        ) from None


def reference_table(file: Path, content: bytes) -> pl.DataFrame:
    """Every cell as text under our names, and `line`; a column not there is null.

    Raises:
        InputError: it is no table of references, or a heading is not expected.
    """
    is_workbook = content.startswith(WORKBOOK)
    rows = _sheet(file) if is_workbook else _separated(file, _text(file, content))
    lined = rows.with_row_index(LINE, offset=2)
    filled = lined.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
    if filled.is_empty():
        raise InputError("expected documents, found none", file=file)
    if is_workbook:
        _refuse_rounded(file, filled)
    absent = [name for name in OPTIONAL if name not in filled.columns]
    return filled.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def _text(file: Path, content: bytes) -> str:
    """What is written in the file, in whichever of the usual encodings."""
    if not content.strip():
        raise InputError("expected documents, found an empty file", file=file)
    if content.startswith(OLD_WORKBOOK):
        raise InputError(
            "expected CSV or an XLSX workbook, came a workbook of an older kind",
            file=file,
            remedy="Save it as XLSX or CSV.",
        )
    try:
        return content.decode("utf-16" if content.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def _separated(file: Path, text: str) -> pl.DataFrame:
    if "\0" in text:
        raise InputError(
            "expected CSV or an XLSX workbook, came something else", file=file
        )
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    _refuse_uneven(file, text, separator)
    try:
        rows = pl.read_csv(
            io.BytesIO(text.encode()), separator=separator, infer_schema=False
        )
    except pl.exceptions.PolarsError:
        raise InputError(
            "expected CSV with a line of headings and a document a row",
            file=file,
            remedy=REMEDY,
        ) from None
    rows.columns = _names(file, _headings(text, separator))
    return _trimmed(rows)


def _headings(text: str, separator: str) -> list[str]:
    """The first line as it stands: the reader of the table gives a second one another name."""
    try:
        return next(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return [text]


def _refuse_uneven(file: Path, text: str, separator: str) -> None:
    """A row that breaks off would lose its last fields, such as why no letter may go."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        wanted = len(next(rows, []))
        for row in rows:
            if row and len(row) != wanted:
                raise InputError(
                    f"expected {wanted} fields in each row, came {len(row)}",
                    file=file,
                    line=rows.line_num,
                    remedy=REMEDY,
                )
    except csv.Error:
        return  # the reader of the table says what is wrong


def _sheet(file: Path) -> pl.DataFrame:
    """The first sheet; columns that are empty altogether do not count."""
    cells = _trimmed(first_sheet(file))
    used = [one.name for one in cells if one.null_count() < len(cells)]
    if not used:
        raise InputError("expected documents, found an empty sheet", file=file)
    rows = cells.select(used)
    headings = [heading or "" for heading in rows.row(0)]
    rows.columns = _names(file, headings)
    return rows.slice(1)


def _trimmed(rows: pl.DataFrame) -> pl.DataFrame:
    cells = pl.col(pl.String).str.strip_chars()
    return rows.with_columns(pl.when(cells != "").then(cells).name.keep())


def _names(file: Path, headings: Sequence[str]) -> list[str]:
    """Our name of each column; a heading may be a row by mistake, so it is not told."""
    ours = {heading: name for name, both in HEADINGS.items() for heading in both}
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name = ours.get(heading.strip().lower())
        if name is None:
            problem = f"line 1: expected a heading of the list, came another in column {place}"
            raise InputError(problem, file=file, remedy=REMEDY)
        if name in found:
            problem = f"line 1: expected each heading once, came {name} again in column {place}"
            raise InputError(problem, file=file, remedy=REMEDY)
        found.append(name)
    lacking = [name for name in NEEDED if name not in found]
    expiries = len({"expiry_date", "expiry_week"} & set(found))
    if lacking or expiries != 1:
        what = lacking[0] if lacking else "expiry_date or expiry_week (one of them)"
        came = "both" if expiries > 1 and not lacking else "none"
        raise InputError(
            f"line 1: expected a column {what}, found {came}", file=file, remedy=REMEDY
        )
    return found


def _refuse_rounded(file: Path, rows: pl.DataFrame) -> None:
    """A long number in a sheet has lost its last digits, and nothing shows it."""
    long = pl.col("reference").str.contains(rf"^\d{{{EXACT_DIGITS + 1},}}(\.0)?$")
    lines = rows.filter(long | pl.col("reference").str.contains(r"^[\d.]+[eE]\+?\d+$"))
    if not lines.is_empty():
        raise InputError(
            f"expected a reference of at most {EXACT_DIGITS} digits, or with letters, came "
            "a longer number: a spreadsheet keeps no more digits",
            file=file,
            line=int(lines[LINE][0]),
            column="reference",
            remedy="Export such references as CSV.",
        )
