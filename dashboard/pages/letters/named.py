"""Peaks by name: weeks and teams whose work exceeds what they can serve."""

from datetime import timedelta

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import chain, load

PEAKS_NAMED = 12


def draw_peaks(view: View) -> None:
    """A row per peak from this week on, or that there is none."""
    words = view.words
    heading(words("peaks.named"))
    run = chain.newest_run(view.workspace, "requirement")
    if run is None:
        show_missing(view, "peaks.no_requirement")
        return
    rows = read(view, load.peaks, run, first=view.this_week)
    if not rows:
        st.success(words("peaks.none"), icon=":material/check:")
        return
    heads = [
        words(f"peaks.{name}")
        for name in ("week", "team", "asked", "capacity_hours", "over")
    ]
    body = [_peak_row(view, peak) for peak in rows[:PEAKS_NAMED]]
    show_table(
        Table(words("peaks.named"), heads, body, frozenset({2, 3, 4}), stacks=True)
    )
    st.caption(words("peaks.definition", count=len(rows), shown=len(body)))


def _peak_row(view: View, peak: load.Peak) -> list[str | Cell]:
    words = view.words
    sunday = words.day(peak.week + timedelta(days=6))
    team = words.named("skill", peak.skill)
    over: str | Cell = words("missing")
    if peak.over is not None:
        over = Cell(words.signed(peak.over, 1), tone="over")
    return [
        Cell(words.week(peak.week), words("peaks.until", day=sunday)),
        Cell(team, words.named("location", peak.location)),
        words.number(peak.hours_q75),
        Cell(words.number(peak.capacity), _at_hand(view, peak)),
        over,
    ]


def _at_hand(view: View, peak: load.Peak) -> str:
    """The hours of staff that the capacity comes from."""
    if peak.hours_at_hand is None:
        return ""
    hours = view.words.number(peak.hours_at_hand)
    return view.words("peaks.at_hand", hours=hours)
