"""Write a copy of a file that holds only the columns its mapping reads."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from forecasting.errors import InputError
from forecasting.ingest.drafting import readable
from forecasting.ingest.mapping import SourceMapping, read_mapping
from forecasting.ingest.personal.refusing import copy_suffix, refuse_personal
from forecasting.ingest.readers.csv_text import separator_of
from forecasting.ingest.readers.decoding import decode
from forecasting.ingest.readers.reading import read_file
from forecasting.ingest.rows import check_columns
from forecasting.settings import Settings

FIRST_SHEET = "Sheet1"
MOST_ROWS_OF_A_SHEET = 1_048_575


def strip_file(settings: Settings, file: Path, source: str, out: Path) -> Path:
    """Write a copy of a file that holds only the columns its mapping reads.

    The copy has the format, the encoding and the values of the file, and appears whole
    or not at all. It is refused too when a column that the mapping reads looks personal.

    Raises:
        InputError: the file cannot be read, or the copy is there or cannot be written.
        PolicyError: the mapping breaks a rule.
    """
    mapping = read_mapping(settings.config, source)
    suffix = copy_suffix(file).lower()
    if out.suffix.lower() != suffix:
        raise InputError(
            f"expected a copy ending in '{suffix}', came '{out.suffix}'", file=out
        )
    if os.path.lexists(out):
        raise _there_is_one(out)
    with readable(file):
        rows = read_file(file, mapping)
        check_columns(file, rows, mapping)
        kept = rows.select(mapping.columns)
        remedy = "The mapping reads it: leave it out there, or name it harmless."
        refuse_personal(file, kept, mapping.harmless, remedy)
    with _whole(out) as draft, readable(file):
        WRITERS[suffix](kept, draft, file, mapping)
    return out


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its name when all went well, and is gone if not."""
    draft = out.parent / f".{uuid.uuid4().hex}.draft"
    if not out.parent.is_dir():
        raise InputError("expected a folder to write to, found none", file=out.parent)
    try:
        draft.touch(exist_ok=False)
        yield draft
        _put_in_place(draft, out)
    except OSError as error:
        reason = error.strerror or "it failed"
        raise InputError(f"expected to write a copy; {reason}", file=out) from None
    finally:
        draft.unlink(missing_ok=True)


def _put_in_place(draft: Path, out: Path) -> None:
    """Give a draft its name, unless another file has it by now."""
    try:
        os.link(draft, out)
    except FileExistsError:
        raise _there_is_one(out) from None
    except PermissionError:  # a file system without links
        if os.path.lexists(out):
            raise _there_is_one(out) from None
        draft.replace(out)


def _there_is_one(out: Path) -> InputError:
    return InputError("expected a new file, found one; name another copy", file=out)


def _write_csv(
    rows: pl.LazyFrame, out: Path, file: Path, mapping: SourceMapping
) -> None:
    original = decode(file, mapping.csv.encoding)
    ending = "\r\n" if b"\r\n" in original.content[: 1 << 16] else "\n"
    text = rows.collect().write_csv(
        separator=separator_of(file, mapping), line_terminator=ending
    )
    out.write_bytes(text.encode(original.codec))


def _write_xlsx(rows: pl.LazyFrame, out: Path, _: Path, mapping: SourceMapping) -> None:
    """Every cell as text: what a reader makes of it is what it was."""
    from xlsxwriter import Workbook

    frame = rows.collect()
    with out.open("wb") as handle:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        book = Workbook(handle, options)
        sheet = book.add_worksheet(mapping.xlsx.sheet or FIRST_SHEET)
        for place, row in enumerate([tuple(frame.columns), *frame.iter_rows()]):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write_string(place, column, value)
        book.close()


def _write_parquet(rows: pl.LazyFrame, out: Path, _: Path, __: SourceMapping) -> None:
    rows.sink_parquet(out)


def _write_json_lines(
    rows: pl.LazyFrame, out: Path, _: Path, __: SourceMapping
) -> None:
    rows.collect().write_ndjson(out)


WRITERS: dict[str, Callable[[pl.LazyFrame, Path, Path, SourceMapping], None]] = {
    ".csv": _write_csv,
    ".txt": _write_csv,
    ".tsv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
    ".jsonl": _write_json_lines,
    ".ndjson": _write_json_lines,
}
