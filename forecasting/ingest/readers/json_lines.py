"""Read JSON lines: one object a line, nested or not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from forecasting.errors import InputError
from forecasting.ingest.mapping import SourceMapping
from forecasting.ingest.readers.decoding import decode
from forecasting.ingest.readers.headings import MOST_COLUMNS
from forecasting.ingest.readers.lines import LINE
from forecasting.ingest.readers.nesting import DEEPEST, flattened

LONGEST_OBJECT = 16 << 20
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
DEEP = re.compile(rb"[\[{]{%d}" % (2 * DEEPEST))
"""So many objects and lists, each within the one before."""


def read_json_lines(file: Path, _: SourceMapping) -> pl.LazyFrame:
    """The objects of a file as rows, each with its line.

    Raises:
        InputError: a line holds no object, or a field is now an object, now a value.
    """
    content = decode(file, longest=LONGEST_OBJECT).content
    if DEEP.search(content.translate(None, NO_BRACKETS)):
        raise InputError(
            f"expected fields at most {DEEPEST} deep, came deeper ones", file=file
        )
    try:
        lazy = pl.scan_ndjson(content, infer_schema_length=None)
        if len(lazy.collect_schema()) > MOST_COLUMNS:
            flattened(file, lazy)
        frame = lazy.collect()
    except (PolarsError, PanicException, RecursionError):
        raise _first_wrong(file, content) from None
    if not frame.width:
        raise InputError("expected objects with fields, came empty ones", file=file)
    rows = flattened(file, frame.lazy())
    return rows.select(_lines(file, content, frame.height), pl.all())


def _lines(file: Path, content: bytes, height: int) -> pl.Series:
    breaks = content.count(b"\n") + (not content.endswith(b"\n"))
    if breaks == height:
        return pl.int_range(1, height + 1, dtype=pl.Int64, eager=True).alias(LINE)
    filled = [line for line, _ in _objects(content)]
    if len(filled) != height:
        raise _first_wrong(file, content)
    return pl.Series(LINE, filled, dtype=pl.Int64)


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their number."""
    for line, written in enumerate(content.split(b"\n"), start=1):
        if written.strip():
            yield line, written


def _first_wrong(file: Path, content: bytes) -> InputError:
    """Find the first line that is no object, or unlike those before, to name it."""
    nested: dict[str, bool] = {}
    for line, written in _objects(content):
        try:
            found = json.loads(written)
        except (ValueError, RecursionError):
            return _no_object(file, line)
        if not isinstance(found, dict):
            return _no_object(file, line)
        for name, value in found.items():
            is_object = isinstance(value, dict)
            if value is not None and nested.setdefault(name, is_object) != is_object:
                return InputError(
                    "expected one kind of value, came an object on one line and "
                    "a value on another",
                    file=file,
                    line=line,
                    column=name,
                )
    return _no_object(file, None)


def _no_object(file: Path, line: int | None) -> InputError:
    return InputError(
        "expected one JSON object a line, came something else or a damaged file",
        file=file,
        line=line,
        remedy="Write one object a line; a list of objects is no JSON lines.",
    )
