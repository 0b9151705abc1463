"""What moved the forecast of the same weeks since the run before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.queries.stored import stored
from forecasting.explaining.changes import NOTHING
from forecasting.insight_tables import Changes
from forecasting.records import RunRecord
from forecasting.workspace import Workspace

Causes = tuple[tuple[str, float], ...]
LEAST = 0.5
"""A week that moved less than this rounds to nothing."""


@dataclass(frozen=True)
class Later:
    """What moved beyond the weeks that are shown, and the causes, the largest first."""

    first: date
    last: date
    count: float
    causes: Causes


@dataclass(frozen=True)
class Moved:
    """A forecast of the same weeks before and now, and the causes of the difference."""

    first: date
    weeks: int
    before: float
    now: float
    causes: Causes
    later: Later | None


def moved(
    workspace: Workspace, run: RunRecord, groups: Sequence[str], weeks: int = 13
) -> Moved | None:
    """How the weeks that both runs hold moved since the run before; None: not known.

    Of some groups together, for the first `weeks`; what lies further is `later`.
    """
    rows = stored(workspace, run, "changes", Changes.create_empty())
    own = rows.filter(pl.col("group").is_in(list(groups))).collect()
    if own.is_empty():
        return None
    first: date = own.select(pl.col("week").min()).item()
    is_near = pl.col("week") < first + timedelta(weeks=weeks)
    near, far = own.filter(is_near), own.filter(~is_near)
    totals = near.unique(["group", "week"]).select(pl.col("before", "now").sum())
    before, now = totals.row(0)
    number = near["week"].n_unique()
    return Moved(first, number, before, now, _ranked(near), _later(far))


def _ranked(rows: pl.DataFrame) -> Causes:
    """The causes with their counts, the largest first."""
    sums = rows.filter(pl.col("cause") != NOTHING).group_by("cause")
    counts = sums.agg(pl.col("count").sum())
    ranked = counts.sort(pl.col("count").abs(), "cause", descending=[True, False])
    return tuple(ranked.iter_rows())


def _later(rows: pl.DataFrame) -> Later | None:
    """The weeks further on that moved, taken together; None where none did."""
    sums = rows.group_by("week").agg(pl.col("count").sum())
    weeks = sums.filter(pl.col("count").abs() >= LEAST)["week"].sort().to_list()
    if not weeks:
        return None
    causes = _ranked(rows.filter(pl.col("week").is_in(weeks)))
    return Later(weeks[0], weeks[-1], float(sums["count"].sum()), causes)
