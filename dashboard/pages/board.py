"""The board: one page of results, bottlenecks, owners and next steps, to hang on a wall."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.tables import ONE_PAGE, Cell, Table
from dashboard.pages.board_row import Row
from dashboard.pages.board_rows import rows
from dashboard.pages.board_writing import draw_writing
from dashboard.pages.view import View, show_missing, show_table
from forecasting.records import BoardLineRecord
from staffing.pipeline.board_lines import board_lines

WHOLE = "<style>.pw-scroll { max-height: none; }</style>"
"""A board is read whole, on a screen as on paper: it does not scroll within itself."""

COLUMNS = ("what", "holds", "result", "bottleneck", "owner", "next_step")


def draw(view: View) -> None:
    """Lay out the page."""
    words = view.words
    found, left = rows(view)
    if not found:
        show_missing(view, "board.empty")
        return
    st.html(ONE_PAGE)
    st.html(WHOLE)
    lines = board_lines(view.workspace)
    heads = [words(f"board.{name}") for name in COLUMNS]
    body = [_line(view, row, lines) for row in found]
    show_table(Table(words("board.caption"), heads, body, stacks=True))
    st.caption(_note(view, left))
    draw_writing(view, found, lines)


def _note(view: View, left: int) -> str:
    words = view.words
    at = words.moment(view.local(view.now))
    text = words("board.note", at=at)
    return f"{text} {words.many('board.left', left)}" if left else text


def _line(
    view: View, row: Row, lines: Mapping[str, BoardLineRecord]
) -> list[str | Cell]:
    words, line = view.words, lines.get(row.subject)
    empty = Cell(words("board.nobody"), tone="muted")
    written = ["", ""] if line is None else [line.owner, line.next_step]
    return [
        row.name,
        row.holds,
        row.result,
        row.bottleneck,
        *(text or empty for text in written),
    ]
