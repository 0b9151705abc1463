"""How residents are thought to renew and react, and what of it was measured."""

import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.view import View, heading, show_table
from dashboard.queries import reply

DECIMALS = 1


def draw_reply(view: View) -> None:
    """A row per number: what the plan goes by, its range, its source."""
    words = view.words
    heading(words("reply.heading"))
    rows = reply.taken(view.workspace)
    measured = sum(row.is_measured for row in rows)
    st.markdown(words("reply.note", measured=measured, count=len(rows)))
    heads = [words(f"reply.{name}") for name in ("what", "value", "state", "source")]
    body = [_row(view, row) for row in rows]
    with st.expander(words("reply.open")):
        show_table(
            Table(words("reply.heading"), heads, body, frozenset({1}), stacks=True)
        )


def _row(view: View, row: reply.Taken) -> list[str | Cell]:
    words, now = view.words, row.taken
    renews = row.what == reply.RENEWS
    of = words.service(row.of) if renews else words.named("channel", row.of)
    low, high = _value(view, row.what, now.low), _value(view, row.what, now.high)
    span = words("common.between", low=low, high=high)
    return [
        Cell(words(f"reply.{row.what}"), f"{of}, {row.band}" if row.band else of),
        Cell(_value(view, row.what, now.value), span),
        _state(view, row),
        now.source,
    ]


def _state(view: View, row: reply.Taken) -> Cell:
    words = view.words
    if not row.is_measured or row.assumed is None:
        return Cell(words("reply.assumed"), tone="near")
    before = _value(view, row.what, row.assumed.value)
    return Cell(words("reply.measured"), words("reply.before", value=before), "calm")


def _value(view: View, what: str, value: float) -> str:
    if what == reply.HALF_LIFE:
        return view.words("unit.weeks", value=view.words.number(value, DECIMALS))
    return view.words.share(value)
