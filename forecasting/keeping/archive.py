"""The file of a backup: a tar of members and a manifest with the hash of each."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from forecasting.errors import InputError

MANIFEST = "manifest.json"
CHUNK = 1 << 20
BROKEN = (
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    FileExistsError,  # one name twice
    NotADirectoryError,
)


class Manifest(BaseModel):
    """What a backup holds: the SHA-256 of each member by name, and its audit trail.

    `entries`, `head` and `broken` are what going through the trail showed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str
    schema_version: str
    made: datetime
    entries: int
    head: str
    broken: int | None
    members: dict[str, str]


class Packer:
    """Adds members to the tar of a backup and remembers their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, str] = {}

    def add(self, name: str, file: Path) -> None:
        """Add a file under a name.

        Raises:
            FileNotFoundError: it is there no more.
        """
        with file.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            member = tarfile.TarInfo(name)
            member.size = handle.tell()
            handle.seek(0)
            self.tar.addfile(member, handle)
        self.members[name] = digest

    def close(self, manifest: Manifest) -> None:
        """Add the manifest, last of all."""
        content = manifest.model_dump_json(indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(content)
        self.tar.addfile(member, io.BytesIO(content))


@contextmanager
def packed(draft: Path) -> Iterator[Packer]:
    """A new archive for its owner's eyes only, whole when this is left."""
    draft.touch(mode=0o600, exist_ok=False)
    # Most members are compressed already: the fastest level will do.
    with tarfile.open(draft, "w:gz", compresslevel=1) as tar:
        yield Packer(tar)


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder and check every member against the manifest.

    Members are written under checked names as plain files, whatever they say they are.

    Raises:
        InputError: it is no whole backup; the message says what is wrong.
    """
    try:
        with tarfile.open(file, "r:gz") as tar:
            found = {member.name: _take(tar, member, folder) for member in tar}
    except BROKEN:
        raise _refusal(file, "came a damaged one, or another file") from None
    manifest = _manifest(file, folder)
    found.pop(MANIFEST)
    for name in sorted(found.keys() | manifest.members.keys()):
        if found.get(name) != manifest.members.get(name):
            raise _refusal(file, f"but '{name:.200}' is not what the manifest says")
    return manifest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    path = PurePosixPath(member.name)
    plain = not path.is_absolute() and ".." not in path.parts and path.parts
    content = tar.extractfile(member) if plain and member.isreg() else None
    if content is None or "\0" in member.name:
        raise tarfile.TarError
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with content, target.open("xb") as copy:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _manifest(file: Path, folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValidationError):
        raise _refusal(file, "came one without a readable manifest") from None


def _refusal(file: Path, what: str) -> InputError:
    return InputError(
        f"expected a whole backup made by piekwijzer backup, {what}", file=file
    )
