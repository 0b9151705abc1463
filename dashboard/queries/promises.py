"""Service promises as stored: what each asks, weeks measured, weeks expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from forecasting.policy import fingerprint
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.promises.comparing import beside
from staffing.promises.newest import newest_weeks
from staffing.promises.tables import PROMISES

READS = ("simulate", "agenda")


@dataclass(frozen=True)
class Promise:
    """What a promise asks, as it was when it was reckoned."""

    name: str
    target: float
    source: str
    within: float | None = None
    unit: str | None = None
    at_most: bool = False
    least: int = 5
    abandoned: str | None = None
    told_s: tuple[float, ...] = ()
    channels: tuple[str, ...] = ()


def promises(run: RunRecord) -> dict[str, Promise]:
    """The promises of a run by name, in a fixed order."""
    told = run.figures.get("promises")
    found = told if isinstance(told, Mapping) else {}
    return {
        name: Promise(name, **{key: _kept(value) for key, value in found[name].items()})
        for name in PROMISES
        if name in found
    }


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def locations(workspace: Workspace, run: RunRecord) -> list[str]:
    """The locations of which anything is known, those of most promises first."""
    rows = workspace.table(run, "promise_weeks").group_by("location")
    known = rows.agg(pl.col("promise").n_unique()).sort(
        "promise", "location", descending=[True, False]
    )
    found: list[str] = known.collect()["location"].to_list()
    return found


def newest(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The newest whole week of each promise and location."""
    return newest_weeks(workspace.table(run, "promise_weeks").collect())


def of_place(
    workspace: Workspace, run: RunRecord, promise: str, location: str, weeks: int
) -> pl.DataFrame:
    """The last weeks of a promise at a location, and those that are only expected."""
    here = (pl.col("promise") == promise) & (pl.col("location") == location)
    told = workspace.table(run, "promise_weeks").filter(here).collect()
    ahead = workspace.table(run, "promise_expected").filter(here).collect()
    both = beside(told, ahead)
    last = told["week"].max()
    if not isinstance(last, date):
        return both
    return both.filter(pl.col("week") > last - timedelta(weeks=weeks))


def is_old(workspace: Workspace, run: RunRecord) -> bool:
    """Whether anything that a run reads came later, settings included."""
    if run.config_hash != fingerprint(workspace.settings.config):
        return True
    runs = [workspace.ledger.latest(kind, {}) for kind in READS]
    made = [record.at for record in workspace.ledger.imports()]
    made += [one.at for one in runs if one is not None]
    return any(at > run.at for at in made)


def missed_count(workspace: Workspace, run: RunRecord) -> int:
    """Promises that were not kept in the newest week of a location."""
    return newest(workspace, run).filter(pl.col("verdict") == "missed").height
