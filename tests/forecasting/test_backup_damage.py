"""Damaged and tampered backups: each is refused in one line, and nothing changes."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from forecasting.errors import InputError
from forecasting.keeping import back_up, restore
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.small_home import NOW, bring, fill, lake_files, write_bookings


def _unpacked(file: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(file) as tar:
        found = [(member, tar.extractfile(member)) for member in tar]
        return [(member, content.read()) for member, content in found if content]


def _repacked(file: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


def _damaged(how: str, whole: Path, folder: Path) -> Path:
    """A backup that somebody or something changed."""
    bad = folder / "bad"
    if how == "cut off":
        bad.write_bytes(whole.read_bytes()[:-2000])
    elif how == "another file":
        bad.write_text("Beste collega,")
    elif how == "an empty archive":
        _repacked(bad, [])
    elif how == "a flipped bit":
        content = bytearray(gzip.decompress(whole.read_bytes()))
        content[content.index(b"PAR1") + 40] ^= 1
        bad.write_bytes(gzip.compress(bytes(content)))
    else:
        members = _unpacked(whole)
        _repacked(bad, TAMPER[how](members))
    return bad


Members = list[tuple[tarfile.TarInfo, bytes]]


def _without(members: Members, start: str) -> Members:
    gone = next(m.name for m, _ in members if m.name.startswith(start))
    kept = [(m, content) for m, content in members if m.name != gone]
    return _with_manifest(kept, lambda known: known["members"].pop(gone))


def _with_manifest(members: Members, change) -> Members:
    *rest, (manifest, content) = members
    known = json.loads(content)
    change(known)
    return [*rest, (manifest, json.dumps(known).encode())]


def _with_member(members: Members, name: str, kind: bytes = tarfile.REGTYPE) -> Members:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return [(member, b""), *members]


TAMPER = {
    "a lost part": lambda m: _without(m, "lake/contacts/source=jcc"),
    "a lost table": lambda m: _without(m, "ledger/runs"),
    "another schema": lambda m: _with_manifest(
        m, lambda known: known.update(schema_version="0001")
    ),
    "another trail": lambda m: _with_manifest(m, lambda known: known.update(entries=1)),
    "a way out": lambda m: _with_member(m, "lake/../../outside"),
    "an absolute way out": lambda m: _with_member(m, "/tmp/outside"),  # noqa: S108
    "a link": lambda m: _with_member(m, "lake/link", tarfile.SYMTYPE),
    "a device": lambda m: _with_member(m, "lake/device", tarfile.CHRTYPE),
    "one name twice": lambda m: [m[0], *m],
    "no manifest": lambda m: m[:-1],
}
HOWS = ["cut off", "another file", "an empty archive", "a flipped bit", *TAMPER]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup of a filled home."""
    folder = tmp_path_factory.mktemp("whole")
    source = Workspace.open(Settings(home=folder / "home"))
    fill(source, folder)
    back_up(source, folder / "backup", now=NOW)
    yield folder / "backup"
    source.ledger.engine.dispose()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Another home, with an import of its own."""
    folder = tmp_path_factory.mktemp("other")
    other = Workspace.open(Settings(home=folder / "home"))
    bring(other, write_bookings(folder / "own.csv", date(2026, 6, 1)))
    yield other
    other.ledger.engine.dispose()


@pytest.mark.parametrize("how", HOWS)
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    how: str, whole: Path, home: Workspace, tmp_path: Path
):
    before, trail = lake_files(home), len(home.ledger.trail())
    bad = _damaged(how, whole, tmp_path)
    with pytest.raises(InputError):
        restore(home, bad, replace=True, now=NOW)
    assert lake_files(home) == before
    assert len(home.ledger.trail()) == trail
    assert not list(tmp_path.parent.rglob("outside"))
