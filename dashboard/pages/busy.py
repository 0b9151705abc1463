"""Busy weeks to come, each with one sentence on why."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import demand, reasons
from dashboard.queries.demand import Selection
from forecasting.records import RunRecord
from forecasting.tuning import load_tuning

SHOWN = 6
LONGEST_PEAK = timedelta(weeks=6)
"""What is busy for longer is a season."""


def draw_busy(
    view: View, run: RunRecord, known: pl.DataFrame, selection: Selection
) -> None:
    """The busy weeks of services and of channels, those chosen or all."""
    words = view.words
    heading(words("busy.heading"))
    chosen = {"service": selection.service, "channel": selection.channel}
    any_chosen = any(chosen.values())
    every = {
        "service": demand.services(known),
        "channel": known["channel"].drop_nulls().unique().sort().to_list(),
    }
    for part, one in chosen.items():
        groups = [one] if one is not None else every[part]
        if groups and (one is not None or not any_chosen):
            _draw_block(view, run, part, groups)
    limits = load_tuning(view.workspace.settings.config).explaining
    note = words(
        "busy.note",
        more=words.share(limits.peak_mean_ratio - 1),
        ratio=words.number(limits.peak_ratio, 1),
        least=words.number(limits.peak_least),
    )
    st.caption(note)


def _draw_block(view: View, run: RunRecord, part: str, groups: Sequence[str]) -> None:
    words = view.words
    found = read(view, reasons.busy_weeks, run, groups, SHOWN)
    title = words(f"busy.per_{part}")
    if found.rows.is_empty():
        st.caption(words("busy.none", part=title))
        return
    body: list[list[str | Cell]] = [
        [
            _when(view, row["first"], row["week"], row["last"]),
            _sentence(row[f"text_{words.language}"]),
        ]
        for row in found.rows.to_dicts()
    ]
    show_table(Table(title, [words("busy.when"), title], body))
    if found.found > len(body):
        st.caption(words("busy.shown", shown=len(body), count=found.found))


def _when(view: View, first: date, top: date, last: date) -> Cell:
    """A week, the weeks it is the highest of, or a season with its top."""
    words = view.words
    if first == last:
        return Cell(words.week(top))
    span = {"first": words.short_week(first), "last": words.short_week(last)}
    if last - first < LONGEST_PEAK:
        return Cell(words.week(top), words("busy.stretch", **span))
    return Cell(words("busy.season", **span), words("busy.top", week=words.week(top)))


def _sentence(text: str) -> str:
    """A sentence on a busy week without its week, which stands beside it."""
    said = text.partition(": ")[2]
    return said[:1].upper() + said[1:]
