"""What was measured of effects and of home delivery, and what others expect."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import polars as pl

from dashboard.queries.stored import stored
from forecasting.insight_tables import Effects, SecondVisits
from forecasting.outside_tables import OutsideApplied
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

SHIFT, UNKNOWN, APPLIED = "level shift", "no such series", "applied"


def effects(
    workspace: Workspace, run: RunRecord, services: Sequence[str]
) -> pl.DataFrame:
    """`Effects` on some services: the clear ones first, then the best measured.

    `clear` says that the interval does not hold 1. Shifts of level are told elsewhere.
    """
    rows = stored(workspace, run, "effects", Effects.create_empty())
    own = pl.col("subject").is_in(list(services)) & (pl.col("kind") != SHIFT)
    clear = (pl.col("low") > 1) | (pl.col("high") < 1)
    found = rows.filter(own).with_columns(clear.alias("clear")).collect()
    width = pl.col("high") / pl.col("low").clip(1e-3)
    return found.sort(~pl.col("clear"), width, "kind", "subject", "detail")


def second_visits(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> pl.DataFrame:
    """`SecondVisits` of some series, with the `cadence` of each."""
    rows = stored(workspace, run, "second_visits", SecondVisits.create_empty())
    cadences = workspace.table(run, "forecast").select("series", "cadence").unique()
    own = rows.filter(pl.col("series").is_in(series))
    return own.join(cadences, on="series", how="left").sort("series").collect()


def outside(
    workspace: Workspace, run: RunRecord, series: list[str], services: Sequence[str]
) -> pl.DataFrame:
    """`OutsideApplied` about some series; those that were not followed in full first.

    Statements that no series answers to are always among them.
    """
    rows = stored(workspace, run, "outside_applied", OutsideApplied.create_empty())
    every = rows.sort(pl.col("state") == APPLIED, "place").collect()
    return about(every, series, services)


def about(
    every: pl.DataFrame, series: list[str], services: Sequence[str]
) -> pl.DataFrame:
    """The statements about some series, and those that no series answers to."""
    meant = [
        subject in services or any(fnmatchcase(name, subject) for name in series)
        for subject in every["subject"]
    ]
    unknown = every["state"] == UNKNOWN
    return every.filter(pl.Series(meant, dtype=pl.Boolean) | unknown)
