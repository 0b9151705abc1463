"""What the letters gain: each measure without and with them, with intervals."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.letters.smoothing import between
from dashboard.pages.view import View, heading, read, show_missing, show_table
from dashboard.queries import mailing
from forecasting.records import RunRecord
from staffing.reminders.gains import SHARE

COLUMNS = ("before", "after", "change")


def draw_gains(view: View, run: RunRecord) -> None:
    """The table of gains as the plan stored it."""
    words = view.words
    heading(words("gains.heading"))
    rows = read(view, mailing.gains, run)
    if rows.is_empty():
        show_missing(view, "gains.empty")
        return
    body: list[list[str | Cell]] = [
        [
            words(f"gains.{row['measure']}"),
            *(_told(view, row, name) for name in COLUMNS),
        ]
        for row in rows.to_dicts()
    ]
    heads = [words(f"gains.{name}") for name in ("measure", *COLUMNS)]
    show_table(
        Table(words("gains.heading"), heads, body, frozenset({1, 2, 3}), stacks=True)
    )
    st.caption(words("gains.note"))


def _told(view: View, row: dict[str, float | str], name: str) -> Cell:
    words = view.words
    value, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    if row["measure"] != SHARE:
        text = words.signed(value, 1) if name == "change" else words.number(value, 1)
        return Cell(text, between(view, low, high, 1))
    unit = "gains.points" if name == "change" else "gains.percent"
    sign = words.signed if name == "change" else words.number
    text = words(unit, value=sign(100 * value, 1))
    return Cell(text, between(view, 100 * low, 100 * high, 1))
