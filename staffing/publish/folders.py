"""Where files are handed out: never outside the folder that was given."""

from pathlib import Path

from forecasting.errors import InputError


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
