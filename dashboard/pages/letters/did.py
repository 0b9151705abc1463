"""What the letters did: who was mailed beside who was held out."""

import polars as pl
import streamlit as st

from dashboard.charts.did import did_chart
from dashboard.charts.tables import Cell, Table
from dashboard.pages.letters.smoothing import between
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
    show_table,
)
from dashboard.queries import chain, letters_did
from forecasting.records import RunRecord
from staffing.reminders.effect_tables import ALL_LEADS


def draw_did(view: View) -> None:
    """In words per channel, then by lead and by week; or what it takes to know."""
    words = view.words
    heading(words("did.heading"))
    run = chain.newest_run(view.workspace, "effect")
    if run is None:
        show_missing(view, "did.empty")
        return
    rows = read(view, letters_did.headlines, run)
    for row in rows.filter(lead=ALL_LEADS).to_dicts():
        say = st.success if row["shown"] else st.info
        say(row[f"text_{words.language}"], icon=":material/balance:")
    names = ("channel", "mailed", "held_out", "difference", "state")
    heads = [words(f"did.{name}") for name in names]
    body = [_row(view, row) for row in rows.to_dicts()]
    show_table(Table(words("did.heading"), heads, body, frozenset({1, 2, 3})))
    st.caption(words("did.note", week=rows.item(0, "week")))
    _draw_weeks(view, run)


def _row(view: View, row: dict[str, float | int | str | None]) -> list[str | Cell]:
    words, lead = view.words, str(row["lead"])
    all_leads = lead == ALL_LEADS
    note = words("did.all_leads") if all_leads else words("did.lead", lead=lead)
    state = words("did.shown") if row["shown"] else words("did.not_shown")
    needed = row["weeks_needed"]
    told = "" if row["shown"] or needed is None else words("did.needed", weeks=needed)
    return [
        Cell(words.named("channel", str(row["channel"])), note),
        _arm(view, row, "mailed"),
        _arm(view, row, "held_out"),
        _difference(view, row),
        Cell(state, told),
    ]


def _arm(view: View, row: dict[str, float | int | str | None], arm: str) -> Cell:
    words, share, number = view.words, row[f"{arm}_share"], row[arm]
    of = words("did.of", count=words.number(float(number or 0)))
    text = words("tally.few") if share is None else words.share(float(share), 1)
    return Cell(text, of)


def _difference(view: View, row: dict[str, float | int | str | None]) -> Cell:
    words = view.words
    difference, low, high = (row[name] for name in ("difference", "low", "high"))
    if difference is None or low is None or high is None:
        return Cell(words("did.unwatched"), tone="muted")
    text = words("gains.points", value=words.signed(100 * float(difference), 1))
    return Cell(text, between(view, 100 * float(low), 100 * float(high), 1))


def _draw_weeks(view: View, run: RunRecord) -> None:
    words = view.words
    rows = read(view, letters_did.by_week, run)
    if rows.is_empty():
        return
    for channel in rows["channel"].unique().sort():
        part = rows.filter(channel=channel)
        name = words.named("channel", channel)
        alt = words("did.alt", channel=name, weeks=part.height)
        show_chart(did_chart(part, words), alt=alt, key=f"did_{channel}")
        show_data(view, _weeks_table(view, part, name))


def _weeks_table(view: View, rows: pl.DataFrame, name: str) -> Table:
    words = view.words
    body: list[list[str | Cell]] = [
        [
            words("did.week_number", week=row["week"]),
            words.number(100 * row["difference"], 1),
            between(view, 100 * row["low"], 100 * row["high"], 1),
        ]
        for row in rows.to_dicts()
    ]
    heads = [words(f"did.{head}") for head in ("week", "difference", "interval")]
    return Table(words("did.by_week", channel=name), heads, body, frozenset({1, 2}))
