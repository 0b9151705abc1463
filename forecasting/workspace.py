"""A workspace: one home folder with its lake and ledger, and the way to read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import version

import polars as pl

from forecasting.errors import MissingStepError, PolicyError, StoreError
from forecasting.lake import Lake
from forecasting.policy import fingerprint
from forecasting.runs import (
    Figures,
    ImportRecord,
    Ledger,
    RunKey,
    RunRecord,
    open_ledger,
)
from forecasting.settings import Settings


@dataclass(frozen=True)
class Workspace:
    """Everything a step needs to read its inputs and store what it made."""

    settings: Settings
    lake: Lake
    ledger: Ledger

    @classmethod
    def open(cls, settings: Settings) -> "Workspace":
        """Open the home folder, making it when it is not there yet.

        Raises:
            PolicyError: there is no configuration folder.
            StoreError: the database cannot be used.
        """
        if not settings.config.is_dir():
            raise PolicyError(
                f"{settings.config}: expected a folder with policy files, found none. "
                "Give the configuration folder with --config."
            )
        settings.home.mkdir(parents=True, exist_ok=True)
        ledger = open_ledger(settings.url, settings.migrations)
        return cls(settings, Lake(settings.lake), ledger)

    @cached_property
    def config_hash(self) -> str:
        """Hash of all policy files."""
        return fingerprint(self.settings.config)

    def imported(self, dataset: str) -> pl.LazyFrame:
        """All committed imports of a dataset as one table.

        Raises:
            MissingStepError: nothing of this kind was imported yet.
        """
        self.owners(dataset)
        owners = [record.id for record in self.ledger.imports()]
        frame = self.lake.scan(dataset, owners)
        if frame is None:
            raise MissingStepError(
                f"Expected imported {dataset}, found none. "
                "Import a file first: piekwijzer import FILE --source NAME."
            )
        return frame

    def owners(self, kind: str) -> list[ImportRecord]:
        """The imports of a kind, in order of arrival.

        Raises:
            StoreError: the table of one of them is gone from the lake.
        """
        records = self.ledger.imports(kind)
        for record in records:
            file = self.lake.path(kind, record.id)
            if not file.exists():
                raise StoreError(
                    f"{file}: expected the table of '{record.file}', found none. "
                    f"Import that file again: --source {record.source}."
                )
        return records

    def has_imported(self, dataset: str) -> bool:
        """Whether any committed import holds this dataset."""
        owners = [record.id for record in self.ledger.imports()]
        return self.lake.scan(dataset, owners) is not None

    def latest(self, kind: str, **parameters: str) -> RunRecord:
        """The newest run of a kind.

        Raises:
            MissingStepError: that step has not run; the message names its command.
        """
        run = self.ledger.latest(kind, parameters)
        if run is None:
            asked = "".join(f" --{name} {value}" for name, value in parameters.items())
            raise MissingStepError(
                f"Expected a stored {kind}, found none. "
                f"Make one first: piekwijzer {kind}{asked}."
            )
        return run

    def table(self, run: RunRecord, dataset: str) -> pl.LazyFrame:
        """A table that a run stored.

        Raises:
            MissingStepError: the run stored no such table.
        """
        frame = self.lake.scan(dataset, [run.id])
        if frame is None:
            raise MissingStepError(
                f"Run {run.id} holds no table '{dataset}'. "
                f"Run it again: piekwijzer {run.kind}."
            )
        return frame

    def key(
        self, kind: str, inputs: list[str], parameters: Mapping[str, str], seed: int
    ) -> RunKey:
        """The identity of a run under the policy of this workspace."""
        return RunKey(kind, self.config_hash, tuple(inputs), parameters, seed)

    def store(
        self,
        key: RunKey,
        tables: Mapping[str, pl.DataFrame],
        figures: Figures,
        *,
        now: datetime,
    ) -> RunRecord:
        """Write the tables of a run, then commit the run: all of it or nothing."""
        for dataset, frame in tables.items():
            self.lake.write(dataset, key.id, frame)
        record = RunRecord(
            id=key.id,
            kind=key.kind,
            at=now,
            config_hash=key.config_hash,
            inputs=list(key.inputs),
            parameters=dict(key.parameters),
            seed=key.seed,
            version=version("piekwijzer"),
            figures=dict(figures),
        )
        self.ledger.record(record)
        return record
