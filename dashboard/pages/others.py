"""What others expect, beside what we do, and what the forecast did with it."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.differing import difference, statement_of
from dashboard.pages.offering import draw_offering
from dashboard.pages.tasks import start_button
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import measured, offered
from dashboard.roles import Action
from forecasting.outside_tables import OUTLOOK
from forecasting.records import RunRecord

SHOWN = 12


def draw_others(
    view: View, run: RunRecord, series: list[str], services: list[str]
) -> None:
    """Statements about the series shown, what came of each, and a file with others.

    Nothing for who may read nothing in, where nobody said anything.
    """
    words, may = view.words, view.may(Action.read_in)
    rows = read(view, measured.outside, run, series, services)
    coming = measured.about(offered.waiting(view.workspace, run), series, services)
    if rows.is_empty() and coming.is_empty() and not may:
        return
    heading(words("others.heading"))
    if rows.is_empty() and coming.is_empty():
        st.caption(words("others.none"))
    else:
        _draw_table(view, rows, coming)
    if not coming.is_empty():
        st.info(words("others.waiting"), icon=":material/update:")
        start_button(view, words("noted.start"), ("forecast",), key="forecast_others")
    if may:
        with st.expander(words("offered.heading")):
            draw_offering(view, run)


def _draw_table(view: View, rows: pl.DataFrame, coming: pl.DataFrame) -> None:
    words = view.words
    told = [_row(view, row, _not_yet(view)) for row in coming.to_dicts()]
    told += [_row(view, row, _done(view, row)) for row in rows.to_dicts()]
    names = ("by", "about", "said", "ours", "difference", "done")
    heads = [words(f"others.{name}") for name in names]
    table = Table(
        words("others.heading"), heads, told[:SHOWN], frozenset({2, 3, 4}), stacks=True
    )
    show_table(table)
    st.caption(words("others.note"))
    if len(told) > SHOWN:
        st.caption(words("common.more", shown=SHOWN, count=len(told)))


def _row(view: View, row: dict[str, object], done: Cell) -> list[str | Cell]:
    words, said, ours = view.words, row["said"], row["ours"]
    theirs = said if isinstance(said, float) else None
    own = ours if isinstance(ours, float) else 0.0
    named = {name: str(row[name]) for name in ("subject", "period")}
    return [
        str(row["said_by"]),
        statement_of(view, named),
        "\u2013" if theirs is None else words.number(theirs),
        words.number(own),
        difference(view, theirs, own),
        done,
    ]


def _not_yet(view: View) -> Cell:
    return Cell(view.words("noted.not_yet"), tone="near")


def _done(view: View, row: dict[str, object]) -> Cell:
    words, state = view.words, str(row["state"])
    code = state.replace(" ", "_")
    before, after = row["before"], row["after"]
    moved = ""
    if isinstance(before, float) and isinstance(after, float) and before != after:
        sums = {"before": words.number(before), "after": words.number(after)}
        place = "outlook" if row["table"] == OUTLOOK else "moved"
        moved = words(f"others.{place}", **sums)
    tone: Tone = "calm" if state == measured.APPLIED else "near"
    return Cell(words(f"outside_state.{code}"), moved, tone)
