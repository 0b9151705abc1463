"""What the forecast found by itself that a planner may be able to explain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from dashboard.queries.noted import Noted
from dashboard.queries.reasons import level_shifts
from dashboard.queries.stored import stored
from forecasting.notes import Event, Exclusion
from forecasting.pipeline.missed import missed_weeks
from forecasting.records import RunRecord
from forecasting.tables import Gaps
from forecasting.workspace import Workspace

Why = Literal["silent", "shift", "missed"]
LATE_WEEKS = 13
MOST_OF_A_KIND = 3
SUNDAY = timedelta(days=6)


@dataclass(frozen=True)
class Suggestion:
    """A stretch of days that was found odd, and the kind of note it could become.

    `series` is one series, or empty for all that are chosen. Of a shift `came` and `usual`
    are the level since and before (a ratio and 1), else counts; both None of a silence.
    """

    why: Why
    kind: str
    first: date
    last: date
    series: str = ""
    came: float | None = None
    usual: float | None = None


def suggestions(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> tuple[Suggestion, ...]:
    """Silences, shifts of level and weeks that were missed, a few of each."""
    return (
        *_silences(workspace, run, series),
        *_shifts(workspace, run, series),
        *_missed(workspace, run, series),
    )


def unexplained(
    found: Iterable[Suggestion], notes: Sequence[Noted]
) -> list[Suggestion]:
    """Those during which no event and no exclusion is noted that lasts half as long."""
    own = [n for n in notes if n.kind in (Event.kind, Exclusion.kind)]
    return [one for one in found if not any(_explains(note, one) for note in own)]


def _explains(note: Noted, found: Suggestion) -> bool:
    shared = min(note.last, found.last) - max(note.first, found.first)
    return 2 * (shared.days + 1) >= (found.last - found.first).days + 1


def _silences(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> list[Suggestion]:
    """Zeros that are no accident and that the forecast learnt from, the longest first."""
    rows = stored(workspace, run, "gaps", Gaps.create_empty())
    own = rows.filter(
        pl.col("series").is_in(series),
        pl.col("kind") == "series",
        pl.col("covered_by") == "none",
    )
    longest = own.sort("periods", "first", descending=True).head(MOST_OF_A_KIND)
    return [
        Suggestion("silent", Exclusion.kind, first, last, name)
        for name, first, last in longest.select("series", "first", "last")
        .collect()
        .iter_rows()
    ]


def _shifts(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> list[Suggestion]:
    rows = level_shifts(workspace, run, series).head(MOST_OF_A_KIND)
    columns = ("subject", "first", "last", "ratio")
    return [
        Suggestion("shift", Event.kind, first, last, name, ratio, 1.0)
        for name, first, last, ratio in rows.select(columns).iter_rows()
    ]


def _missed(
    workspace: Workspace, run: RunRecord, series: list[str]
) -> list[Suggestion]:
    rows = missed_weeks(workspace, run, series, weeks=LATE_WEEKS)
    one = series[0] if len(series) == 1 else ""
    return [
        Suggestion("missed", Event.kind, week, week + SUNDAY, one, came, mean)
        for week, came, mean in rows.head(MOST_OF_A_KIND)
        .select("week", "came", "mean")
        .iter_rows()
    ]
