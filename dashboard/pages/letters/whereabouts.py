"""Where every document of the stock went; it adds up to the stock."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import mailing
from forecasting.records import RunRecord


def draw_whereabouts(view: View, run: RunRecord) -> None:
    """A row per fate, and their sum."""
    words = view.words
    heading(words("tally.heading"))
    found = read(view, mailing.whereabouts, run)
    if found is None:
        show_missing(view, "tally.empty")
        return
    body: list[list[str | Cell]] = [
        [
            Cell(words(f"tally.{fate}"), words(f"tally.{fate}_note")),
            words("tally.few") if count is None else words.number(count),
            "" if count is None else words.share(count / max(found.total, 1), 1),
        ]
        for fate, count in found.counts.items()
    ]
    body.append([words("tally.total"), words.number(found.total), words.share(1, 1)])
    heads = [words(f"tally.{name}") for name in ("fate", "documents", "share")]
    show_table(Table(words("tally.heading"), heads, body, frozenset({1, 2})))
    if None in found.counts.values():
        st.caption(words("tally.note"))
