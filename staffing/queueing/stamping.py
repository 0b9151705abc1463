"""When a kernel kept on disk is stale: when its file, or one that it imports, is changed.

Numba asks after the kernel's own file only, though what it compiled holds the kernels
that this one calls and the constants it names, whichever files they stand in.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

from numba.core.caching import (
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

ROOM = Path(__file__).parents[1]


def stamp(file: Path) -> str:
    """A digest of a file and of all files of this room that it imports, near or far."""
    code = hashlib.sha256()
    for each in sorted(_reached(file)):
        code.update(each.read_bytes())
    return code.hexdigest()


def _reached(file: Path) -> set[Path]:
    found, ahead = {file}, [file]
    while ahead:
        new = _imported(ahead.pop()) - found
        found |= new
        ahead += new
    return found


@cache
def _imported(file: Path) -> frozenset[Path]:
    """The files of this room that a file names in an import, wherever it stands."""
    named = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {f"{node.module}.{each.name}" for each in node.names}
            named.add(node.module)
    return frozenset(path for name in named for path in _files(name))


def _files(module: str) -> list[Path]:
    """The file of a module of this room; none of another's, or of what is no module."""
    path = ROOM.parent.joinpath(*module.split("."))
    found = [path.with_suffix(".py"), path / "__init__.py"]
    return [each for each in found if each.is_relative_to(ROOM) and each.is_file()]


class _Stamped:
    """Where kernels are kept, with the stamp of above."""

    _py_file: str

    def get_source_stamp(self) -> str:
        """What a kept kernel is compared by."""
        return _stamp_once(self._py_file)


@cache
def _stamp_once(file: str) -> str:
    return stamp(Path(file))


class ChosenFolder(_Stamped, UserProvidedCacheLocator):
    """The folder of `NUMBA_CACHE_DIR`, where that is set."""


class BesideTheCode(_Stamped, InTreeCacheLocator):
    """`__pycache__` beside the file."""


class FolderOfTheUser(_Stamped, UserWideCacheLocator):
    """The user's own folder of caches, where that beside the code is read-only."""


LOCATORS = (ChosenFolder, BesideTheCode, FolderOfTheUser)
"""In the order in which they are tried."""
