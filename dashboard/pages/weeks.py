"""The coming weeks at a glance: load against capacity per team."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import load
from forecasting.records import RunRecord

WEEKS_AHEAD = 8
FULL, NEARLY, BUSY = 1.0, 0.95, 0.8


def draw_weeks(view: View, run: RunRecord | None) -> None:
    """A table of the next weeks, or what is needed to have one."""
    words = view.words
    heading(words("overview.weeks", weeks=WEEKS_AHEAD))
    if run is None:
        show_missing(view, "overview.weeks_empty")
        return
    first = view.this_week
    rows = read(view, load.weekly_load, run, first=first, weeks=WEEKS_AHEAD)
    if rows.is_empty():
        show_missing(view, "overview.weeks_beyond")
        return
    marked = {
        (p.skill, p.location, p.week) for p in read(view, load.peaks, run, first=first)
    }
    show_table(load_table(view, rows, marked))
    later = min((week for _, _, week in marked), default=first)
    if later > max(rows["week"]):
        st.markdown(words("overview.peak_later", week=words.week(later)))
    st.caption(words("overview.weeks_legend"))


def load_table(
    view: View, rows: pl.DataFrame, peaks: set[tuple[str, str, date]]
) -> Table:
    """Load against capacity: a row per team, a column per week."""
    words = view.words
    weeks: list[date] = rows["week"].unique().sort().to_list()
    teams = rows.select("skill", "location").unique(maintain_order=True).rows()
    cells = {(r["skill"], r["location"], r["week"]): r for r in rows.to_dicts()}
    body = [
        [
            Cell(words.named("skill", skill), words.named("location", place)),
            *(
                _load_cell(view, cells.get(team := (skill, place, week)), team in peaks)
                for week in weeks
            ),
        ]
        for skill, place in teams
    ]
    heads = [f"{words.short_week(w)} \u00b7 {w.day} {words.month(w)}" for w in weeks]
    return Table(
        words("overview.weeks_caption"),
        [words("common.team"), *heads],
        body,
        frozenset(range(1, len(weeks) + 1)),
    )


def _load_cell(
    view: View, row: Mapping[str, float | None] | None, is_peak: bool
) -> Cell:
    words = view.words
    if row is None:
        return Cell("\u2013", tone="muted")
    hours, share, mark = row["hours"], row["share"], " \u25b2" if is_peak else ""
    if share is None:
        note = words("overview.no_capacity")
        return Cell(words.hours(hours) + mark, note, "muted")
    capacity = words.number(row["capacity"])
    note = words("overview.of", hours=words.number(hours), capacity=capacity)
    return Cell(words.share(share) + mark, note, tone_of(share))


def tone_of(share: float) -> Tone:
    """How full a week is, as a tone."""
    if share > FULL:
        return "over"
    if share > NEARLY:
        return "near"
    return "busy" if share > BUSY else "calm"
