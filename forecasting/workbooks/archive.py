"""Look into a workbook, which is a ZIP archive, before a reader unpacks it in memory."""

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from forecasting.errors import InputError

MOST_UNPACKED = 1 << 30
MOST_RATIO = 250
"""Workbooks pack 5 to 50 to one; only from this size on does the ratio tell."""

SMALL = 16 << 20
MOST_PARTS = 5_000
MOST_CELLS = 30_000_000
"""The reader makes room for every cell from the first to the last, filled or not."""
MOST_ROWS = 1_048_576
"""Of any workbook; a row without cells does not count below it."""

PIECE = 1 << 20
OVERLAP = 4_096
LOCAL_HEADER = 30

PLACES = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d+)["']""")
"""Of a cell, or of a row; however far away a damaged or a made file says it is."""

FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
"""The formula of a cell; those of checks on what is typed are none."""

UNCACHED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"
)
"""A formula without a value beside it."""

DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError)


@dataclass
class Sheet:
    """What is known of a sheet before it is read."""

    last_row: int = 0
    columns: set[bytes] = field(default_factory=set)
    formulas: bool = False
    uncached: bool = False

    @property
    def cells(self) -> int:
        """Cells from the first row and column to the last."""
        return self.last_row * max(map(_column_number, self.columns), default=0)

    @property
    def is_too_wide(self) -> bool:
        """Whether a cell lies farther away than there is room for."""
        return self.last_row > MOST_ROWS or self.cells > MOST_CELLS


def look_into(file: Path, sheet: str | None) -> None:
    """Check a workbook's archive, and the sheet that is to be read.

    Raises:
        InputError: it is no workbook, unpacks to too much, defines XML entities, or its
            formulas were never calculated.
    """
    try:
        with zipfile.ZipFile(file) as archive, file.open("rb") as handle:
            _check_sizes(file, archive)
            part, calculated = _part_of(archive, sheet)
            for info in archive.infolist():
                found = Sheet()
                for piece in _unpacked(file, handle, info):
                    _look_at(file, piece, found, is_sheet=info.filename == part)
                if info.filename == part:
                    _check_sheet(file, found, calculated=calculated)
    except (*DAMAGE, ElementTree.ParseError):
        raise no_workbook(file) from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # it points outside itself
            raise no_workbook(file) from None
        raise


def no_workbook(file: Path) -> InputError:
    """The error for what is none, or a damaged one."""
    return InputError(
        "expected an XLSX workbook, came something else or a damaged one", file=file
    )


def _check_sizes(file: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise InputError(
            "expected an XLSX workbook, came another archive",
            file=file,
            remedy="Unpack it, and import the file within.",
        )
    declared = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or _is_too_much(declared, packed):
        raise _bomb(file)


def _is_too_much(unpacked: int, packed: int) -> bool:
    ratio = unpacked / max(1, packed)
    return unpacked > MOST_UNPACKED or (unpacked > SMALL and ratio > MOST_RATIO)


def _bomb(file: Path) -> InputError:
    return InputError(
        "expected a workbook of ordinary size, came one that unpacks to far more",
        file=file,
        remedy="Export it as CSV or Parquet.",
    )


def _part_of(archive: zipfile.ZipFile, sheet: str | None) -> tuple[str, bool]:
    """The part that holds a sheet, and whether formulas were calculated on saving."""
    book = _xml(archive, "xl/workbook.xml")
    sheets = [node for node in book.iter() if _tag(node) == "sheet"]
    named = [node for node in sheets if sheet in (None, node.get("name"))]
    key = (
        next((v for n, v in named[0].items() if _last(n) == "id"), "") if named else ""
    )
    links = _xml(archive, "xl/_rels/workbook.xml.rels")
    target = next(
        (node.get("Target", "") for node in links if node.get("Id") == key), ""
    )
    later = any(
        node.get("fullCalcOnLoad") in ("1", "true")
        for node in book.iter()
        if _tag(node) == "calcPr"
    )
    inside = target.removeprefix("/")
    return inside if inside.startswith("xl/") else f"xl/{inside}", not later


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        with archive.open(name) as part:
            written = part.read(SMALL)
    except KeyError:
        raise zipfile.BadZipFile(name) from None
    if b"<!" in written.replace(b"<!--", b""):
        raise zipfile.BadZipFile(name)
    return ElementTree.fromstring(written)  # noqa: S314  # definitions are refused above


def _tag(node: ElementTree.Element) -> str:
    return _last(node.tag)


def _last(name: str) -> str:
    return name.rpartition("}")[2]


def _unpacked(file: Path, handle: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part really unpacks to, whatever its header says."""
    handle.seek(part.header_offset)
    header = handle.read(LOCAL_HEADER)
    names = int.from_bytes(header[26:28], "little")
    extra = int.from_bytes(header[28:30], "little")
    handle.seek(names + extra, 1)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    inflate = zlib.decompressobj(-15) if part.compress_type else None
    left, unpacked, tail = part.compress_size, 0, b""
    while left > 0 and (packed := handle.read(min(PIECE, left))):
        left -= len(packed)
        while packed:
            piece = inflate.decompress(packed, PIECE) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""
            unpacked += len(piece)
            if _is_too_much(unpacked, part.compress_size):
                raise _bomb(file)
            yield tail + piece
            tail = piece[-OVERLAP:]


def _look_at(file: Path, piece: bytes, found: Sheet, *, is_sheet: bool) -> None:
    """Gather what matters of a piece of XML; its start repeats the end of the one before."""
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise InputError(
            "expected a plain workbook, came one that defines XML entities", file=file
        )
    if not is_sheet:
        return
    places = [(name, int(row)) for name, row in PLACES.findall(piece)]
    places = [place for place in places if place[0] or place[1] > MOST_ROWS]
    if places:
        found.columns.update({column for column, _ in places})
        found.last_row = max(found.last_row, max(row for _, row in places))
    found.formulas = found.formulas or bool(FORMULA.search(piece))
    if b"<f" in piece:
        found.uncached = found.uncached or bool(UNCACHED.search(piece))


def _check_sheet(file: Path, found: Sheet, *, calculated: bool) -> None:
    if found.is_too_wide:
        raise InputError(
            "expected a table, came a sheet with a cell far away from the others",
            file=file,
            remedy="Delete the rows and columns beyond the table, or export it as CSV.",
        )
    if found.uncached or (found.formulas and not calculated):
        raise InputError(
            "expected values, came formulas that were never calculated",
            file=file,
            remedy="Open the workbook in a spreadsheet program, save it, and try again.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
