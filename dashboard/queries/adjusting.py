"""The forecast with adjustments and without, and what one more would do."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.queries.demand import Grain, whole_weeks
from dashboard.queries.stored import stored
from forecasting.errors import FieldError
from forecasting.explaining.planner_value import judged
from forecasting.insight_tables import Causes
from forecasting.notes import Adjustment
from forecasting.pipeline.trying_notes import (
    added_by_notes,
    expected_within,
    tried,
    with_notes,
    without_notes,
)
from forecasting.pipeline.value_of_notes import value_of_notes
from forecasting.planner import standing_adjustments
from forecasting.records import RunRecord
from forecasting.workspace import Workspace


@dataclass(frozen=True)
class Tried:
    """What a note would do by week: `week, before, after`, and the series it moves."""

    weeks: pl.DataFrame
    series: int


@dataclass(frozen=True)
class Share:
    """A factor, and the contacts expected that it is a factor on."""

    factor: float
    expected: float


def bare(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """The forecast without any adjustment: `series, start, cadence, mean`."""
    causes = stored(workspace, run, "causes", Causes.create_empty())
    added = added_by_notes(causes).collect()
    return without_notes(workspace.table(run, "forecast").collect(), added)


def without(
    workspace: Workspace, run: RunRecord, series: list[str], grain: Grain
) -> pl.DataFrame:
    """`start, mean` per day or whole week without adjustments, null where none acts.

    No rows where none acts at all.
    """
    causes = stored(workspace, run, "causes", Causes.create_empty())
    own = pl.col("series").is_in(series)
    added = added_by_notes(causes.filter(own)).collect()
    start = pl.col("start").dt.truncate("1w") if grain == "week" else pl.col("start")
    rows = without_notes(workspace.table(run, "forecast").filter(own).collect(), added)
    sums = rows.group_by(start).agg(pl.col("mean").sum()).sort("start")
    touched = added.select(start)["start"].unique().implode()
    where = pl.when(pl.col("start").is_in(touched)).then("mean").alias("mean")
    near = sums.with_columns(where) if added.height else sums.clear()
    return whole_weeks(workspace, run, near) if grain == "week" else near


def try_note(
    forecast: pl.DataFrame,
    workspace: Workspace,
    note: Adjustment,
    instead_of: int | None,
) -> Tried:
    """What a note would do to a forecast without notes, beside those that stand.

    `instead_of` is the number of the note whose place it takes.
    """
    standing = [n for n in standing_adjustments(workspace) if n.id != instead_of]
    moved = tried(forecast, standing, note)
    week = pl.col("start").dt.truncate("1w").alias("week")
    sums = moved.group_by(week).agg(pl.col("before", "after").sum()).sort("week")
    return Tried(sums, moved["series"].n_unique())


def as_factor(
    forecast: pl.DataFrame,
    workspace: Workspace,
    days: tuple[str, date, date],
    number: float,
    instead_of: int | None,
) -> Share:
    """A number of contacts as a factor on what is expected of series in a period.

    Args:
        forecast: without notes, as `bare` gives it.
        workspace: knows the notes that stand.
        days: the pattern of the series, the first day and the last.
        number: how many more (or fewer) contacts there are to be in all.
        instead_of: the number of the note whose place this takes.

    Raises:
        FieldError: nothing is expected, or not so many that this can be taken off.
    """
    standing = [n for n in standing_adjustments(workspace) if n.id != instead_of]
    total = expected_within(with_notes(forecast, standing), *days)
    if total <= 0 or total + number <= 0:
        raise FieldError(
            "number",
            "nothing_left",
            wanted=f"one that leaves something of the {total:,.0f} contacts expected",
            came=f"{number:,.0f}",
            remedy="Choose other days or series, or leave the period out.",
            expected=total,
        )
    return Share(1 + number / total, total)


def value(workspace: Workspace, run: RunRecord, series: list[str]) -> pl.DataFrame:
    """A `JudgedValue` table: of some series, what notes made of the error."""
    table: pl.DataFrame = judged(value_of_notes(workspace, run, series))
    return table
