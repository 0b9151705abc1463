"""Who owns a line of the board and what comes next: written by planners.

A line that somebody else wrote meanwhile is not written over: the page says who was
first, and what was typed stays in the form.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.pages.board_row import Row
from dashboard.pages.deeds import acting, permit
from dashboard.pages.saying import attempt
from dashboard.pages.view import View
from dashboard.roles import Action
from forecasting.records import BoardLineRecord
from staffing.pipeline.board_lines import OWNER, STEP, BoardLine, write_line

Lines = Mapping[str, BoardLineRecord]


def draw_writing(view: View, rows: Sequence[Row], lines: Lines) -> None:
    """The form for one line; only for who may write."""
    if not view.may(Action.note) or not rows:
        return
    words = view.words
    with st.expander(words("board.write"), key="board_writing"):
        names = {
            row.subject: f"{row.name.text} \N{MIDDLE DOT} {row.name.note}"
            for row in rows
        }
        subject = st.selectbox(
            words("board.which"),
            list(names),
            format_func=lambda one: names.get(one, one),
            key="board_subject",
        )
        _draw_form(view, subject, lines)


def _draw_form(view: View, subject: str, lines: Lines) -> None:
    words, line = view.words, lines.get(subject)
    seen = _seen(subject, line)
    with st.form(f"board_{subject}", border=False):
        owner = st.text_input(
            words("board.owner"),
            "" if line is None else line.owner,
            max_chars=OWNER,
            help=words("board.owner_help"),
            key=f"board_owner_{subject}",
        )
        step = st.text_input(
            words("board.next_step"),
            "" if line is None else line.next_step,
            max_chars=STEP,
            key=f"board_step_{subject}",
        )
        pressed = st.form_submit_button(words("board.save"), type="primary")
    if not pressed:
        return
    del st.session_state[
        _key(subject)
    ]  # whatever comes of it, the line is looked at anew
    if attempt(view, lambda: _write(view, BoardLine(subject, owner, step), seen)):
        st.rerun()


def _key(subject: str) -> str:
    return f"board_seen_{subject}"


def _seen(subject: str, line: BoardLineRecord | None) -> int | None:
    """The number of the line that the fields were filled from."""
    number = None if line is None else line.id
    kept: int | None = st.session_state.setdefault(_key(subject), number)
    return kept


def _write(view: View, line: BoardLine, seen: int | None) -> None:
    user = permit(view, Action.note, line.subject)
    write_line(acting(view, user), line, seen=seen, now=view.clock())
