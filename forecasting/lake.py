"""The Parquet lake: one file for each dataset and owner, put in place in one step.

A file is seen only by readers that were told its owner (an import or a run) by the
ledger, so a crash between writing and recording leaves nothing but an unread file.
"""

import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from forecasting.errors import StoreError


DRAFTS = ".drafts"
"""Folder of the lake in which tables are written before they are put in place."""


class Lake:
    """Typed tables on disk, each owned by the import or run that made it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, dataset: str, owner: str) -> Path:
        """Where the table of `owner` stands."""
        return self.root / dataset / f"{owner}.parquet"

    def write(
        self, dataset: str, owner: str, frame: pl.DataFrame | pl.LazyFrame
    ) -> Path:
        """Write a table beside its place, then move it there in one step."""
        target = self.path(dataset, owner)
        target.parent.mkdir(parents=True, exist_ok=True)
        # A sink that fails may still make its file a moment later: never beside tables.
        desk = self.root / DRAFTS / uuid.uuid4().hex
        desk.mkdir(parents=True)
        draft = desk / target.name
        try:
            frame.lazy().sink_parquet(draft, compression="zstd", compression_level=1)
            with draft.open("rb") as handle:
                os.fsync(handle.fileno())
            draft.replace(target)
        finally:
            shutil.rmtree(desk, ignore_errors=True)
        return target

    def scan(self, dataset: str, owners: Iterable[str]) -> pl.LazyFrame | None:
        """Read the tables of `owners` as one, or None when they have none.

        Raises:
            StoreError: a table is damaged.
        """
        files = [self.path(dataset, owner) for owner in owners]
        files = [file for file in files if file.exists()]
        for file in files:
            if not is_whole(file):
                raise StoreError(
                    f"{file}: expected a whole table, came a damaged one. "
                    "Do again what made it: the import of that file, or that step."
                )
        return pl.scan_parquet(files) if files else None

    def holds(self, dataset: str, owner: str) -> bool:
        """Whether the table of an owner is there and whole."""
        file = self.path(dataset, owner)
        return file.exists() and is_whole(file)

    def drop(self, dataset: str, owner: str) -> None:
        """Take a table away; absent is fine."""
        self.path(dataset, owner).unlink(missing_ok=True)


def is_whole(file: Path) -> bool:
    """Whether a Parquet file has its footer, which is written last."""
    try:
        pl.read_parquet_schema(file)
    except PolarsError:
        return False
    return True
