"""Where files are handed out: whole or not at all, never outside the folder given."""

import glob
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forecasting.errors import InputError

LONGEST_WRITE_S = 3600
"""No file takes longer to write than this."""

HEX = 32
"""Letters that tell drafts of one file apart."""


def file_inside(folder: Path, name: str) -> Path:
    """The file of a name in a folder, which is made where it is not there.

    Raises:
        InputError: the folder is a file, or the file would leave it (by a link).
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("expected a folder, came a file", file=folder)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    if file.resolve().parent != folder.resolve():
        raise InputError("the file would leave the folder given", file=file)
    if file.is_dir():
        raise InputError("expected to write a file, a folder stands there", file=file)
    return file


def folder_inside(folder: Path, name: str) -> Path:
    """A folder of a name in another; both are made where they are not there.

    Raises:
        InputError: one of them is a file, or the inner would leave the outer (by a link).
    """
    inner = folder / name
    if folder.exists() and not folder.is_dir():
        raise InputError("expected a folder, came a file", file=folder)
    if inner.exists() and not inner.is_dir():
        raise InputError("expected a folder, a file stands there", file=inner)
    if inner.resolve().parent != folder.resolve():
        raise InputError("the files would leave the folder given", file=inner)
    inner.mkdir(parents=True, exist_ok=True)
    return inner


def refuse_unwritable(folder: Path) -> None:
    """Find out whether files can be written into a folder, before anything is decided.

    Raises:
        InputError: they cannot.
    """
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"expected a folder that this account may write in; {error.strerror}",
            file=folder,
            remedy="Give another with --out. Nothing was changed.",
        ) from None


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """A draft beside a file, which takes its place once all is written.

    Whoever stops in the middle leaves the earlier file as it was, and of two who write at
    the same moment each hands out a whole one.
    """
    draft = file.with_name(f"{_stem(file)}{uuid.uuid4().hex}")
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(file: Path) -> None:
    """Take away drafts of a file that a machine that stopped left beside it."""
    for draft in _drafts(file):
        draft.unlink(missing_ok=True)


def remove_old_drafts(file: Path) -> None:
    """Take away drafts that nobody can be writing still when a file has just been written.

    By the clock of the disk: last written so long before the file itself.
    """
    written = file.stat().st_mtime
    for draft in _drafts(file):
        with suppress(FileNotFoundError):
            if written - draft.stat().st_mtime > LONGEST_WRITE_S:
                draft.unlink()


def _drafts(file: Path) -> Iterator[Path]:
    return file.parent.glob(f"{glob.escape(_stem(file))}{'?' * HEX}")


def _stem(file: Path) -> str:
    return f".{file.name}."
