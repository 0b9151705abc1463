"""A workspace: one home folder with its lake and ledger, and the way to read from it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import polars as pl

from forecasting.audit import Deed
from forecasting.errors import MissingStepError, PolicyError, StoreError
from forecasting.lake import Lake
from forecasting.policy import fingerprint
from forecasting.records import RunRecord
from forecasting.runs import Also, Figures, Ledger, RunKey, open_ledger
from forecasting.settings import Settings

FORECASTS = frozenset({"forecast", "backtest"})
"""Runs that read no service standards."""


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
            StoreError: the home cannot be made, or the database cannot be used.
        """
        if not settings.config.is_dir():
            raise PolicyError(
                f"{settings.config}: expected a folder with policy files, found none. "
                "Give the configuration folder with --config."
            )
        _make_home(settings.home)
        ledger = open_ledger(settings.url, settings.migrations)
        return cls(settings, Lake(settings.lake), ledger)

    @cached_property
    def config_hash(self) -> str:
        """Hash of all policy files."""
        return fingerprint(self.settings.config)

    def policy_hash(self, kind: str, files: str | None = None) -> str:
        """Hash of the policy that a kind of run reads.

        That of the policy files (`files`, or as they were first read) and, but for a
        forecast, of the standards that were kept in their place.
        """
        own = files or self.config_hash
        kept = [] if kind in FORECASTS else self.ledger.kept_standards()
        if not kept:
            return own
        said = [[one.skill, one.target, one.threshold_s] for one in kept]
        return hashlib.sha256(json.dumps([own, said]).encode()).hexdigest()[:12]

    def imported(self, dataset: str) -> pl.LazyFrame:
        """All that committed imports hold of a dataset, each row once.

        Raises:
            MissingStepError: nothing of this kind was imported yet.
            StoreError: a part is gone or damaged.
        """
        frame = self.lake.scan_parts(self.ledger.parts(dataset))
        if frame is None:
            raise MissingStepError(
                f"Expected imported {dataset}, found none. "
                "Import a file first: piekwijzer import FILE --source NAME."
            )
        return frame

    def has_imported(self, dataset: str) -> bool:
        """Whether any committed import holds this dataset."""
        return bool(self.ledger.parts(dataset))

    def holders(self, dataset: str) -> list[str]:
        """The imports that hold rows of a dataset, by id."""
        return sorted({part.import_id for part in self.ledger.parts(dataset)})

    def sweep(self, now: datetime) -> None:
        """Clear the lake of what crashes and replaced imports left behind."""
        runs = {run.id for run in self.ledger.runs()}
        self.lake.sweep(self.ledger.parts(), runs, now)

    def deed(
        self, action: str, subject: str, detail: str = "", *, now: datetime
    ) -> Deed:
        """What is done here and now, for the audit trail."""
        return Deed(self.settings.actor, now, action, subject, detail)

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
                f"Make one first: piekwijzer {kind.replace('_', '-')}{asked}."
            )
        return run

    def table(self, run: RunRecord, dataset: str) -> pl.LazyFrame:
        """A table that a run stored.

        Raises:
            MissingStepError: the run stored no such table.
        """
        frame = self.lake.scan(dataset, run.id)
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
        own = self.policy_hash(kind)
        return RunKey(kind, own, tuple(inputs), parameters, seed)

    def store(
        self,
        key: RunKey,
        tables: Mapping[str, pl.DataFrame],
        figures: Figures,
        *,
        now: datetime,
        also: Also | None = None,
    ) -> RunRecord:
        """Write the tables of a run, then commit the run: all of it or nothing.

        `also` writes in the same transaction.

        Raises:
            StoreError: the disk or the database does not take it.
        """
        self.lake.write_all(key.id, tables)
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
        self.ledger.record(record, self.deed(key.kind, key.id, now=now), also)
        return record


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StoreError(
            f"{home}: expected a folder as home, came a file. "
            "Give another with --home, or a name that is not taken."
        ) from None
    except OSError as error:
        raise StoreError(
            f"{home}: expected a folder that this account may make; {error.strerror}. "
            "Give another with --home."
        ) from None
