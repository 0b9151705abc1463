"""The text of a file as UTF-8, whatever it was written in, read a piece at a time."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecasting.errors import InputError

PIECE = 1 << 20
LONGEST_LINE = 1 << 20
"""A line of more bytes than this is no line of a table."""

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
"""Signs that Latin-1 has where Windows-1252 has others, such as the euro, as UTF-8."""


@dataclass(frozen=True)
class Text:
    """The lines of a file as UTF-8 without a mark, and the codec it was written in."""

    content: bytes
    codec: str


def decode(file: Path, declared: str = "utf-8", *, longest: int = LONGEST_LINE) -> Text:
    """Read a text file.

    A byte order mark says more than what is declared. So does a file that is declared
    Windows-1252 but is valid UTF-8: no real text is both by accident. Lines that end in
    a carriage return alone come to end in a line feed.

    Raises:
        InputError: the file is binary, is not in the declared encoding, or holds a line
            of more than `longest` bytes.
    """
    with file.open("rb") as handle:
        head = handle.read(3)
    codec = next((MARKS[mark] for mark in MARKS if head.startswith(mark)), "utf-8")
    try:
        content = _read(file, codec, longest)
    except UnicodeDecodeError as error:
        if codec != "utf-8" or declared == codec:
            raise _badly_encoded(file, codec, error) from None
        codec = declared
        content = _from_windows(file, longest)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return Text(content.removesuffix(b"\x1a"), codec)  # DOS ended a text with Ctrl-Z


def _from_windows(file: Path, longest: int) -> bytes:
    try:
        return _read(file, "windows-1252", longest)
    except UnicodeDecodeError as error:
        raise _badly_encoded(file, "windows-1252", error) from None


def _read(file: Path, codec: str, longest: int) -> bytes:
    """The content of a file as UTF-8; the whole of it stands in memory once."""
    whole, unbroken = io.BytesIO(), 0
    for piece in _decoded(file, codec):
        whole.write(piece)
        broken = b"\n" in piece or b"\r" in piece
        unbroken = 0 if broken else unbroken + len(piece)
        if unbroken >= longest:
            raise InputError(
                f"expected lines, came one of more than {longest:,} bytes",
                file=file,
                line=whole.getvalue().count(b"\n") + 1,
            )
    return whole.getvalue()


def _decoded(file: Path, codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    with file.open("rb") as handle:
        while piece := handle.read(PIECE):
            if codec != "utf-16" and b"\0" in piece:
                raise InputError(
                    "expected text, came binary content or UTF-16 without its mark",
                    file=file,
                    remedy="Export it as UTF-8.",
                )
            yield _as_utf8(piece, codec, decoder)
    decoder.decode(b"", final=True)


def _as_utf8(piece: bytes, codec: str, decoder: codecs.IncrementalDecoder) -> bytes:
    if codec == "windows-1252":
        latin = piece if piece.isascii() else piece.decode("latin-1").encode()
        differs = b"\xc2" in latin and CONTROLS.search(latin)
        return piece.decode(codec).encode() if differs else latin
    if codec == "utf-8" and piece.isascii() and not decoder.getstate()[0]:
        return piece
    return decoder.decode(piece).encode()


def _badly_encoded(file: Path, codec: str, error: UnicodeDecodeError) -> InputError:
    """Name the line of the first byte that is wrong, and what the file seems to be."""
    came = error.object[error.start : error.start + 1].hex()
    seems = "; it seems to be windows-1252" if codec == "utf-8" else ""
    return InputError(
        f"expected {codec} text, came byte 0x{came}{seems}",
        file=file,
        line=_line_of_error(file, codec),
        remedy="Set the encoding of the source ([csv] encoding), or export it again.",
    )


def _line_of_error(file: Path, codec: str) -> int | None:
    whole = file.read_bytes()
    try:
        whole.decode(codec)
    except UnicodeDecodeError as error:
        lines = whole[: error.start].count(b"\n") + 1
        return None if codec == "utf-16" else lines
    return None
