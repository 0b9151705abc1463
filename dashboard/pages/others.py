"""What others expect, beside what we do, and what the forecast did with it."""

import streamlit as st

from dashboard.charts.tables import Cell, Table, Tone
from dashboard.pages.view import View, heading, read, show_table
from dashboard.queries import measured
from forecasting.outside_tables import OUTLOOK
from forecasting.records import RunRecord

SHOWN = 12


def draw_others(
    view: View, run: RunRecord, series: list[str], services: list[str]
) -> None:
    """Every statement about the series shown, and what came of it; nothing without any."""
    words = view.words
    rows = read(view, measured.outside, run, series, services)
    if rows.is_empty():
        return
    heading(words("others.heading"))
    body: list[list[str | Cell]] = [
        [
            row["said_by"],
            Cell(_about(view, row["subject"]), row["period"]),
            "\u2013" if row["said"] is None else words.number(row["said"]),
            words.number(row["ours"]),
            _done(view, row),
        ]
        for row in rows.head(SHOWN).to_dicts()
    ]
    heads = [
        words(f"others.{name}") for name in ("by", "about", "said", "ours", "done")
    ]
    show_table(Table(words("others.heading"), heads, body, frozenset({2, 3})))
    st.caption(words("others.note"))
    if rows.height > len(body):
        st.caption(words("common.more", shown=len(body), count=rows.height))


def _about(view: View, subject: str) -> str:
    return subject if "*" in subject else view.words.series(_named(view, subject))


def _named(view: View, subject: str) -> str:
    return subject if "/" in subject else view.words.service(subject)


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
