"""The Parquet lake: tables of runs, and parts of imports by dataset, source and month.

A file counts only once the ledger names it: a crash between writing and committing
leaves nothing but a file that nobody reads, which is swept away later.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import StoreError
from forecasting.records import PartRecord

DRAFTS = ".drafts"
"""Folder of the lake in which tables are written before they are put in place."""

LOCK = ".lock"
"""File of the lake that importers hold together, and who cleans up holds alone."""

WRITTEN_LONG_AGO = timedelta(days=1)
"""What nobody names and is older than this is no work in progress."""


class Lake:
    """Typed tables on disk, each named in the ledger by its run or its part."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, dataset: str, run: str) -> Path:
        """Where a table of a run stands."""
        return self.root / dataset / f"{run}.parquet"

    def part_path(self, part: PartRecord) -> Path:
        """Where a part of an import stands."""
        folder = self.root / part.dataset / f"source={part.source}"
        if part.month:
            folder /= f"month={part.month}"
        return folder / f"{part.file}.parquet"

    @contextmanager
    def held(self, *, alone: bool = False) -> Iterator[None]:
        """Keep the lake while parts are laid and committed; `alone`: nobody else may.

        Whoever holds it alone knows that drafts and parts nobody names belong to nobody;
        to hold it once more meanwhile would wait for ever. The system lets go when a
        process dies.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield

    @contextmanager
    def desk(self, *, alone: bool = False) -> Iterator[Path]:
        """A folder to draft in, on the disk of the lake; cleared afterwards.

        The lake is held meanwhile.
        """
        # A sink that fails may still make its file a moment later: never beside tables.
        folder = self.root / DRAFTS / uuid.uuid4().hex
        with self.held(alone=alone):
            folder.mkdir(parents=True)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def write(self, dataset: str, run: str, frame: pl.DataFrame | pl.LazyFrame) -> Path:
        """Write a table of a run beside its place, then move it there in one step.

        Raises:
            StoreError: it could not be written.
        """
        self.write_all(run, {dataset: frame.lazy().collect()})
        return self.path(dataset, run)

    def write_all(self, run: str, tables: Mapping[str, pl.DataFrame]) -> None:
        """Write the tables of a run: none is in its place before all are on disk.

        Raises:
            StoreError: one could not be written; none of them is there.
        """
        with _written(self.root), self.desk() as desk:
            drafts = {name: desk / f"{name}.parquet" for name in tables}
            for name, frame in tables.items():
                frame.lazy().sink_parquet(
                    drafts[name], compression="zstd", compression_level=1
                )
                sync(drafts[name])
            for name, draft in drafts.items():
                put_in_place(draft, self.path(name, run))

    def scan(self, dataset: str, run: str) -> pl.LazyFrame | None:
        """Read a table of a run, or None when it has none.

        Raises:
            StoreError: the table is damaged.
        """
        file = self.path(dataset, run)
        return _scan([file]) if file.exists() else None

    def scan_parts(self, parts: Iterable[PartRecord]) -> pl.LazyFrame | None:
        """Read parts of one dataset as one table, or None when there are none.

        Raises:
            StoreError: a part is gone or damaged.
        """
        files = []
        for part in parts:
            file = self.part_path(part)
            if not file.exists():
                raise StoreError(
                    f"{file}: expected a table, found none. Import again what came "
                    f"from source '{part.source}', or restore a backup."
                )
            files.append(file)
        return _scan(files) if files else None

    def holds(self, part: PartRecord) -> bool:
        """Whether a part is there and whole."""
        file = self.part_path(part)
        return file.exists() and is_whole(file)

    def spare(self, parts: Iterable[PartRecord]) -> None:
        """Let parts that count no more stand for a while: someone may be reading them."""
        for part in parts:
            with suppress(FileNotFoundError):
                os.utime(self.part_path(part))

    def sweep(self, parts: Iterable[PartRecord], runs: set[str], now: datetime) -> None:
        """Take away what nobody names, unless it may be work in progress."""
        named = {self.part_path(part) for part in parts}
        for folder, _, files in os.walk(self.root):  # others may clear away meanwhile
            for file in (Path(folder, name) for name in files):
                known = file in named or file.stem in runs
                if file.suffix == ".parquet" and not known:
                    with suppress(FileNotFoundError):
                        _take_away_if_old(file, now)

    def purge(self, parts: Iterable[PartRecord], desk: Path) -> None:
        """Take away all drafts but this desk, and every part that nobody names.

        Only for who holds the lake alone.
        """
        named = {self.part_path(part) for part in parts}
        for file in self.root.glob("*/source=*/**/*.parquet"):
            if file not in named:
                file.unlink(missing_ok=True)
        for draft in (self.root / DRAFTS).iterdir():
            if draft != desk:
                shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _written(root: Path) -> Iterator[None]:
    """Tell in one line that a table could not be written."""
    try:
        yield
    except (PolarsError, OSError) as error:
        first = str(error).split("\n")[0]
        reason = getattr(error, "strerror", None) or first.rsplit("error: ", 1)[-1]
        raise StoreError(
            f"{root}: expected to write a table, {reason.rstrip('.')}. Nothing of this "
            "run was stored: make room on that disk, see that this account may write "
            "there, and run again."
        ) from None


def put_in_place(draft: Path, target: Path) -> None:
    """Move a finished draft to its place, sure to be on disk before it is named."""
    folder = target.parent
    made = [above.parent for above in (folder, *folder.parents) if not above.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    sync(draft)
    draft.replace(target)
    for changed in (folder, *made):  # the names, too, must outlive a loss of power
        sync(changed)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _take_away_if_old(file: Path, now: datetime) -> None:
    age = now.timestamp() - file.stat().st_mtime
    if age > WRITTEN_LONG_AGO.total_seconds():
        file.unlink()


def _scan(files: list[Path]) -> pl.LazyFrame:
    for file in files:
        if not is_whole(file):
            raise StoreError(
                f"{file}: expected a whole table, came a damaged one. "
                "Do again what made it: the import of that file, or that step."
            )
    return pl.scan_parquet(files, hive_partitioning=False)


def is_whole(file: Path) -> bool:
    """Whether a Parquet file has its footer, which is written last."""
    try:
        pl.read_parquet_schema(file)
    except PolarsError:
        return False
    return True
