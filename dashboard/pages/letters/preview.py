"""What a mailing week would send, looked at before anybody approves it."""

import polars as pl
import streamlit as st

from dashboard.charts.tables import Cell, Table
from dashboard.pages.letters.batches import told_count
from dashboard.pages.view import View, show_missing, show_table
from dashboard.queries import approvals, mailing
from staffing.reminders.batches.shown import ALL
from staffing.reminders.batches.tables import AGAIN, HELD_OUT, MAILED
from staffing.reminders.batches.terms import BatchTerms

ALWAYS = (MAILED, HELD_OUT)
SOMETIMES = (AGAIN,)
"""Columns that stand in the table, and those that do where any are told."""

STATED = ("purpose", "legal_basis", "objections")


def draw_preview(view: View, found: approvals.Preview) -> None:
    """Per document; cost and channel; folded: the groups, and what the batch states."""
    words, draft = view.words, found.draft
    if draft.counts.is_empty():
        show_missing(view, "preview.few", least=draft.terms.small_cell)
        return
    show_table(_counts_table(view, found))
    st.caption(_in_words(view, found))
    with st.expander(words("preview.groups")):
        show_table(_groups_table(view, found.shown.mailed))
    with st.expander(words("preview.states")):
        show_table(_terms_table(view, draft.terms))


def _counts_table(view: View, found: approvals.Preview) -> Table:
    words, rows = view.words, approvals.counted(found.shown)
    some = [fate for fate in SOMETIMES if any(row[fate] for row in rows.values())]
    fates = [*ALWAYS, *some]
    body: list[list[str | Cell]] = [
        [
            words("preview.all") if service == ALL else words.service(service),
            *(told_count(view, counts[fate]) for fate in fates),
        ]
        for service, counts in rows.items()
    ]
    names = [fate.replace(" ", "_") for fate in fates]
    heads = [words(f"preview.{name}") for name in ("service", *names)]
    return Table(words("preview.title"), heads, body, frozenset(range(1, len(heads))))


def _in_words(view: View, found: approvals.Preview) -> str:
    """Channel and cost, who is held out, and who made the plan."""
    words, draft = view.words, found.draft
    price = mailing.setting(draft.run, "price_letter")
    cost = words("missing")
    if price is not None:
        cost = words.euros(draft.paper_letters * price)
    channel = words.named("channel", draft.channel)
    share = words.share(draft.held_out)
    said = words("preview.says", channel=channel, cost=cost, share=share)
    return f"{said} {words('preview.small', least=draft.terms.small_cell)}"


def _groups_table(view: View, rows: pl.DataFrame) -> Table:
    words, rest = view.words, view.words("preview.rest")
    body: list[list[str | Cell]] = [
        [
            words.service(row["service"]),
            words.week(row["expiry_week"]) if row["expiry_week"] else rest,
            row["age_band"] if row["age_band"] is not None else rest,
            row["district"] if row["district"] is not None else rest,
            words.number(row["count"]),
        ]
        for row in rows.to_dicts()
    ]
    names = ("service", "expiry_week", "age_band", "district", "mailed")
    heads = [words(f"preview.{name}") for name in names]
    return Table(words("preview.groups"), heads, body, frozenset({4}))


def _terms_table(view: View, terms: BatchTerms) -> Table:
    words = view.words
    body: list[list[str | Cell]] = [
        [words(f"preview.{name}"), getattr(terms, name)] for name in STATED
    ]
    weeks = words("preview.weeks_after", weeks=terms.retention_weeks)
    body.append([words("preview.retention"), weeks])
    heads = [words("preview.what"), words("preview.text")]
    return Table(words("preview.states"), heads, body)
