"""What came of a promise in the newest whole week, over all locations, for the board."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.queries import promises
from forecasting.records import RunRecord
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Realised:
    """The newest week of a promise: locations by verdict, and the one furthest behind.

    `worst` is a row of `PromiseWeeks`; without a share where all have too few contacts.
    """

    promise: promises.Promise
    week: date
    places: int
    kept: int
    missed: int
    worst: dict[str, Any]


def realised(workspace: Workspace, run: RunRecord) -> dict[str, Realised | None]:
    """Per promise what came of it; None for one that no export tells of."""
    rows = promises.newest(workspace, run)
    return {
        name: _of_promise(promise, rows.filter(pl.col("promise") == name))
        for name, promise in promises.promises(run).items()
    }


def _of_promise(promise: promises.Promise, rows: pl.DataFrame) -> Realised | None:
    if rows.is_empty():
        return None
    here = rows.filter(pl.col("week") == pl.col("week").max())
    order = here.sort("share", descending=promise.at_most, nulls_last=True)
    verdicts = here["verdict"].to_list()
    return Realised(
        promise,
        here["week"].to_list()[0],
        here.height,
        verdicts.count("kept"),
        verdicts.count("missed"),
        order.row(0, named=True),
    )
