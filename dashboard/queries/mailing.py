"""A mailing plan as stored: weeks with intervals, gains, cells, where documents went."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dashboard.queries.chain import figure
from dashboard.queries.stored import stored
from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.response_inputs import reminder_settings
from staffing.reminders.heat import letter_cells
from staffing.reminders.whereabouts import told_whereabouts
from staffing.tables import MailingGains, Smoothing

FATES = (
    "letters_planned",
    "held_out",
    "not_chosen",
    "too_late",
    "not_due",
    "suppressed_small",
    "in_batches",
    "expired",
)
"""Figures of a run, each where a part of the stock went."""


@dataclass(frozen=True)
class Whereabouts:
    """Documents per fate (None: too few to tell), and all of them."""

    counts: Mapping[str, int | None]
    total: int


def smoothing(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`Smoothing` by week; a plan of before they were stored has no intervals."""
    found = workspace.table(run, "smoothing").sort("week").collect()
    lacking = [name for name in Smoothing.column_names() if name not in found.columns]
    none = pl.lit(None, dtype=pl.Float64)
    return found.with_columns(none.alias(name) for name in lacking)


def gains(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`MailingGains` in the order they were stored in; no rows where there are none."""
    return stored(
        workspace, run, "mailing_gains", MailingGains.create_empty()
    ).collect()


def least_told(workspace: Workspace) -> int:
    """The least number of letters that may be told."""
    return reminder_settings(workspace).plan.small_cell


def cells(workspace: Workspace, run: RunRecord) -> pl.DataFrame:
    """`LetterCells`: no small number stands in it or follows from it."""
    few = least_told(workspace)
    letters = workspace.table(run, "letters").collect()
    return letter_cells(letters, small_cell=few)


def whereabouts(workspace: Workspace, run: RunRecord) -> Whereabouts | None:
    """Where every document of the stock went; None where a run did not tell."""
    told = [figure(run, name) for name in FATES]
    if any(count is None for count in told):
        return None
    counts = {name: int(count or 0) for name, count in zip(FATES, told, strict=True)}
    few = least_told(workspace)
    return Whereabouts(told_whereabouts(counts, small_cell=few), sum(counts.values()))


def setting(run: RunRecord, name: str) -> float | None:
    """A number among the settings a plan was made with; None where it did not tell."""
    return figure(run, "settings", name)
