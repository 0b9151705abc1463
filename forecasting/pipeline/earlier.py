"""Earlier forecast runs: those to hold to account, and the one to compare with."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from forecasting.explaining.verification import EarlierRun
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

KIND, DEPENDENCE = "forecast", "dependence"


@dataclass(frozen=True)
class Before:
    """The run before this one, with what it stored of its reasons."""

    record: RunRecord
    forecast: pl.DataFrame
    causes: pl.DataFrame

    @property
    def origin(self) -> date:
        """The last day it knew."""
        return origin_of(self.record) or date.min


def runs_to_verify(
    workspace: Workspace, *, run: str, now: datetime, last: date, most: int
) -> list[EarlierRun]:
    """Earlier runs of which something came true by `last`: the newest of each month.

    Months are those in which the history of a run ended; the `most` newest are given.
    Others of the same month would say the same again.
    """
    found: dict[tuple[int, int], EarlierRun] = {}
    for record in _others(workspace, run, now):
        origin = origin_of(record)
        month = (origin.year, origin.month) if origin and origin < last else None
        if month is None or month in found or origin is None:
            continue
        forecast = workspace.lake.scan(KIND, record.id)
        bonds = workspace.lake.scan(DEPENDENCE, record.id)
        dependence = None if bonds is None else bonds.collect()
        if forecast is not None:
            found[month] = EarlierRun(record.id, origin, forecast.collect(), dependence)
    return list(found.values())[:most]


def run_before(workspace: Workspace, *, run: str, now: datetime) -> Before | None:
    """The newest other run that stored its causes, if there is one."""
    for record in _others(workspace, run, now):
        forecast = workspace.lake.scan(KIND, record.id)
        causes = workspace.lake.scan("causes", record.id)
        if forecast is not None and causes is not None:
            return Before(record, forecast.collect(), causes.collect())
    return None


def runs_by_origin(
    workspace: Workspace, run: RunRecord
) -> list[tuple[date, RunRecord]]:
    """Every run up to one, by the last day it knew and then by when it was made."""
    made = [record for record in workspace.ledger.runs(KIND) if record.at <= run.at]
    known = [(origin_of(record), record) for record in reversed(made)]
    dated = [(origin, record) for origin, record in known if origin is not None]
    return sorted(dated, key=lambda one: one[0])


def _others(workspace: Workspace, run: str, now: datetime) -> list[RunRecord]:
    """Other forecast runs made by now, newest first."""
    records = workspace.ledger.runs(KIND)
    return [record for record in records if record.id != run and record.at <= now]


def origin_of(record: RunRecord) -> date | None:
    """The last day that a run knew."""
    last = record.figures.get("history_last")
    return date.fromisoformat(last) if isinstance(last, str) else None
