"""Read CSV: any separator, any of the usual encodings, true line numbers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.decoding import Text, decode
from forecasting.ingest.readers.headings import TOP, column_names, find_heading, plain
from forecasting.ingest.readers.lines import LINE

MAX_HEADING = 65_536
"""A heading of more bytes than this is no heading."""

MAX_FIELD_LINES = 100
"""A quoted field over more lines than this is a quote that was never closed."""

PROBES, PROBE = 64, 4_096
"""A file is looked into at so many places, so many bytes at each."""

SEPARATORS = {",": ",", ";": ";", "\t": "tab", "|": "|"}


@dataclass(frozen=True)
class Top:
    """The columns of a file, the line of its heading, and the line and byte after it."""

    names: list[str]
    line: int
    next_line: int
    end: int


def separator_of(file: Path, mapping: SourceMapping) -> str:
    """What parts the fields: a tab in a .tsv, else what the source says."""
    return "\t" if file.suffix.lower() == ".tsv" else mapping.csv.separator


def read_csv(file: Path, mapping: SourceMapping) -> pl.LazyFrame:
    """The rows of a CSV file as text, each with its physical line.

    Raises:
        InputError: the file is no CSV with this separator and encoding.
    """
    text = decode(file, mapping.csv.encoding)
    separator = separator_of(file, mapping)
    top = _top(file, text, separator, mapping.columns)
    _check_blanks(file, text.content)
    frame = _parsed(text.content, separator, top)
    if frame is None:
        raise _ragged(file, text.content, separator, top, mapping.columns)
    return _numbered(file, frame, text.content, top).lazy()


def _top(file: Path, text: Text, separator: str, wanted: tuple[str, ...]) -> Top:
    """Find the heading among the first lines."""
    head = text.content[:MAX_HEADING]
    if b"\n" not in head and len(text.content) > MAX_HEADING:
        raise InputError(
            f"expected a heading, came a line of more than {MAX_HEADING} signs",
            file=file,
            line=1,
        )
    records = list(islice(_records(head, separator), TOP))
    rows = [row for _, _, row in records]
    place = find_heading(rows, wanted)
    if not records or not any(plain(rows[place])):
        raise InputError("expected a heading, found only blank lines", file=file)
    first, last, heading = records[place]
    _check_separator(file, first, head, heading, separator, wanted)
    names = column_names(file, first, heading, wanted)
    return Top(names, first, last + 1, _start_of_line(text.content, last + 1))


def _records(head: bytes, separator: str) -> Iterator[tuple[int, int, list[str]]]:
    """Rows with their first and last line, as far as they can be told apart."""
    # A piece of a file may end within a sign.
    lines = io.StringIO(head.decode(errors="ignore"), newline="")
    rows, first = csv.reader(lines, delimiter=separator), 1
    try:
        for row in rows:
            yield first, rows.line_num, row
            first = rows.line_num + 1
    except csv.Error:
        return


def _start_of_line(content: bytes, line: int) -> int:
    place = 0
    for _ in range(line - 1):
        place = content.find(b"\n", place) + 1
        if place == 0:
            return len(content)
    return place


def _check_separator(
    file: Path,
    line: int,
    head: bytes,
    heading: list[str],
    separator: str,
    wanted: tuple[str, ...],
) -> None:
    """Refuse a heading that another separator parts, and this one does not."""
    if set(plain(heading)) & set(wanted):
        return
    start = _start_of_line(head, line)
    for other, name in SEPARATORS.items():
        _, _, row = next(_records(head[start:], other), (0, 0, []))
        parts = other != separator and len(row) > len(heading)
        if parts and (len(heading) == 1 or set(plain(row)) & set(wanted)):
            came = SEPARATORS.get(separator, separator)
            raise InputError(
                f"expected separator {came}, the heading seems to be separated by {name}",
                file=file,
                line=line,
                remedy="Set the separator of the source ([csv] separator), "
                "or export it again.",
            )


def _check_blanks(file: Path, content: bytes) -> None:
    """Refuse a file of little but blank lines, each of which would become a row."""
    step = max(PROBE, len(content) // PROBES)
    places = range(0, len(content), step)
    blank = sum(not content[place : place + PROBE].strip() for place in places)
    if len(places) > PROBES // 2 and 2 * blank > len(places):
        raise InputError("expected rows, came mostly blank lines", file=file)


def _parsed(content: bytes, separator: str, top: Top) -> pl.DataFrame | None:
    """The table, or nothing when the text cannot be split into its columns."""
    try:
        frame = pl.read_csv(
            content,
            separator=separator,
            skip_lines=top.line - 1,
            infer_schema=False,
        )
    except (PolarsError, PanicException):
        return None
    if frame.width != len(top.names):
        return None
    frame.columns = top.names
    return frame


def _ragged(
    file: Path, content: bytes, separator: str, top: Top, wanted: tuple[str, ...]
) -> InputError:
    """Find the first line that does not fit the heading, to name it."""
    if missing := next((name for name in wanted if name not in top.names), None):
        return InputError(
            f"expected this column, came {', '.join(top.names):.300}",
            file=file,
            line=top.line,
            column=missing,
        )
    handle = io.BytesIO(content)
    handle.seek(top.end)
    rows = csv.reader(
        io.TextIOWrapper(handle, "utf-8", newline=""), delimiter=separator
    )
    before = top.next_line - 1
    first = before + 1
    try:
        for fields in rows:
            if len(fields) > len(top.names):
                return InputError(
                    f"expected {len(top.names)} fields, came {len(fields)}",
                    file=file,
                    line=first,
                )
            first = before + rows.line_num + 1
    except csv.Error:
        pass
    return InputError(
        f"expected CSV with separator '{separator}', "
        "came text that cannot be split into rows (an unclosed quote?)",
        file=file,
    )


def _numbered(
    file: Path, frame: pl.DataFrame, content: bytes, top: Top
) -> pl.DataFrame:
    """Each row with its first line; rows without any value are left out."""
    line = pl.int_range(pl.len(), dtype=pl.Int64) + top.next_line
    quoted = content.find(b'"', top.end) >= 0
    if quoted and content.count(b"\n", top.end) > frame.height:
        line = line + _lines_before(file, frame)
    numbered = frame.select(line.alias(LINE), pl.all())
    if any(numbered[name].null_count() == 0 for name in top.names):
        return numbered
    return numbered.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))


def _lines_before(file: Path, frame: pl.DataFrame) -> pl.Series:
    """How many line breaks stand within the fields of the rows before each."""
    breaks = frame.select(pl.all().str.count_matches("\n", literal=True).fill_null(0))
    for column in breaks:
        most = column.max()
        if isinstance(most, int) and most > MAX_FIELD_LINES:
            raise InputError(
                f"expected short fields, came one over {most} lines (an unclosed quote)",
                file=file,
                column=column.name,
            )
    within = breaks.sum_horizontal().cast(pl.Int64)
    return within.cum_sum() - within
