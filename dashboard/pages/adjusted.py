"""Whether adjustments brought the forecast nearer to what came; never by whom."""

from typing import Any

import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.noted import amount_of, period_of
from dashboard.pages.patterns import said_pattern
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import adjusting, noted
from dashboard.queries.noted import Noted
from forecasting.records import RunRecord

SHOWN = 12


def draw_value(view: View, run: RunRecord, series: list[str]) -> None:
    """Per note the error with it and without, in the weeks that have passed."""
    words = view.words
    rows = read(view, adjusting.value, run, series)
    notes = noted.adjustments_ever(view.workspace, series)
    told = [row for row in rows.to_dicts() if row["note"] in notes]
    if not notes:
        return
    heading(words("value.heading"))
    if not told:
        st.caption(words("value.empty"))
        return
    told.reverse()
    body = [_row(view, notes[row["note"]], row) for row in told[:SHOWN]]
    names = ("note", "weeks", "came", "with", "without", "verdict")
    heads = [words(f"value.{name}") for name in names]
    show_table(
        Table(words("value.heading"), heads, body, frozenset({1, 2, 3, 4}), stacks=True)
    )
    if len(told) > SHOWN:
        st.caption(words("common.more", shown=SHOWN, count=len(told)))
    st.caption(words("value.explained"))


def _row(view: View, note: Noted, row: dict[str, Any]) -> list[str | Cell]:
    words = view.words
    mark = f"{words('notes.mark_adjustment')}{note.number}"
    about = f"{said_pattern(view, note.series)}, {period_of(view, note)}"
    return [
        Cell(f"{mark} {amount_of(view, note)}", f"{about}. {note.reason}"),
        words.number(row["weeks"]),
        words.number(row["demand"]),
        words.share(row["share_with"], 1),
        words.share(row["share_without"], 1),
        _verdict(view, row["verdict"]),
    ]


def _verdict(view: View, verdict: str | None) -> Cell:
    """Nearer, further off or the same, as far as the shares shown tell them apart."""
    words = view.words
    if verdict is None:
        return Cell(words("missing"))
    tone: Tone = "calm" if verdict == "better" else "plain"
    return Cell(words(f"value.{verdict}"), tone=tone)
