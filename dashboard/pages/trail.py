"""Who did what: the end of the audit trail, as the Data page shows it."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, show_table
from dashboard.queries.trail import Act, trail

SHOWN = 20


def draw_trail(view: View) -> None:
    """The last acts, and the hash that seals all of them."""
    words, found = view.words, trail(view.workspace, SHOWN)
    heading(words("trail.title"))
    if found is None:
        st.caption(words("trail.empty"))
        return
    heads = [words(f"trail.{name}") for name in ("at", "by", "action", "subject")]
    body = [_row(view, act) for act in found.acts]
    show_table(Table(words("trail.title"), heads, body, stacks=True))
    count = words.number(found.entries)
    st.caption(words("trail.head", count=count, head=found.head))


def _row(view: View, act: Act) -> list[str | Cell]:
    words = view.words
    return [
        words.moment(view.local(act.at)),
        act.by,
        words.named("act", act.action),
        _subject(view, act),
    ]


def _subject(view: View, act: Act) -> Cell:
    """An import goes by its file, for as long as it counts."""
    words, record = view.words, act.record
    if record is None:
        return Cell(act.subject, act.detail)
    rows, refused = map(words.number, (record.rows_imported, record.rows_rejected))
    note = words("trail.rows", source=record.source, rows=rows, refused=refused)
    return Cell(record.file, note)
